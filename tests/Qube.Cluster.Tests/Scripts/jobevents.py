"""Events and verbs of jobs, on real processes: what is told, in which order, and what it does to the processes."""

import os
import sys

import qb
from farm import TRACE, eventually, frames, info, mark, marks, reach

m = mark()
open(TRACE, 'a').close()
NAMES = ('submit pending blocked unblocked assigned running waiting complete failed killed done retry preempted interrupted migrated suspended resumed timeout '
         'modified removed').split()
# An instance comes to its first item.
ONCE = ['assigned-subjob 0', 'assigned-job', 'running-work 1', 'running-subjob 0', 'running-job']


def told(job_label):
    """Callbacks that write down every event of a job, in the order in which they are told."""
    code = 'open(%r, "a").write("tell %s%%s %%s\\n" %% (%r, qb.event()))' % (TRACE, m, job_label)
    patterns = ' || '.join('%s-job-self || %s-subjob-self-* || %s-work-self-*' % (name, name, name) for name in NAMES)
    return {'language': 'python', 'triggers': patterns, 'code': code}


def events(label):
    with open(TRACE) as trace:
        lines = [line.split(' ', 2) for line in trace.read().splitlines()]
    return [line[2] for line in lines if line[:2] == ['tell', m + label]]


def text(*subjects):
    """'complete-work 1' and so on as the trigger that fired."""
    return ['%s-self' % one if ' ' not in one else '%s-self-%s' % tuple(one.split(' ')) for one in subjects]


def expect(label, *subjects):
    wanted = text(*subjects)
    try:
        eventually('as many events as expected', lambda: len(events(label)) >= len(wanted), 60)
    finally:
        assert events(label) == wanted, 'expected\n%s\nfound\n%s' % ('\n'.join(wanted), '\n'.join(events(label)))


def process_state(label):
    """The state letter of the process that wrote down its number: T is stopped."""
    lines = [item for what, name, item in marks(m) if what == 'pid' and name == label]
    try:
        with open('/proc/%s/stat' % lines[-1]) as stat:
            return stat.read().rsplit(')', 1)[1].split()[0]
    except (IndexError, IOError):
        return 'gone'


def stoppable(label, **keys):
    """A frame that says who it is, works in small steps, and ends when the file is there."""
    command = ('echo pid %s%s $$ >>%s; echo begin %s%s QB_FRAME_NUMBER >>%s; while ! test -e %s.go; do sleep 0.02; done; echo end %s%s QB_FRAME_NUMBER >>%s'
               % (m, label, TRACE, m, label, TRACE, path(label), m, label, TRACE))
    return frames(label, m, package={'cmdline': command}, cpus=1, **keys)


def path(label):
    return TRACE + '.' + m + label


def go(label):
    open(path(label) + '.go', 'w').close()


def begun(label, item='1'):
    return marks(m).count(('begin', label, item))


def taken_off():
    """interrupt, preempt, retry and remove; every event of it in its order."""
    job, = qb.submit(stoppable('off', count=2, callbacks=[told('off')]))
    eventually('it runs', lambda: begun('off') == 1)
    assert qb.interrupt(job) == ['%d.0' % job['id']]
    eventually('it runs again', lambda: begun('off') == 2)
    assert info(job, agenda=True)['agenda'][0]['count'] == 0
    assert qb.preempt('%d.0' % job['id']) == ['%d.0' % job['id']]
    go('off')
    reach('complete', job)
    assert qb.remove(job) == [job['id']]
    expect('off', 'submit-job', 'pending-job', *(
        ONCE + ['pending-work 1', 'interrupted-subjob 0', 'pending-subjob 0', 'pending-job']
        + ONCE + ['complete-work 1', 'done-work 1', 'preempted-subjob 0', 'pending-subjob 0', 'pending-job']
        + [one.replace('work 1', 'work 2') for one in ONCE]
        + ['complete-work 2', 'done-work 2', 'complete-subjob 0', 'done-subjob 0', 'complete-job', 'done-job', 'removed-job']))


def stopped():
    """suspend and resume by callbacks; the process really stands still."""
    x, a, b = qb.submit([
        stoppable('x'), stoppable('a'),
        stoppable('b', callbacks=[
            {'language': 'qube', 'triggers': 'complete-job-x', 'code': 'suspend-self'},
            {'language': 'qube', 'triggers': 'complete-job-a', 'code': 'resume-subjob-self'}, told('b')])])
    eventually('b runs', lambda: begun('b') == 1)
    go('x')
    reach('suspended', b)
    eventually('b stopped', lambda: process_state('b') == 'T')
    go('b')
    assert info(b, subjobs=True)['subjobs'][0]['status'] == 'suspended', info(b, subjobs=True)['subjobs']
    go('a')
    reach('complete', x, a, b)
    assert begun('b') == 1, marks(m)
    seen = eventually('its end told', lambda: 'done-job-self' in events('b') and events('b'))
    assert [one for one in seen if one.split('-')[0] in ('suspended', 'resumed')] == text('suspended-subjob 0', 'suspended-job', 'resumed-subjob 0', 'resumed-job'), seen


def migrated():
    """Not back to the only host there is, until its time is over."""
    job, = qb.submit(stoppable('mig', callbacks=[{'language': 'qube', 'triggers': 'running-job-self', 'code': 'migrate-self'}, told('mig')]))
    eventually('why it waits', lambda: 'left this host' in info(job)['reason'])
    assert info(job)['status'] == 'pending', info(job)
    qb.kill(job)
    reach('killed', job)
    expect('mig', 'submit-job', 'pending-job', *(ONCE + [
        'pending-work 1', 'migrated-subjob 0', 'pending-subjob 0', 'pending-job',
        'killed-work 1', 'done-work 1', 'killed-subjob 0', 'done-subjob 0', 'killed-job', 'done-job']))


def held_back():
    """What is held, killed, requeued and tried again, by verbs and by itself: every event in its order."""
    waits, killed, blocked, item, run = qb.submit([
        frames('waits', m, cpus=1, agenda=[{'name': 1}, {'name': 2, 'status': 'blocked'}], callbacks=[
            {'language': 'qube', 'triggers': 'waiting-subjob-self-0', 'code': 'unblock-work-self'}, told('waits')]),
        stoppable('killed', callbacks=[told('killed')]),
        frames('blocked', m, cpus=1, status='blocked', callbacks=[told('blocked')]),
        frames('item', m, cpus=1, package={'cmdline': 'exit 1'}, retrywork=1, callbacks=[told('item')]),
        {'prototype': 'cmdline', 'name': m, 'label': 'run', 'package': {'cmdline': 'exit 1'}, 'retrysubjob': 1, 'callbacks': [told('run')]}])
    end = ['complete-subjob 0', 'done-subjob 0', 'complete-job', 'done-job']
    reach('complete', waits)
    expect('waits', 'submit-job', 'pending-job', *(ONCE + [
        'complete-work 1', 'done-work 1', 'waiting-subjob 0', 'blocked-job',
        'unblocked-work 2', 'pending-work 2', 'running-work 2', 'running-subjob 0', 'unblocked-job', 'running-job', 'complete-work 2', 'done-work 2'] + end))
    reach('failed', item, run)
    expect('item', 'submit-job', 'pending-job', *(ONCE + ['retry-work 1', 'running-work 1', 'failed-work 1', 'done-work 1', 'complete-subjob 0', 'done-subjob 0', 'failed-job', 'done-job']))
    started = [one for one in ONCE if 'work' not in one]
    expect('run', 'submit-job', 'pending-job', *(
        started + ['retry-subjob 0', 'pending-subjob 0', 'pending-job'] + started + ['failed-subjob 0', 'done-subjob 0', 'failed-job', 'done-job']))
    assert qb.unblock(blocked) == ['%d.0' % blocked['id']]
    reach('complete', blocked)
    expect('blocked', 'submit-job', 'blocked-job', 'unblocked-subjob 0', 'pending-subjob 0', 'unblocked-job', 'pending-job', *(ONCE + ['complete-work 1', 'done-work 1'] + end))
    eventually('it runs', lambda: begun('killed') == 1)
    qb.kill(killed)
    reach('killed', killed)
    go('killed')
    qb.retry(killed)
    reach('complete', killed)
    qb.requeue(killed)
    reach('blocked', killed)
    expect('killed', 'submit-job', 'pending-job', *(ONCE + [
        'killed-work 1', 'done-work 1', 'killed-subjob 0', 'done-subjob 0', 'killed-job', 'done-job',
        'retry-work 1', 'pending-work 1', 'retry-subjob 0', 'pending-subjob 0', 'pending-job'] + ONCE + ['complete-work 1', 'done-work 1'] + end + [
        'blocked-work 1', 'blocked-subjob 0', 'blocked-job']))
    qb.kill(killed)


def instances():
    """Verbs on instances: the one that triggers, or one of those that are held."""
    killed, = qb.submit({'prototype': 'cmdline', 'name': m, 'cpus': 2, 'package': {'cmdline': 'test $QBSUBID = 0 || sleep 100'},
                         'callbacks': [{'language': 'qube', 'triggers': 'running-subjob-self-1', 'code': 'kill-subjob-self'}]})
    reach('killed', killed)
    assert [one['status'] for one in info(killed, subjobs=True)['subjobs']] == ['complete', 'killed'], info(killed, subjobs=True)['subjobs']
    source, held = qb.submit([
        frames('source', m, 2, cpus=1),
        {'prototype': 'cmdline', 'name': m, 'cpus': 3, 'status': 'blocked', 'package': {'cmdline': 'true'},
         'callbacks': [{'language': 'qube', 'triggers': 'complete-work-source-*', 'code': 'unblock-subjob-self-single'}]}])
    reach('complete', source)
    eventually('two instances done', lambda: [one['status'] for one in info(held, subjobs=True)['subjobs']] == ['complete', 'complete', 'blocked'])
    qb.kill(held)


def late():
    """Times: told to callbacks, and what their limits fail."""
    told_job, limited, retried, whole, run = qb.submit([
        frames('told', m, 1, 100, agenda_timeout=1, callbacks=[{'language': 'qube', 'triggers': 'timeout-work-self-*', 'code': 'fail-work-self'}]),
        frames('limited', m, 1, 100, agenda_timelimit='1', callbacks=[told('limited')]),
        frames('retried', m, 1, 100, agendatimelimit=1, retrywork=1),
        frames('whole', m, 2, 100, timelimit=1, cpus=1, callbacks=[told('whole')]),
        {'prototype': 'cmdline', 'name': m, 'label': 'run', 'package': {'cmdline': 'sleep 100'}, 'timeout': 1,
         'callbacks': [{'language': 'qube', 'triggers': 'timeout-subjob-self-0 && timeout-job-self', 'code': 'kill-self'}]}])
    reach('failed', told_job, limited, retried, whole)
    reach('killed', run)
    assert begun('retried') == 2, marks(m)
    assert info(retried)['agenda_timelimit'] == 1 and info(retried)['timeout'] == -1, info(retried)
    started = ['submit-job', 'pending-job'] + ONCE
    expect('limited', *(started + ['timeout-work 1', 'failed-work 1', 'done-work 1', 'complete-subjob 0', 'done-subjob 0', 'failed-job', 'done-job']))
    expect('whole', *(started + [
        'timeout-job', 'failed-work 1', 'failed-work 2', 'done-work 1', 'done-work 2', 'failed-subjob 0', 'done-subjob 0', 'failed-job', 'done-job']))


def modified():
    a, b = qb.submit([frames('a', m, status='blocked', mine=0, callbacks=[told('mod')]), frames('b', m, status='blocked', priority=7, mine=[2])])
    other, = qb.submit(frames('b', m, status='blocked'))
    assert qb.modify({'name': 'new name', 'priority': 5, 'mine': [1]}, a, b) == [a['id'], b['id']]
    assert [(info(one)['name'], info(one)['priority'], info(one)['mine']) for one in (a, b)] == [('new name', 5, [1])] * 2
    assert [one['id'] for one in qb.jobinfo(filters={'name': 'new name', 'pgrp': a['pgrp']}, orderby='id ASC')] == [a['id'], b['id']]
    assert qb.modify({'priority': 5}, a) == [a['id']]
    expect('mod', 'submit-job', 'blocked-job', 'modified-job')
    for params, words in (({'priority': 'high'}, 'priority: expected a whole number'), ({'requirements': 'host.os ='}, 'requirements'), ({'status': 'complete'}, 'status: cannot'),
                          ({'mine': 1, 'priority': 9}, 'mine: there is no such attribute'), ({'priorty': 9}, 'did you mean priority'),
                          ({'pgrp': a['pgrp']}, "label: 'b' is taken by job %d" % b['id'])):
        try:
            qb.modify(params, other)
        except qb.QBError as error:
            assert words in str(error), error
        else:
            raise AssertionError('%r was taken' % params)
    assert qb.modify({'pgrp': a['pgrp'], 'label': 'c'}, other) == [other['id']]
    assert (info(other)['pgrp'], info(other)['label']) == (a['pgrp'], 'c')
    assert len(qb.jobinfo(filters={'pgrp': a['pgrp']})) == 3
    # Its label is free where it was, and taken where it is.
    assert qb.submit(frames('b', m, pgrp=other['id'], status='blocked'))[0]['pgrp'] == other['id']
    try:
        qb.submit(frames('c', m, pgrp=a['pgrp'], status='blocked'))
    except qb.QBError as error:
        assert "'c'" in str(error), error
    else:
        raise AssertionError('the label c was given twice')
    grown, = qb.submit(frames('grown', m, 8, 0.3, cpus=1, status='blocked'))
    assert qb.modify({'cpus': 3}, grown) == [grown['id']]
    assert (info(grown)['cpus'], info(grown)['cpustally']['blocked']) == (3, 3), info(grown)
    qb.unblock(grown)
    eventually('three at once', lambda: info(grown)['cpustally']['running'] == 3)
    qb.modify({'cpus': 1}, grown)
    reach('complete', grown)
    assert info(grown)['cpus'] == 1, info(grown)


def removed():
    """While its own callbacks run a removed job is there to be asked about; then it is not."""
    log = path('removed')
    code = ("left = qb.jobinfo('-pgrp', qb.jobid())\n"
            "open(%r, 'a').write('%%s %%s\\n' %% (qb.jobinfo('-id', qb.jobid())[0]['name'], len(left)))\n"
            "for one in left:\n    qb.remove(one['id'])\n" % log)
    first, second = qb.submit([
        frames('first', m, name='first', callbacks=[{'language': 'python', 'triggers': 'removed-job-self', 'code': code}]), frames('second', m)])
    reach('complete', first, second)
    assert qb.remove(first) == [first['id']]
    eventually('both gone', lambda: qb.jobinfo(id=[first['id'], second['id']]) == [] and qb.jobinfo(filters={'pgrp': first['pgrp']}) == [])
    with open(log) as seen:
        assert seen.read() == 'first 2\n'
    assert qb.remove(first) == [] and qb.retry(first) == [] and qb.modify({'name': 'x'}, first) == []
    alone, = qb.submit(frames('alone', m))
    assert qb.remove(alone) == []
    reach('complete', alone)
    assert qb.remove(alone) == [alone['id']]
    assert qb.jobinfo(id=alone['id']) == [] and qb.jobinfo(filters={'pgrp': alone['pgrp']}) == []


def hold():
    """Leaves a suspended process behind, for a node that is killed."""
    job, = qb.submit(stoppable('hold'))
    eventually('it runs', lambda: begun('hold') == 1)
    qb.suspend(job)
    eventually('stopped', lambda: process_state('hold') == 'T')
    go('hold')
    print(job['id'])


def held(job):
    global m
    m = sys.argv[3]
    job = {'id': int(job)}
    assert info(job)['status'] == 'suspended' and process_state('hold') == 'T', (info(job), process_state('hold'))
    assert info(job, subjobs=True)['subjobs'][0]['status'] == 'suspended'
    qb.resume(job)
    reach('complete', job)
    assert begun('hold') == 1, marks(m)


if sys.argv[1] == 'held':
    held(sys.argv[2])
else:
    if sys.argv[1] == 'hold':
        print(m)
    globals()[sys.argv[1]]()
