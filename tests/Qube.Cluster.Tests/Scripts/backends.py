"""Back ends between items: preempt, kill, jobs without agenda, types that no host has, and the command types beside cmdrange."""

import os

import qb
from farm import TRACE, eventually, info, reach


def lines(trace, what):
    try:
        with open(trace) as opened:
            return [line.split() for line in opened.read().splitlines() if line.split()[0] == what]
    except IOError:
        return []


def alive(pid):
    try:
        with open('/proc/%s/stat' % pid) as stat:
            return stat.read().rpartition(')')[2].split()[0] != 'Z'
    except IOError:
        return False


def tally(name, count, seconds, **keys):
    trace = TRACE + '.' + name
    job = {'name': name, 'prototype': 'tally', 'cpus': 1, 'agenda': qb.genframes('1-%d' % count), 'env': {'TRACE': trace},
           'package': {'factor': 1, 'seconds': seconds}}
    job.update(keys)
    return trace, qb.submit(job)[0]


def preempted():
    trace, job = tally('preempted', 6, 0.2)
    eventually('an item begun', lambda: lines(trace, 'begin'))
    assert qb.preempt(job['id']), 'nothing was preempted'
    reach('complete', job)
    told = eventually('both processes told how it ended', lambda: len(lines(trace, 'over')) == 2 and [line[2] for line in lines(trace, 'over')])
    assert told == ['pending', 'complete'], told
    begun = sorted(int(line[1]) for line in lines(trace, 'begin'))
    assert begun == [1, 2, 3, 4, 5, 6], 'every item once, in two processes: %r' % begun
    assert len(lines(trace, 'process')) == 2, lines(trace, 'process')


def killed():
    trace, job = tally('killed', 4, 600)
    pid = eventually('an item begun', lambda: lines(trace, 'begin'))[0][2]
    assert qb.kill(job['id']) == [job['id']] or qb.kill(job['id']) == []
    reach('killed', job)
    eventually('process %s gone' % pid, lambda: not alive(pid))
    statuses = [work['status'] for work in info(job, agenda=True)['agenda']]
    assert statuses == ['killed'] * 4, statuses


def blocked_rest():
    """The remaining item is blocked: the back end waits, hears that, and a new one runs it when it is not blocked any more."""
    agenda = qb.genframes('1-2')
    agenda[1]['status'] = 'blocked'
    trace, job = tally('blocked', 2, 0, agenda=agenda)
    eventually('told to wait', lambda: lines(trace, 'waiting'))
    qb.unblockwork('%d:2' % job['id'])
    reach('complete', job)
    assert sorted(line[1] for line in lines(trace, 'begin')) == ['1', '2'], lines(trace, 'begin')


def doorman():
    job = qb.submit({'name': 'doorman', 'prototype': 'doorman', 'cpus': 2, 'package': {'say': ['complete', 'failed']}})[0]
    reach('failed', job)
    statuses = [instance['status'] for instance in info(job, subjobs=True)['subjobs']]
    assert statuses == ['complete', 'failed'], statuses


def unknown():
    job = qb.submit({'name': 'unknown', 'prototype': 'nobodyHasThis', 'agenda': qb.genframes('1-2'), 'package': {}})[0]
    reason = eventually('a reason', lambda: [text for text in [info(job)['reason']] if 'not installed' in text])
    assert 'nobodyHasThis' in reason[0] and info(job)['status'] == 'pending', reason
    qb.kill(job['id'])


def commands():
    trace = TRACE + '.commands'
    jobs = qb.submit([
        {'name': kind, 'prototype': kind, 'agenda': qb.genframes('7-8'), 'package': {'cmdline': 'echo %s QB_FRAME_START >>%s' % (kind, trace), 'padding': 3}}
        for kind in ('frame', 'pyCmdrange')] + [{'name': 'py', 'prototype': 'pyCmdline', 'package': {'cmdline': 'echo pyCmdline $QBSUBID >>%s' % trace}}])
    reach('complete', *jobs)
    with open(trace) as opened:
        seen = sorted(opened.read().splitlines())
    assert seen == ['frame 007', 'frame 008', 'pyCmdline 0', 'pyCmdrange 007', 'pyCmdrange 008'], seen


for test in (commands, doorman, unknown, preempted, killed, blocked_rest):
    test()
    print(test.__name__)
    os.sys.stdout.flush()
