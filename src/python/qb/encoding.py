"""From whatever a script puts into a job to JSON."""

import datetime
import json
import operator
import time

from .errors import QBError
from .objects import long_type, text_type


def unix_seconds(value):
    """Unix seconds of a number, a datetime (local time unless it says otherwise) or a date."""
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            epoch = datetime.datetime(1970, 1, 1)
            return int((value.replace(tzinfo=None) - value.utcoffset() - epoch).total_seconds())
        return int(time.mktime(value.timetuple()))
    if isinstance(value, datetime.date):
        return int(time.mktime(value.timetuple()))
    return int(value)


def text_of_bytes(value):
    """UTF-8, or what the bytes are in Latin-1 when they are no UTF-8: paths of old farms are kept readable."""
    try:
        return value.decode('utf-8')
    except UnicodeDecodeError:
        return value.decode('latin-1')


def plain(value, place=''):
    """The value in JSON's own types: tuples and sets become lists, bytes text, times Unix seconds."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, bytes):
        return text_of_bytes(value)
    if isinstance(value, text_type):
        return text_type(value)
    if isinstance(value, (int, long_type, float)):
        return value
    if isinstance(value, dict):
        return dict((_key(key), plain(one, '%s.%s' % (place, key))) for key, one in value.items())
    if hasattr(value, 'wire'):
        sent = [plain(one, '%s[%d]' % (place, at)) for at, one in enumerate(value.wire())]
        return sent[0] if len(sent) == 1 and 'range' in sent[0] else sent
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=repr)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return unix_seconds(value)
    if hasattr(value, '__fspath__'):
        return plain(value.__fspath__(), place)
    try:
        return operator.index(value)
    except TypeError:
        pass
    if hasattr(value, '__iter__'):
        return [plain(one, '%s[%d]' % (place, at)) for at, one in enumerate(value)]
    raise QBError('%s: a %s cannot be sent to the supervisor' % (place.lstrip('.') or 'value', type(value).__name__))


def _key(key):
    if isinstance(key, bytes):
        return text_of_bytes(key)
    if isinstance(key, text_type):
        return key
    if key is True or key is False or key is None:
        return {True: 'true', False: 'false', None: 'null'}[key]
    return str(key)


def _native(value):
    """Python 2: ASCII text is ``str`` there, as scripts of its time expect; other text is unicode."""
    if isinstance(value, text_type):
        try:
            return value.encode('ascii')
        except UnicodeEncodeError:
            return value
    if isinstance(value, list):
        return [_native(one) for one in value]
    if isinstance(value, dict):
        return dict((_native(key), _native(one)) for key, one in value.items())
    return value


def from_json(data):
    """The value that JSON bytes hold, in the types of this Python. ValueError when they are no JSON."""
    value = json.loads(data.decode('utf-8'))
    return value if str is text_type else _native(value)


def canonical_json(value):
    """One text for one value, whatever the Python: keys in order, no blanks, ASCII only."""
    return json.dumps(plain(value), sort_keys=True, separators=(',', ':'))


def to_json(value):
    """The bytes that are sent. Characters beyond ASCII are escaped, so that no surrogate and no locale can spoil them."""
    return json.dumps(plain(value)).encode('ascii')
