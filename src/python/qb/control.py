"""Commands (python-api.md 5, 6 and 9). Each takes any number of ids and returns those that it changed; a denied or unknown id is
simply absent, and an empty list says that nothing was done."""

import uuid

from . import firing
from .connection import call
from .errors import QBError
from .objects import host_of, text_type
from .queries import hostinfo, id_texts
from .submission import caller


def _control(function, verb, scope, ids):
    wanted = id_texts(ids, ':' if scope == 'work' else '.')
    if not wanted:
        return []
    body = {'requestId': str(uuid.uuid4()), 'user': caller(), 'verb': verb, 'scope': scope, 'ids': wanted}
    return _changed(function, '/api/v1/control', body)


def _changed(function, path, body):
    try:
        answer = call('POST', path, body, changes=True)
    except QBError as failure:
        firing.refused(function, failure)
        return []
    for reason in answer.get('denied') or []:
        firing.denied(function, reason)
    return [one if isinstance(one, (str, text_type)) else str(one) for one in answer.get('affected') or []]


def _numbers(ids):
    return [int(one) if one.isdigit() else one for one in ids]


def _named(name, action, doc):
    action.__name__ = name
    action.__doc__ = doc
    return action


def _instances(verb, doc, name=None):
    """A command on jobs and instances that answers with ``jobid.subid``."""
    return _named(name or verb, lambda *ids: _control(name or verb, verb, 'job', ids), doc)


def _jobs(verb, doc):
    """A command on whole jobs that answers with their numbers."""
    return _named(verb, lambda *ids: _numbers(_control(verb, verb, 'job', ids)), doc)


def _items(name, verb, doc):
    """A command on agenda items (``'12:5'``, ``'12:1-10'``) that answers with ``jobid:name``."""
    return _named(name, lambda *ids: _control(name, verb, 'work', ids), doc)


block = _instances('block', 'Holds jobs and instances.')
unblock = _instances('unblock', 'Lets held jobs and instances start. Items that are blocked themselves stay so: unblockwork.')
kill = _instances('kill', 'Ends jobs and instances for good: killed.')
retry = _instances('retry', 'Makes done jobs and instances pending again.')
requeue = _instances('requeue', 'Makes done jobs and instances blocked again.')
interrupt = _instances('interrupt', 'Takes running instances off their hosts now: pending.')
preempt = _instances('preempt', 'Takes running instances off their hosts after the current item: pending.')
migrate = _instances('migrate', 'As interrupt, and to another host.')
suspend = _instances('suspend', 'Stops the processes of running instances.')
resume = _instances('resume', 'Lets suspended instances go on.')
retire = _instances('retire', 'Completes instances after their current items, whatever is left to do.')
complete = _instances('retire', 'As retire.', 'complete')
fail = _instances('fail', 'Fails jobs and instances.')

remove = _jobs('remove', 'Removes jobs from the farm.')
shove = _jobs('shove', 'Has jobs considered for dispatch anew.')
top = _jobs('top', 'Puts jobs first among those of their priority.')
bottom = _jobs('bottom', 'Puts jobs last among those of their priority.')

blockwork = _items('blockwork', 'block', 'Holds items.')
unblockwork = _items('unblockwork', 'unblock', 'Lets held items run; their job stays as it is: unblock.')
killwork = _items('killwork', 'kill', 'Kills items.')
retrywork = _items('retrywork', 'retry', 'Makes done items pending again.')
requeuework = _items('requeuework', 'requeue', 'Makes done items blocked again.')
retirework = _items('retirework', 'retire', 'Completes items, even ones that never ran.')
completework = _items('completework', 'retire', 'As retirework.')
failwork = _items('failwork', 'fail', 'Fails items.')

# The names that the vendor's older releases had, still found in callback scripts.
workblock = blockwork
workunblock = unblockwork
workkill = killwork
workretry = retrywork
workrequeue = requeuework
workretire = retirework
workcomplete = completework
workfail = failwork


def modify(params, *ids):
    """Changes attributes of active jobs: ``modify({'priority': 5}, 12)``. Returns the ids of the jobs changed.

    QBError names a key that is no attribute, and changes nothing; keys that a job was submitted with may be changed too.
    """
    wanted = id_texts(ids)
    if not wanted:
        return []
    body = {'requestId': str(uuid.uuid4()), 'user': caller(), 'params': dict(params), 'ids': wanted}
    return _numbers(_changed('modify', '/api/v1/modify', body))


def workerlock(filters=None, lockingString='', name=None, lock=None, purge=False):
    """Locks or unlocks workers, chosen by name or filters, and returns them.

    ``lock`` True or False is all slots of a worker; ``lockingString`` says it slot by slot (scheduling.md 10); ``purge`` also takes
    off what runs there.
    """
    given = [name] if isinstance(name, (str, text_type, dict)) else list(name or [])
    names = [one['name'] if isinstance(one, dict) else one for one in given]
    if not names and not filters:
        raise QBError('workerlock: say which workers, by name or filters')
    if lock is None and not lockingString:
        raise QBError('workerlock: say lock=True, lock=False or a lockingString')
    if filters:
        names = [host['name'] for host in hostinfo(filters=filters) if not given or host['name'] in names]
    if not names:
        return []
    body = {'requestId': str(uuid.uuid4()), 'user': caller(), 'names': names, 'purge': bool(purge)}
    if lock is not None:
        body['lock'] = bool(lock)
    if lockingString:
        body['locks'] = lockingString
    try:
        hosts = call('POST', '/api/v1/hosts/lock', body, changes=True).get('hosts') or []
    except QBError as failure:
        firing.refused('workerlock', failure)
        return []
    return [host_of(host) if isinstance(host, dict) else host for host in hosts]


def trigger(event):
    """Raises a user-defined event, such as ``approved-job-12``. Returns True when it was taken."""
    try:
        call('POST', '/api/v1/trigger', {'requestId': str(uuid.uuid4()), 'user': caller(), 'event': event}, changes=True)
    except QBError as failure:
        firing.refused('trigger', failure)
        return False
    return True


def updateworkerresources(worker, resources):
    """Sets resources of a worker: ``'host.licenses=0/2,host.disk=5'``. True when they are set."""
    return _worker_vars('updateworkerresources', worker, {'resources': resources})


def updateworkerproperties(worker, properties):
    """Sets properties of a worker: ``'host.os=linux,host.speed=5'``. True when they are set."""
    return _worker_vars('updateworkerproperties', worker, {'properties': properties})


def deleteworkerresources(worker, names):
    """Takes back resources of a worker that were set here. True when it is done."""
    return _worker_vars('deleteworkerresources', worker, {'resources': _removals('deleteworkerresources', names)})


def deleteworkerproperties(worker, names):
    """Takes back properties of a worker that were set here. True when it is done."""
    return _worker_vars('deleteworkerproperties', worker, {'properties': _removals('deleteworkerproperties', names)})


def _removals(function, names):
    if isinstance(names, (str, text_type)):
        raise TypeError('%s() takes a list of names, not a text' % function)
    return ','.join('%s=' % name for name in names)


def _worker_vars(function, worker, given):
    name = worker['name'] if isinstance(worker, dict) else worker
    body = dict(given, requestId=str(uuid.uuid4()), user=caller(), names=[name])
    try:
        return name in (call('POST', '/api/v1/hosts/vars', body, changes=True).get('hosts') or ())
    except QBError as failure:
        firing.refused(function, failure)
        return False


def updateresources(resources):
    """Sets global resources: ``{'license.maya': (used, total)}``, or only the total. True when they are set."""
    counts = {}
    for name, value in dict(resources).items():
        used, total = value if isinstance(value, (list, tuple)) else (0, value)
        counts[name] = [int(used), int(total)]
    body = {'requestId': str(uuid.uuid4()), 'user': caller(), 'resources': counts}
    try:
        call('POST', '/api/v1/resources', body, changes=True)
    except QBError as failure:
        firing.refused('updateresources', failure)
        return False
    return True


updateresource = updateresources
