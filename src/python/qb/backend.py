"""Inside the back end of a job type, on a worker: take items, report them, report the job (python-api.md 8, jobs.md 6.2).

The launcher of the host gave this process a socket and knows what is in hand. What it has answered stands, whatever dies afterwards: an
item whose ``reportwork`` returned is never run again. While the worker node is away ``requestwork`` waits.
"""

import json
import os
import threading

from . import firing, flights, pathmap
from .encoding import to_json
from .errors import QBError
from .objects import Job, Work

# A result travels inside the farm's messages, which have a limit.
MAX_RESULT_BYTES = 32000

_gate = threading.Lock()
_socket = [None]
_pending = [b'']
_job = [None]
# What the item in hand is checked with, by its key: (variables, postflights).
_checks = {}


def inside():
    """True in a process that the farm started as a back end."""
    return 'QUBE_BACKEND_FD' in os.environ


def _descriptor(function):
    if _socket[0] is None:
        text = os.environ.get('QUBE_BACKEND_FD')
        if not text:
            raise QBError('qb.%s() is known in the back end of a job type only' % function)
        _socket[0] = int(text)
    return _socket[0]


def _retrying(call, *arguments):
    # Python 2 gives up a call that a signal interrupts.
    while True:
        try:
            return call(*arguments)
        except OSError as failure:
            if failure.errno != 4:
                raise


def _ask(function, request):
    """One request, one answer. Calls of several threads follow one another."""
    line = to_json(request) + b'\n'
    with _gate:
        descriptor = _descriptor(function)
        try:
            while line:
                line = line[_retrying(os.write, descriptor, line):]
            while b'\n' not in _pending[0]:
                data = _retrying(os.read, descriptor, 65536)
                if not data:
                    raise QBError('qb.%s: the launcher of this host is gone' % function)
                _pending[0] += data
        except OSError as failure:
            raise QBError('qb.%s: the launcher of this host cannot be reached: %s' % (function, failure))
        answer, _pending[0] = _pending[0].split(b'\n', 1)
    answer = json.loads(answer.decode('utf-8'))
    if 'error' in answer:
        raise QBError('qb.%s: %s' % (function, answer['error']))
    return answer


def jobid():
    """The id of this back end's job; inside a callback script, of the job that owns the callback."""
    return int(os.environ['QBJOBID']) if inside() and not firing.inside() else firing.jobid()


def subid():
    """The number of this back end's instance; inside a callback script, of the instance whose event fired."""
    return int(os.environ['QBSUBID']) if inside() and not firing.inside() else firing.subid()


def jobobj():
    """The job, its package decoded. Asked of the supervisor once; waits while that is away."""
    if _job[0] is None:
        from . import queries
        number = jobid()
        while _job[0] is None:
            try:
                found = queries.jobinfo(id=number)
            except QBError as failure:
                if failure.refused:
                    raise
                continue
            if not found:
                raise QBError('qb.jobobj: the farm has no job %d' % number)
            _job[0] = found[0]
    return Job(_job[0])


def requestwork():
    """The next item. Its ``status`` says what to do: ``running``, run it; ``waiting``, ask again; ``complete``, ``blocked`` or ``pending``,
    there is no more for this process: ``reportjob`` that status and end. An item that its preflights stop is reported and not returned.
    """
    while True:
        answer = _ask('requestwork', {'call': 'requestwork'})
        before, after = answer.pop('preflights', []), answer.pop('postflights', [])
        variables = dict(pair.split('=', 1) for pair in answer.pop('flight_env', []))
        if after:
            _checks[answer['key']] = variables, after
        if before and flights.failed('agenda preflight', answer['key'], before, variables):
            _checks.pop(answer['key'], None)
            _ask('reportwork', {'call': 'reportwork', 'key': answer['key'], 'status': 'failed', 'result': {}})
            continue
        return _work(answer)


def _work(answer):
    submitted = answer.pop('submitted', None) or {}
    work = Work(submitted)
    work.update(answer)
    work.setdefault('package', {})
    work.setdefault('resultpackage', {})
    return work


def reportwork(work):
    """Reports an item by its ``status``, with its ``resultpackage``. When it returns, the item is done for ever."""
    if 'key' not in work:
        raise QBError('qb.reportwork: only an item that requestwork gave can be reported')
    result = work.get('resultpackage') or work.get('result') or {}
    if not isinstance(result, dict):
        raise QBError('qb.reportwork: a resultpackage is a dictionary, not %s' % type(result).__name__)
    size = len(to_json(result))
    if size > MAX_RESULT_BYTES:
        raise QBError('qb.reportwork: the resultpackage of item %s has %d bytes, the most is %d' % (work.get('name'), size, MAX_RESULT_BYTES))
    status = '%s' % (work.get('status') or 'failed')
    variables, after = _checks.pop(work['key'], ({}, []))
    if after and flights.failed('agenda postflight', work['key'], after, dict(variables, QB_FRAME_STATUS=status)) and status == 'complete':
        status = 'failed'
    _ask('reportwork', {'call': 'reportwork', 'key': work['key'], 'status': status, 'result': result})
    return True


def reportjob(status, result=None):
    """Says how the instance went: ``complete``, ``failed``, ``blocked`` or ``pending``. The process gets no more items."""
    if isinstance(status, dict):
        status = status.get('status')
    _ask('reportjob', {'call': 'reportjob', 'status': '%s' % status, 'result': result or {}})
    return True


def convertpath(path):
    """The path as this worker sees it (``worker_path_map``)."""
    for old, new in pathmap.pairs():
        path = path.replace(old, new)
    return path
