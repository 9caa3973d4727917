"""The local qb.conf (config.md): ``key = value`` lines, ``#`` comments, optional quotes, ``{ ... }`` for maps."""

import io
import os
import re

from .constants import QB_CLIENT_DEFAULT_CONF
from .encoding import text_of_bytes

_LINE = re.compile(r'\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$', re.S)


def path():
    """The file that is read: ``QB_CONF``, else /etc/qb.conf."""
    return os.environ.get('QB_CONF') or QB_CLIENT_DEFAULT_CONF


def read(file_path=None):
    """Keys and values as text; a map in braces is its text without them. No file is no keys."""
    try:
        with io.open(file_path or path(), 'rb') as conf:
            lines = text_of_bytes(conf.read()).splitlines()
    except (IOError, OSError):
        return {}
    found = {}
    pending = iter(lines)
    for line in pending:
        match = _LINE.match(line)
        if match is None:
            continue
        text = match.group(2).strip()
        if text.startswith('{'):
            while '}' not in text:
                more = next(pending, None)
                if more is None:
                    break
                text += '\n' + more
            found[str(match.group(1))] = _plain(text.strip('{} \n'))
            continue
        found[str(match.group(1))] = _value(text)
    return found


def value(key):
    """The value of one key of the local qb.conf; None when it has none."""
    return read().get(key) or None


def _value(text):
    if text[:1] in ('"', "'"):
        end = text.find(text[0], 1)
        if end > 0:
            return _plain(text[1:end])
    return _plain(re.split(r'\s*#', text, maxsplit=1)[0].strip())


def _plain(text):
    try:
        return str(text)
    except UnicodeEncodeError:  # Python 2 and a letter beyond ASCII.
        return text
