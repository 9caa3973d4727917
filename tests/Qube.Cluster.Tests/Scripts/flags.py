"""Flags about instances and about what they run in: export_environment, cpus, disable_cpu_limit, disable_auto_complete, grid, host_list."""

import os
import sys

import qb
from farm import TRACE, eventually, info, reach


def job(name, flags, **keys):
    trace = '%s.%s' % (TRACE, name)
    one = {'name': name, 'prototype': 'cmdrange', 'flags': flags, 'env': {'OUT': trace}, 'agenda': qb.genframes('1-3'),
           'package': {'cmdline': 'echo QB_FRAME_NUMBER $QBSUBID >>%s' % trace}}
    one.update(keys)
    return trace, qb.submit(one)[0]


def lines(trace):
    try:
        with open(trace) as opened:
            return opened.read().splitlines()
    except IOError:
        return []


def instances(one):
    return [instance['status'] for instance in info(one, subjobs=True)['subjobs']]


def export_environment():
    """By name and by number: the submitter's environment, under the job's own; without the flag the worker's."""
    os.environ['STUDIO_SHOW'] = 'hidden "figures"'
    os.environ['STUDIO_SHOT'] = 'submitter'
    for flags, expected in (('export_environment', 'hidden "figures"'), (16, 'hidden "figures"'), ('auto_mount', '')):
        trace, one = job('export%s' % flags, flags, agenda=qb.genframes('1'), package={'cmdline': 'echo "$STUDIO_SHOW|$STUDIO_SHOT|$QBJOBID" >>$OUT'},
                         env={'OUT': '%s.export%s' % (TRACE, flags), 'STUDIO_SHOT': 'job'})
        reach('complete', one)
        assert lines(trace) == ['%s|job|%d' % (expected, one['id'])], (flags, lines(trace))


def cpu_limit():
    _, limited = job('limited', 'auto_mount', cpus=5, status='blocked')
    _, free = job('free', 'disable_cpu_limit', cpus=5, status='blocked')
    assert (info(limited)['cpus'], info(free)['cpus']) == (3, 5), (info(limited)['cpus'], info(free)['cpus'])
    assert (len(instances(limited)), len(instances(free))) == (3, 5)
    qb.unblock(limited['id'], free['id'])
    reach('complete', limited, free)
    assert instances(free) == ['complete'] * 5, instances(free)


def auto_complete():
    """Instances that never started are completed by the supervisor, unless they are to be left alone. One slot is free for both jobs."""
    for flags, rest in (('auto_mount', 'complete'), ('disable_auto_complete', 'pending')):
        _, one = job('auto' + rest, flags, cpus=2, agenda=qb.genframes('1-2'), reservations='host.processors=4')
        reach('complete', one)
        assert sorted(instances(one)) == sorted(['complete', rest]), (flags, instances(one))


def grid():
    """Four slots, one of them taken: two instances of two slots begin together when it is free, not one by one."""
    release = TRACE + '.release'
    _, taker = job('taker', 'auto_mount', prototype='cmdline', package={'cmdline': 'while [ ! -e %s ]; do sleep 0.05; done' % release}, agenda=None)
    eventually('the taker running', lambda: info(taker)['status'] == 'running')
    trace, one = job('grid', 'grid', cpus=2, agenda=qb.genframes('1-4'), reservations='host.processors=2')
    eventually('one instance there, the other not', lambda: sorted(instances(one)) == ['pending', 'running'])
    # Whatever might run without the other has had the time that a whole job takes.
    _, other = job('other', 'auto_mount', cpus=1, agenda=qb.genframes('1'))
    reach('complete', other)
    assert lines(trace) == [] and info(one)['todotally'].get('pending') == 4, (lines(trace), info(one)['todotally'])
    open(release, 'w').close()
    reach('complete', one, taker)
    assert sorted(line.split()[0] for line in lines(trace)) == ['1', '2', '3', '4'], lines(trace)
    assert sorted(instances(one)) == ['complete', 'complete'], instances(one)


def host_list():
    """One instance on each host: of three one runs and does it all, two stay pending until there is nothing left."""
    trace, one = job('hosts', 'host_list', cpus=3, agenda=qb.genframes('1-3'))
    reach('complete', one)
    assert sorted(lines(trace)) in [['%d %d' % (frame, sub) for frame in (1, 2, 3)] for sub in range(3)], lines(trace)


for test in (export_environment, cpu_limit, auto_complete, grid, host_list):
    test()
    print(test.__name__)
    sys.stdout.flush()
