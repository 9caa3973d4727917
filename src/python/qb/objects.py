"""Jobs, instances, agenda items, hosts and callbacks as dictionaries (python-api.md 2).

Real scripts read a field in three ways, ``job['id']``, ``job.id`` and ``job.id()``. Item access gives the plain value. Attribute access
gives the same value as an int, str or float that may also be called, and is in every other respect what it derives from.
"""

import re

from .constants import JOB_FLAGS

try:
    text_type = unicode
    long_type = long
except NameError:
    text_type = str
    long_type = int


def _callable_kind(base):
    def call(self):
        return self
    return type('Field' + base.__name__.capitalize(), (base,), {'__slots__': (), '__call__': call, '__doc__': base.__doc__})


_KINDS = dict((base, _callable_kind(base)) for base in (int, long_type, float, str, text_type))


class FieldList(list):
    """A list that may be called, so that ``job.subjobs()`` is ``job['subjobs']``."""

    def __call__(self):
        return self


class QBObject(dict):
    """A dictionary whose keys are attributes too; ``job.name = 'x'`` writes the key.

    A key that is also the name of a dict method (``items``, ``copy``, ``update``...) is reached by item access only.
    """

    __slots__ = ('__weakref__',)

    def __init__(self, data=None, **fields):
        dict.__init__(self, data or {}, **fields)

    def __getattr__(self, name):
        try:
            value = self[name]
        except KeyError:
            raise AttributeError('%s has no field %r' % (type(self).__name__, name))
        kind = _KINDS.get(type(value))
        return value if kind is None else kind(value)

    def __setattr__(self, name, value):
        self[name] = value

    def __delattr__(self, name):
        try:
            del self[name]
        except KeyError:
            raise AttributeError(name)

    def __call__(self):
        return self

    def __reduce__(self):
        return type(self), (dict(self),)

    def copy(self):
        """A shallow copy of the same class."""
        return type(self)(dict(self))


class Job(QBObject):
    """A job: the keys of jobs.md 1."""

    __slots__ = ()

    def __init__(self, data=None, name='', prototype='', package=None, **fields):
        QBObject.__init__(self, data, **fields)
        if name:
            self['name'] = name
        if prototype:
            self['prototype'] = prototype
        if package:
            self['package'] = package


class Subjob(QBObject):
    """An instance of a job (jobs.md 2)."""

    __slots__ = ()


class Work(QBObject):
    """An agenda item (jobs.md 3)."""

    __slots__ = ()


class Host(QBObject):
    """A worker host."""

    __slots__ = ()


class Callback(QBObject):
    """A callback: trigger, language, code (callbacks.md 2)."""

    __slots__ = ()


# Attributes that every job has (jobs.md 1), for those that were submitted without.
_JOB_DEFAULTS = {
    'max_cpus': -1, 'notes': '', 'domain': '.', 'mailaddress': '', 'cwd': '', 'umask': 0, 'deadline': 0, 'eta': 0, 'globalorder': 0, 'preflights': '',
    'postflights': '', 'agenda_preflights': '', 'agenda_postflights': '', 'p_agenda_priority': -1, 'p_agenda_cpus': -1, 'prod_show': '',
    'prod_shot': '', 'prod_seq': '', 'prod_client': '', 'prod_dept': '', 'prod_custom1': '', 'prod_custom2': '', 'prod_custom3': '',
    'prod_custom4': '', 'prod_custom5': '',
}
_WORK_DEFAULTS = {'address': '', 'macaddress': '', 'data': '', 'dependency': ''}


def queried_job_of(answer):
    """As ``job_of``, with every attribute that a job has and that was not submitted."""
    job = job_of(answer)
    for key, value in _JOB_DEFAULTS.items():
        job.setdefault(key, value)
    for key in ('package', 'env', 'drivemap', 'pathmap'):
        if key not in job:
            job[key] = QBObject()
    if 'flagsstring' not in job and isinstance(job.get('flags'), (int, long_type)):
        job['flagsstring'] = flags_text(job['flags'])
    if 'data' not in job:
        job['data'] = packed(job['package'])
    for work in job.get('agenda') or ():
        if isinstance(work, dict):
            for key, value in _WORK_DEFAULTS.items():
                work.setdefault(key, value)
            work.setdefault('result', work.get('resultpackage', {}))
            work.setdefault('lastupdate', max(work.get('timestart', 0), work.get('timecomplete', 0)))
    return job


def flags_text(flags):
    """The names of a job's flags between commas."""
    return ','.join(name for value, name in JOB_FLAGS if flags & value)


def packed(package):
    """A package as the text that older scripts read (jobs.md 5.4): ``(=(cmdline=ls)(padding=4))``."""
    return '(=%s)' % ''.join('(%s=%s)' % (_packed_text(key, '()='), _packed_value(value)) for key, value in package.items())


def _packed_value(value):
    if isinstance(value, dict):
        return packed(value)
    if isinstance(value, (list, tuple)):
        return '(=%s)' % ''.join('(%d=%s)' % (place, _packed_value(one)) for place, one in enumerate(value))
    if value is None or value is True or value is False:
        return {None: '', True: '1', False: '0'}[value]
    return _packed_text(value, '()')


def _packed_text(value, marks):
    text = value if isinstance(value, (str, text_type)) else str(value)
    # Backslashes right before a mark, or before the parenthesis that ends the text, are doubled; others are themselves.
    text = re.sub(r'(\\*)([%s])' % re.escape(marks), r'\1\1\\\2', text)
    return re.sub(r'(\\+)$', r'\1\1', text)


def job_of(answer):
    """The Job for a job dictionary of the supervisor's."""
    job = Job(answer)
    for key, kind in (('agenda', Work), ('subjobs', Subjob), ('callbacks', Callback)):
        if isinstance(job.get(key), list):
            job[key] = FieldList([kind(one) if isinstance(one, dict) else one for one in job[key]])
    for key in ('package', 'env'):
        if isinstance(job.get(key), dict):
            job[key] = QBObject(job[key])
    return job


def host_of(answer):
    """The Host for a host dictionary of the supervisor's."""
    host = Host(answer)
    if host.get('subjobs', ()) is None:  # Not asked for.
        del host['subjobs']
    host.setdefault('stats', '')
    if isinstance(host.get('subjobs'), list):
        host['subjobs'] = FieldList([Subjob(one) for one in host['subjobs']])
    return host
