"""Job archives, ``.xja`` (jobs.md 5.2): a job as XML, written and read without loss.

The document holds ``<version>1</version>`` and ``<object type='job'>``; the keys are tags, in the spelling of archives
(``retrysubjob`` is ``retry_subjob``). A text has no mark; any other value says its type, since ``'4'`` and ``4`` are two things to a
script. A key that cannot be a tag stands in ``<entry key='...'>``, a text that XML cannot hold in base64. Archives of other origin,
whose values have no marks, are read by the names of their tags.
"""

import base64
import io
import re

from .agenda import Agenda, LazyAgenda
from .constants import QB_API_XML
from .encoding import plain, text_of_bytes
from .errors import QBError
from .objects import Callback, FieldList, Job, QBObject, Subjob, Work, long_type, text_type

# What python has for XML loads half of its library: it is imported where it is used, and scripts that have no archives start sooner.

_TAGS = {
    'localorder': 'local_order', 'globalorder': 'global_order', 'cpustally': 'cpus_tally', 'todotally': 'todo_tally', 'timesubmit': 'time_submit',
    'timestart': 'time_start', 'timecomplete': 'time_complete', 'lastupdate': 'last_update', 'retrysubjob': 'retry_subjob', 'retrywork': 'retry_work',
    'retrywork_delay': 'retry_work_delay', 'omithosts': 'omit_hosts', 'omitgroups': 'omit_groups', 'prototypepath': 'prototype_path',
    'hostorder': 'host_order', 'mailaddress': 'mail_address', 'sourcehost': 'source_host', 'subjobstatus': 'subjob_status',
    'agendastatus': 'agenda_status', 'flagsstring': 'flags_string', 'agenda': 'work_list', 'subjobs': 'subjob_list', 'callbacks': 'callback_list',
    'retrydelay': 'retry_delay', 'resultpackage': 'result_package', 'logpath': 'log_path', 'serverid': 'server_id',
}
_KEYS = dict((tag, key) for key, tag in _TAGS.items())
_KEYS['mounts'] = 'drivemap'
_NUMBERS = frozenset(
    'id pgrp pid cpus max_cpus priority flags todo retrysubjob retrywork retrywork_delay timeout agendatimeout agenda_timeout timelimit agenda_timelimit '
    'umask p_agenda_priority p_agenda_cpus timesubmit timestart timecomplete lastupdate deadline eta localorder globalorder auto_migrate_count count retry '
    'retrydelay subid seq percent maximum time_cumulative'.split())
_LISTS = {'agenda': ('work', Work), 'subjobs': ('subjob', Subjob), 'callbacks': ('callback', Callback)}
_NAME = re.compile(r'[A-Za-z_][A-Za-z0-9_.-]*\Z')
# What XML 1.0 cannot hold, or reads as something else.
_UNSPEAKABLE = re.compile(u'[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]')


def archivejob(filename, job, format=QB_API_XML):
    """Writes a job to a file and returns the number of bytes written. ``format`` is QB_API_XML; the binary archive is not written."""
    if format != QB_API_XML:
        raise QBError('archivejob: the binary archive (.qja) is not written; use QB_API_XML')
    lines = ["<?xml version='1.0' encoding='UTF-8'?>\n<archive>\n<version>1</version>\n<object type='job'>\n"]
    for key, value in plain(_expanded(job)).items():
        _write(lines, key, value, '')
    lines.append('</object>\n</archive>\n')
    data = u''.join(line if isinstance(line, text_type) else text_type(line) for line in lines).encode('utf-8')
    with io.open(filename, 'wb') as archive:
        archive.write(data)
    return len(data)


def recoverjob(filename):
    """The Job of an archive; None when the file is none or cannot be read."""
    try:
        with io.open(filename, 'rb') as archive:
            data = archive.read()
    except (IOError, OSError):
        return None
    root = _parsed(data)
    if root is None:
        return None
    found = [root] if root.tag == 'object' else root.findall('.//object')
    for one in found:
        if one.get('type') == 'job':
            return Job(_dictionary(one))
    return None


def _expanded(job):
    """The job with a lazy agenda written out: an archive holds items."""
    return dict((key, list(value) if isinstance(value, (Agenda, LazyAgenda)) else value) for key, value in job.items())


def _write(lines, key, value, indent):
    tag = _TAGS.get(key, key)
    if _NAME.match(tag) and tag.lower()[:3] != 'xml' and tag not in ('object', 'entry', 'item') and (key in _TAGS or tag not in _KEYS):
        start, end = tag, '</%s>\n' % tag
    else:
        start, end = 'entry key=%s' % _attribute(key), '</entry>\n'
    _write_value(lines, start, end, value, indent, _LISTS.get(key, (None,))[0])


def _write_value(lines, start, end, value, indent, of=None):
    if isinstance(value, dict):
        lines.append(u'%s<%s type=\'dict\'>\n' % (indent, start))
        for key, one in value.items():
            _write(lines, key, one, indent + ' ')
        lines.append(u'%s%s' % (indent, end))
    elif isinstance(value, list):
        lines.append(u'%s<%s type=\'list\'>\n' % (indent, start))
        for one in value:
            if of and isinstance(one, dict):
                _write_value(lines, "object type='%s'" % of, '</object>\n', _Fields(one), indent + ' ')
            else:
                _write_value(lines, 'item', '</item>\n', one, indent + ' ')
        lines.append(u'%s%s' % (indent, end))
    elif isinstance(value, _Fields):
        lines.append(u'%s<%s>\n' % (indent, start))
        for key, one in value.fields.items():
            _write(lines, key, one, indent + ' ')
        lines.append(u'%s%s' % (indent, end))
    else:
        mark, text = _text(value)
        lines.append(u'%s<%s%s>%s%s' % (indent, start, mark, text, end))


class _Fields(object):
    """The keys of an object whose type stands in its tag already."""

    def __init__(self, fields):
        self.fields = fields


def _text(value):
    if value is None:
        return " type='none'", u''
    if value is True or value is False:
        return " type='bool'", u'1' if value else u'0'
    if isinstance(value, float):
        return " type='float'", text_type(repr(value))
    if isinstance(value, (int, long_type)):
        return " type='int'", text_type(int(value))
    if _UNSPEAKABLE.search(value):
        return " type='base64'", base64.b64encode(_bytes(value)).decode('ascii')
    from xml.sax.saxutils import escape
    # A text without anything in it but blanks would be taken for the indentation of elements.
    return " type='str'", escape(value)


def _bytes(text):
    try:
        return text.encode('utf-8', 'surrogatepass')
    except LookupError:  # Python 2 writes lone surrogates as they are.
        return text.encode('utf-8')


def _attribute(key):
    from xml.sax.saxutils import quoteattr
    if _UNSPEAKABLE.search(key) or '\n' in key or '\t' in key:
        return quoteattr('base64:' + base64.b64encode(_bytes(key)).decode('ascii'))
    return quoteattr('text:' + key)


def _parsed(data):
    """The root of a document, or None where there is none."""
    from xml.etree import ElementTree
    try:
        try:
            return ElementTree.fromstring(data)
        except ElementTree.ParseError:
            # Several elements side by side, with no one around them.
            text = re.sub(r'^\s*<\?xml[^>]*\?>', '', text_of_bytes(data))
            return ElementTree.fromstring((u'<archive>%s</archive>' % text).encode('utf-8'))
    except (ElementTree.ParseError, ValueError):
        return None


def _key_of(element):
    if element.tag != 'entry':
        return _native(_KEYS.get(element.tag, element.tag))
    kind, _, text = (element.get('key') or '').partition(':')
    return _native(base64.b64decode(text.encode('ascii')).decode('utf-8', _LENIENT) if kind == 'base64' else text)


_LENIENT = 'surrogatepass' if str is text_type else 'strict'


def _dictionary(element):
    found = {}
    for child in element:
        key = _key_of(child)
        found[key] = _value(child, key)
    return found


def _value(element, key):
    kind = element.get('type')
    text = element.text or ''
    if kind == 'dict' or kind in ('env', 'pathmap', 'package', 'tally'):
        return QBObject(_dictionary(element))
    if kind == 'list' or kind is None and len(element) and all(child.tag == 'object' for child in element):
        of = _LISTS.get(key, (None, QBObject))[1]
        return FieldList([of(_dictionary(child)) if child.tag == 'object' else _value(child, None) for child in element])
    if kind == 'none':
        return None
    if kind == 'bool':
        return text == '1'
    if kind == 'int':
        return int(text)
    if kind == 'float':
        return float(text)
    if kind == 'base64':
        return _native(base64.b64decode(text.encode('ascii')).decode('utf-8', _LENIENT))
    if len(element):
        return QBObject(_dictionary(element))
    if kind is None and key in _NUMBERS and re.match(r'\s*-?[0-9]+\s*$', text):
        return int(text)
    return _native(text)


def _native(text):
    if str is text_type or not isinstance(text, text_type):
        return text
    try:
        return text.encode('ascii')
    except UnicodeEncodeError:
        return text
