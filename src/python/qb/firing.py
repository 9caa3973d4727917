"""Inside a callback script: which firing this is, and the numbers of its calls (callbacks.md 13).

Outside of one, nothing is set and the module is a plain client. The supervisor's script runner calls ``enter``.
"""

import itertools
import sys

from .errors import QBError, remember

_current = {}


class _Calls(object):
    """Numbers 1, 2, ... in the order in which the script changes the farm; a script run again counts the same."""

    def __init__(self):
        self._numbers = itertools.count(1)

    def next(self):
        # itertools.count is one step of the interpreter: threads of a script do not get the same number.
        return next(self._numbers)


def enter(firing_id, job_id, user=None, item=None, instance=None, event=''):
    """Binds this process to one firing."""
    _current.clear()
    _current.update(id=firing_id, job=job_id, user=user, item=item, instance=instance, event=event, calls=_Calls())


def inside():
    """True inside a callback script."""
    return bool(_current)


def headers(changes):
    """The headers of a call from inside a script: the firing, and for a call that changes the farm its number in the firing."""
    if not _current:
        return {}
    found = {'X-Qube-Firing': str(_current['id'])}
    if changes:
        found['X-Qube-Call'] = str(_current['calls'].next())
    return found


def user():
    """The user whose permissions the script has; None outside."""
    return _current.get('user')


def refused(function, failure):
    """What a refused call means: inside a script a line in the job's .cb file (callbacks.md Q26), else the exception."""
    if not _current or not failure.refused:
        raise failure
    sys.stderr.write('qb.%s: %s\n' % (function, failure))


def denied(function, reason):
    """What a user may not have done is absent from the answer (callbacks.md Q26); inside a script its .cb file says why."""
    remember(reason)
    if _current:
        sys.stderr.write('qb.%s: %s\n' % (function, reason))


def _value(name, function):
    if not _current:
        raise QBError('qb.%s() is known inside a callback script only' % function)
    return _current[name]


def jobid():
    """The id of the job that owns the callback, not of the one that fired it."""
    return _value('job', 'jobid')


def subid():
    """The number of the instance whose event fired the callback; -1 when it was none."""
    number = _value('instance', 'subid')
    return -1 if number is None else number


def workname():
    """The name of the agenda item whose event fired the callback; '' when it was none."""
    return _value('item', 'workname') or ''


def event():
    """The event that fired the callback, such as ``complete-work-ribgen-5``."""
    return _value('event', 'event')
