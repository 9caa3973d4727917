"""A wrangler's tool: every command on jobs, instances and items, with each form of id, and what each answers."""

import sys

import qb
from farm import TRACE, eventually, info, mark, marks, reach

m = mark()
HOLD = 'while [ -e %s ]; do sleep 0.05; done'


def held(count=3, cpus=2, **keys):
    """A job that is blocked, of so many items."""
    job = {'prototype': 'cmdrange', 'name': m, 'cpus': cpus, 'status': 'blocked', 'package': {'cmdline': '/bin/true'}, 'agenda': qb.genframes('1-%d' % count)}
    return qb.submit(dict(job, **keys))[0]


def running(seconds=600):
    """A job with two instances that run until they are taken off."""
    command = 'echo begin %s $QBJOBID.$QBSUBID >>%s; exec sleep %d' % (m, TRACE, seconds)
    job = qb.submit({'prototype': 'cmdline', 'name': m, 'cpus': 2, 'package': {'cmdline': command}})[0]
    run(job, times=1)
    return job


def run(job, times):
    """Waits until both instances run, for the so many-th time: one that is told to end goes on running until its worker has ended it."""
    expected = [('begin', '', one) for one in instances(job, 0, 1) for _ in range(times)]
    eventually('both instances of %d begun %d times' % (job['id'], times), lambda: sorted(line for line in marks(m) if line in expected) == expected)
    eventually('both instances of %d running' % job['id'], lambda: info(job)['cpustally']['running'] == 2)


def subs(job):
    return [sub['status'] for sub in info(job, subjobs=True)['subjobs']]


def items(job):
    return dict((work['name'], work['status']) for work in info(job, agenda=True)['agenda'])


def instances(job, *numbers):
    return ['%d.%d' % (job['id'], number) for number in numbers]


# Each form in which a job is named: a number, a text, a job, lists of them, many at once.
for form in (lambda job: job['id'], lambda job: str(job['id']), lambda job: job, lambda job: [job['id']], lambda job: (str(job['id']),), lambda job: [[job]],
             lambda job: job.id, lambda job: job.id(), lambda job: u'%d' % job['id'], lambda job: ' %d ' % job['id'], lambda job: iter([job['id']])):
    job = held()
    assert sorted(qb.unblock(form(job))) == instances(job, 0, 1), form(job)
    qb.kill(job)
a, b = held(), held()
assert sorted(qb.kill(a['id'], str(b['id']))) == instances(a, 0, 1) + instances(b, 0, 1)
assert qb.kill(a['id'], b) == [], 'killed twice'
assert qb.remove([a, b]) == [a['id'], b['id']]
assert qb.jobinfo(id=[a['id'], b['id']]) == [] and qb.remove(a) == [] and qb.kill(a, 999999) == []
for function in (qb.kill, qb.block, qb.retry, qb.killwork, qb.retrywork, qb.remove, qb.top, qb.shove):
    assert function(999999) == function() == function([]) == [], function.__name__
assert qb.modify({'priority': 1}, 999999) == []

# Instances, by their own ids and as objects.
job = held(count=4, cpus=3)
assert qb.unblock('%d.0' % job['id'], '%d.2' % job['id']) == instances(job, 0, 2)
assert qb.killwork(['%d:*' % job['id']]) and qb.kill(job) is not None
job = held(count=4, cpus=3)
assert qb.kill(info(job, subjobs=True)['subjobs'][1]) == instances(job, 1)
assert subs(job) == ['blocked', 'killed', 'blocked'], subs(job)
assert qb.retry('%d.1' % job['id']) == instances(job, 1) and subs(job)[1] in ('pending', 'registering', 'running', 'complete', 'blocked'), subs(job)
qb.kill(job)

# Items: by name, in ranges, by pattern, as objects; under both names of each command.
job = held(count=12)
j = job['id']
assert qb.blockwork('%d:1' % j) == ['%d:1' % j] and items(job)['1'] == 'blocked'
assert qb.workblock('%d:2-4' % j) == ['%d:%d' % (j, item) for item in (2, 3, 4)]
assert qb.workblock('%d:5,6' % j) in (['%d:5' % j, '%d:6' % j], []), 'a list of items'
assert qb.unblockwork(['%d:1' % j, '%d:2' % j]) == ['%d:1' % j, '%d:2' % j]
assert qb.workunblock('%d:3' % j) == ['%d:3' % j] and items(job)['3'] == 'pending'
assert qb.killwork('%d:1' % j, '%d:77' % j) == ['%d:1' % j] and qb.workkill('%d:2' % j) == ['%d:2' % j]
work = [one for one in info(job, agenda=True)['agenda'] if one['name'] == '7'][0]
assert qb.retirework(work) == qb.completework('%d:77' % j) + ['%d:7' % j]
assert qb.completework('%d:8' % j) == ['%d:8' % j] and qb.workretire('%d:9' % j) == ['%d:9' % j] and qb.workcomplete('%d:10' % j) == ['%d:10' % j]
assert [items(job)[name] for name in ('7', '8', '9', '10')] == ['complete'] * 4, items(job)
assert qb.retrywork('%d:7' % j) == ['%d:7' % j] and qb.workretry('%d:8' % j) == ['%d:8' % j]
assert [items(job)[name] for name in ('7', '8')] == ['pending'] * 2, items(job)
assert qb.requeuework('%d:9' % j) == ['%d:9' % j] and qb.workrequeue('%d:10' % j) == ['%d:10' % j]
assert [items(job)[name] for name in ('9', '10')] == ['blocked'] * 2, items(job)
assert qb.failwork('%d:11' % j) == ['%d:11' % j] and items(job)['11'] == 'failed'
tally = info(job)['todotally']
assert sum(tally.values()) == 12 and qb.JobTallyValidator().validate(tally) and tally['failed'] == 1, tally
assert len(qb.killwork('%d' % j)) == 9, 'all that are not done'
assert set(items(job).values()) == set(['killed', 'failed']), items(job)
assert qb.remove(job) in ([j], []) and (qb.kill(job), qb.remove(job)) is not None

# What runs.
job = running()
assert sorted(qb.block(job)) == instances(job, 0, 1)
reach('blocked', job)
assert sorted(qb.unblock(job['id'])) == instances(job, 0, 1)
for times, command in enumerate((qb.interrupt, qb.preempt, qb.migrate), start=2):
    run(job, times)
    assert sorted(command(job)) == instances(job, 0, 1), command.__name__
assert sorted(qb.kill(job)) == instances(job, 0, 1)
reach('killed', job)
job = running()
assert qb.suspend('%d.0' % job['id']) == instances(job, 0)
eventually('one suspended', lambda: sorted(subs(job)) == ['running', 'suspended'])
assert qb.resume(job['id']) == instances(job, 0)
eventually('both running', lambda: subs(job) == ['running', 'running'])
assert [one['id'] for one in qb.joborder('farmhost') if one['id'] == job['id']] == [job['id']]
assert [host['name'] for host in qb.hostorder(job['id'])] == ['farmhost']
host = qb.hostinfo(subjobs=True)[0]
assert sorted(sub['id'] for sub in host['subjobs'] if sub['pid'] == job['id']) == [0, 1], host
assert sorted(qb.kill(job)) == instances(job, 0, 1)
reach('killed', job)
assert sorted(qb.requeue(job)) == instances(job, 0, 1) and info(job)['status'] == 'blocked', info(job)['status']
qb.kill(job)
job = held(count=2)
assert sorted(qb.retire(job)) == instances(job, 0, 1) and info(job)['status'] == 'complete', info(job)
assert sorted(qb.retry(job)) == instances(job, 0, 1)
reach('complete', job)
assert sorted(qb.complete(held())) and sorted(qb.fail(held()))

# The queue, and attributes.
a, b = held(), held()
assert (qb.top(b), qb.bottom(a), qb.shove(a['id'], b['id'])) == ([b['id']], [a['id']], [a['id'], b['id']])
assert info(b)['localorder'] < info(a)['localorder'], (info(a)['localorder'], info(b)['localorder'])
assert qb.modify({'priority': '7', 'notes': u'caf\u00e9', 'prod_show': 'x', 'cluster': '/z'}, a, b['id']) == [a['id'], b['id']]
for one in (a, b):
    seen = info(one)
    assert (seen['priority'], seen['notes'], seen['prod_show'], seen['cluster']) == (7, u'caf\u00e9', 'x', '/z'), seen
assert qb.modify({'cpus': 3, 'env': {'A': '1'}, 'hosts': ''}, str(a['id'])) == [a['id']]
assert (info(a)['cpus'], info(a)['env'], len(info(a, subjobs=True)['subjobs'])) == (3, {'A': '1'}, 3), info(a)
for params in ({'priority': 'high'}, {'cpus': 'many'}, {'priorty': 5}, {'nonsense': 1}):
    try:
        found = qb.modify(params, a)
    except qb.QBError as error:
        assert list(params)[0] in str(error), error
    else:
        assert found == [], found
qb.kill(a, b)
assert qb.modify({'priority': 8}, a) == [], 'a job that is done'

# Ids that are none say so, as do those of another kind.
for function, wrong in ((qb.kill, 'abc'), (qb.kill, '12:1'), (qb.blockwork, '12.0'), (qb.jobinfo, None), (qb.kill, '12.x'), (qb.kill, qb.Job(name='x'))):
    try:
        function(id='x') if wrong is None else function(wrong)
    except qb.QBError as error:
        assert str(error), error
    else:
        raise AssertionError('%s took %r' % (function.__name__, wrong))

# Workers.
assert [getattr(host, 'name', host) for host in qb.workerlock(name='farmhost', lock=True)] == ['farmhost']
assert 'host.processor_all=1' in qb.hostinfo(name='farmhost')[0]['locks']
assert qb.workerlock({'state': 'active'}, 'host.processor_0=1') and qb.workerlock(name=['farmhost', 'nobody'], lock=False)
assert qb.hostinfo(name='farmhost')[0]['locks'] == '' and qb.workerlock(name='nobody', lock=True) == []
assert qb.trigger('approved-job-%d' % a['id']) is True

qb.remove([job['id'] for job in qb.jobinfo(filters={'name': m}) if job['status'] in ('complete', 'failed', 'killed')])
print('commanded by python %d.%d.%d' % sys.version_info[:3])
