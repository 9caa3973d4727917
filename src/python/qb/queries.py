"""Asking (python-api.md 4)."""

from . import firing
from .connection import call, getsupervisor
from .encoding import unix_seconds
from .errors import QBError, remember
from .objects import FieldList, QBObject, host_of, queried_job_of, text_type

_EXTRAS = {'agenda': 'agenda', 'work': 'agenda', 'subjobs': 'subjobs', 'instances': 'subjobs', 'callbacks': 'callbacks'}
_PING_SECONDS = 5.0


def id_texts(given, separator=None):
    """Ids as texts: numbers, texts, Job, Subjob and Work objects, and lists of them."""
    texts = []
    for one in given:
        if isinstance(one, dict):
            texts.append(_id_of(one, separator))
        elif isinstance(one, bytes) and not isinstance(one, str):
            texts.append(one.decode('utf-8'))
        elif isinstance(one, (str, text_type)):
            texts.append(one.strip())
        elif hasattr(one, '__iter__'):
            texts.extend(id_texts(one, separator))
        else:
            texts.append('%d' % one)
    return [text for text in texts if text]


def _id_of(thing, separator):
    try:
        return _id_in(thing, separator)
    except KeyError as missing:
        raise QBError('this %s has no %s and so no id: only what a submission or a query answered has one' % (type(thing).__name__, missing))


def _id_in(thing, separator):
    if separator == ':' and 'name' in thing and 'pid' in thing and 'prototype' not in thing:
        return '%s:%s' % (thing['pid'], thing['name'])
    kind = type(thing).__name__
    if kind == 'Subjob':
        return '%s.%s' % (thing['pid'], thing['id'])
    if kind == 'Work':
        return '%s:%s' % (thing['pid'], thing['name'])
    return '%s' % thing['id']


def ask(function, path, body, key):
    """What a question found; nothing where a callback script was refused."""
    try:
        return call('POST', path, body).get(key) or []
    except QBError as failure:
        firing.refused(function, failure)
        return []


def _flags(arguments):
    """In-callback style, ``jobinfo('-id', 5, '-agenda')``, as keyword arguments (callbacks.md 13.1)."""
    filters, options = {}, {}
    pending = list(arguments)
    while pending:
        flag = pending.pop(0)
        if not isinstance(flag, (str, text_type)) or not flag.startswith('-'):
            raise QBError("jobinfo: '%s' stands where a flag such as -id was expected" % (flag,))
        name = flag.lstrip('-')
        if name in _EXTRAS:
            options[_EXTRAS[name]] = True
        elif not pending:
            raise QBError("jobinfo: flag '%s' has no value" % flag)
        else:
            value = pending.pop(0)
            filters[name] = value if name not in filters else _many(filters[name]) + _many(value)
    return filters, options


def _many(value):
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def jobinfo(*arguments, **options):
    """Jobs that fit all filters, all jobs without one.

    ``jobinfo(fields=[], filters={}, id=None, status=None, agenda=False, subjobs=False, callbacks=False, updatedAfter=None,
    updatedBefore=None, submittedAfter=None, submittedBefore=None, minid=None, maxid=None, limit=None, orderby=None)``, or
    ``jobinfo('-id', 5)`` as callback scripts write it. A filter's value may be a list, meaning any of them, or ``~regex``.
    """
    if arguments and isinstance(arguments[0], (str, text_type)) and arguments[0].startswith('-'):
        filters, extras = _flags(arguments)
        options = dict(extras, **options)
        options['filters'] = dict(filters, **(options.get('filters') or {}))
        arguments = ()
    return _jobinfo(*arguments, **options)


def _jobinfo(fields=None, filters=None, id=None, status=None, agenda=False, subjobs=False, callbacks=False, updatedAfter=None,
             updatedBefore=None, submittedAfter=None, submittedBefore=None, minid=None, maxid=None, limit=None, orderby=None):
    fields = [fields] if isinstance(fields, (str, text_type)) else list(fields or [])
    filters = dict(filters or {})
    asked = dict((_EXTRAS[name], True) for name in fields if name in _EXTRAS)
    body = {
        'fields': [name for name in fields if name not in _EXTRAS],
        'agenda': bool(agenda) or 'agenda' in asked,
        'subjobs': bool(subjobs) or 'subjobs' in asked,
        'callbacks': bool(callbacks) or 'callbacks' in asked,
    }
    wanted = [value for value in (id, filters.pop('id', None)) if value is not None]
    if wanted:
        body['ids'] = _job_ids(wanted)
        if not body['ids']:
            return []
    if status is not None:
        filters['status'] = status
    body['filters'] = filters
    for name, value in (('updatedAfter', updatedAfter), ('updatedBefore', updatedBefore),
                        ('submittedAfter', submittedAfter), ('submittedBefore', submittedBefore)):
        if value is not None:
            body[name] = unix_seconds(value)
    for name, value in (('minid', minid), ('maxid', maxid), ('limit', limit)):
        if value is not None:
            body[name] = int(value)
    if orderby is not None:
        body['orderby'] = orderby
    jobs = [queried_job_of(job) for job in ask('jobinfo', '/api/v1/jobs/query', body, 'jobs')]
    for job in jobs:
        for extra in ('agenda', 'subjobs', 'callbacks'):
            if body[extra]:
                # Asked for and none: an empty list, not a key that is missing.
                job.setdefault(extra, FieldList())
    return jobs


def _job_ids(given):
    """Job numbers of what may also address an instance (12.0) or an item (12:5)."""
    ids = []
    for text in id_texts(given):
        for one in text.split(','):
            number = one.split(':')[0].split('.')[0].strip()
            if not number.isdigit():
                raise QBError("jobinfo: '%s' is no job id" % one)
            if int(number) not in ids:
                ids.append(int(number))
    return ids


def hostinfo(fields=None, filters=None, name=None, state=None, subjobs=False):
    """Hosts that fit; ``name`` and ``state`` may be lists."""
    fields = [fields] if isinstance(fields, (str, text_type)) else list(fields or [])
    body = {'filters': dict(filters or {}), 'name': name, 'state': state, 'subjobs': bool(subjobs) or 'subjobs' in fields}
    return [host_of(host) for host in ask('hostinfo', '/api/v1/hosts/query', body, 'hosts')]


def hist(*ids):
    """The history of jobs, instances (``'250.0'``) and items: comment, stamp, timestamp, jobid, subid, workid."""
    return [QBObject(line) for line in ask('hist', '/api/v1/hist', {'ids': id_texts(ids)}, 'history')]


def ping(supervisor=None, port=None, timeout=None, asDict=False):
    """Says whether a supervisor is there: a line about it, its details with ``asDict=True``, False when there is none.

    With ``port`` (``ping(host, port, timeout=10)``) the answer is True or False.
    """
    target = supervisor or getsupervisor()
    if port is not None:
        target = '%s:%d' % (target, int(port))
    try:
        details = call('GET', '/api/v1/ping', supervisor=target, timeout_seconds=_PING_SECONDS if timeout is None else float(timeout))
    except QBError:
        return {} if asDict else False
    if asDict:
        return QBObject(details)
    if port is not None:
        return True
    return '%s (%s) - %s' % tuple(details.get(name, '') for name in ('name', 'address', 'version'))


def currenttime():
    """The supervisor's clock in Unix seconds."""
    try:
        return int(call('GET', '/api/v1/time')['time'])
    except KeyError:
        remember('the supervisor did not tell its time')
        raise QBError('the supervisor did not tell its time')
