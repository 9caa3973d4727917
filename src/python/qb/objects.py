"""Jobs, instances, agenda items, hosts and callbacks as dictionaries (python-api.md 2).

Real scripts read a field in three ways, ``job['id']``, ``job.id`` and ``job.id()``. Item access gives the plain value. Attribute access
gives the same value as an int, str or float that may also be called, and is in every other respect what it derives from.
"""

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
    if isinstance(host.get('subjobs'), list):
        host['subjobs'] = FieldList([Subjob(one) for one in host['subjobs']])
    return host
