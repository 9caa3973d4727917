"""Flight checks of jobs and of the host, at both levels, in commands and in back ends: their order, their surroundings, what their failures do.

flights.py FOLDER: the host's own checks; it had instance/pre, instance/post, agenda/pre and agenda/post when the farm was started.
"""

import os
import sys

import qb
from farm import TRACE, eventually, info, reach

SITE = sys.argv[1]
HERE = os.path.dirname(TRACE)


def check(name, *lines, **options):
    """A check that says that it ran, and where it did; the path of it."""
    path = os.path.join(options.get('folder', HERE), name)
    with open(path, 'w') as script:
        script.write('#!/bin/sh\n[ -n "$TRACE" ] || exit 0\necho "%s ${QB_FRAME_NUMBER:--} ${QB_FRAME_STATUS:--} ${QB_INSTANCE_STATUS:--} '
                     '${QB_SYSTEM_EXIT_CODE:--}" >>"$TRACE"\n%s\n' % (name, '\n'.join(lines)))
    os.chmod(path, options.get('mode', 0o755))
    return path


def lines(trace):
    try:
        with open(trace) as opened:
            return opened.read().splitlines()
    except IOError:
        return []


def submit(name, **keys):
    trace = '%s.%s' % (TRACE, name)
    job = {'name': name, 'prototype': 'cmdrange', 'cpus': 1, 'env': {'TRACE': trace}, 'agenda': qb.genframes('1-2'),
           'package': {'cmdline': 'echo work QB_FRAME_NUMBER >>%s; [ QB_FRAME_NUMBER != %s ]' % (trace, keys.pop('fails', 'none'))}}
    job.update(keys)
    if not job['agenda']:
        del job['agenda']
    return trace, qb.submit(job)[0]


def expect(trace, *expected):
    seen = lines(trace)
    assert seen == list(expected), 'expected\n %s\nfound\n %s' % ('\n '.join(expected), '\n '.join(seen))


def told(job, text):
    """The reason stands in the job's history."""
    eventually('%r in the history of %s' % (text, job['id']), lambda: [line for line in qb.hist(job['id']) if text in line['comment']])


def statuses(job):
    found = info(job, agenda=True, subjobs=True)
    return [work['status'] for work in found['agenda']], [instance['status'] for instance in found['subjobs']]


def order():
    trace, job = submit('order', preflights=[check('before1'), check('before2')], postflights=check('after'),
                        agenda_preflights=check('itembefore'), agenda_postflights=check('itemafter'))
    reach('complete', job)
    expect(trace, 'before1 - - - -', 'before2 - - - -', '10site-pre - - - -',
           'itembefore 1 - - -', '20site-item 1 - - -', 'work 1', 'itemafter 1 complete - 0',
           'itembefore 2 - - -', '20site-item 2 - - -', 'work 2', 'itemafter 2 complete - 0',
           'after - - complete 0')
    assert info(job, subjobs=True)['subjobs'][0]['count'] == 1, info(job, subjobs=True)['subjobs']


def command():
    trace, job = submit('command', prototype='cmdline', agenda=[], preflights=check('before'), postflights=check('after'),
                        package={'cmdline': 'echo work >>$TRACE; exit 7'})
    reach('failed', job)
    expect(trace, 'before - - - -', '10site-pre - - - -', 'work', 'after - - failed 7')


def failed_items():
    """The second item's preflight and the first one's postflight fail; its command fails with the third."""
    before, after = check('only1and3', '[ $QB_FRAME_NUMBER != 2 ] || exit 9'), check('not1', '[ $QB_FRAME_NUMBER != 1 ]')
    trace, job = submit('items', agenda=qb.genframes('1-4'), fails='3', agenda_preflights=before, agenda_postflights=after)
    reach('failed', job)
    assert statuses(job) == (['failed', 'failed', 'failed', 'complete'], ['complete']), statuses(job)
    expect(trace, '10site-pre - - - -', 'only1and3 1 - - -', '20site-item 1 - - -', 'work 1', 'not1 1 complete - 0', 'only1and3 2 - - -',
           'only1and3 3 - - -', '20site-item 3 - - -', 'work 3', 'not1 3 failed - 1', 'only1and3 4 - - -', '20site-item 4 - - -', 'work 4', 'not1 4 complete - 0')
    told(job, 'agenda preflight %s failed with exit code 9' % before)
    told(job, 'agenda postflight %s failed with exit code 1' % after)


def failed_instance():
    """Nothing is worked; what comes after the failed check is left out. Not there, or not executable, is a failure too."""
    bad = check('bad', 'exit 3')
    trace, job = submit('instance', preflights=[bad, check('never')], postflights=check('after'))
    reach('failed', job)
    expect(trace, 'bad - - - -')
    assert statuses(job) == (['pending', 'pending'], ['failed']), statuses(job)
    told(job, 'preflight %s failed with exit code 3' % bad)
    _, missing = submit('missing', preflights='/nowhere/check')
    _, plain = submit('plain', postflights=check('plain', mode=0o644))
    reach('failed', missing)
    told(missing, 'preflight /nowhere/check is not there')
    reach('complete', plain)
    assert statuses(plain) == (['complete', 'complete'], ['failed']), statuses(plain)
    told(plain, 'postflight %s is not executable' % os.path.join(HERE, 'plain'))


def retried():
    """It starts again when the job may go back to the only host there is."""
    once = check('once', '[ -e $TRACE.seen ] || { touch $TRACE.seen; exit 1; }')
    trace, job = submit('retried', preflights=once, retrysubjob=1)
    reach('complete', job)
    expect(trace, 'once - - - -', 'once - - - -', '10site-pre - - - -', '20site-item 1 - - -', 'work 1', '20site-item 2 - - -', 'work 2')
    assert info(job, subjobs=True)['subjobs'][0]['count'] == 2, info(job, subjobs=True)['subjobs']


def back_ends():
    """Checks around the items of one process, and after its end."""
    for kind in ('tally', 'tallypl'):
        before, after = check('not2' + kind, '[ $QB_FRAME_NUMBER != 2 ]'), check('not3' + kind, '[ $QB_FRAME_STATUS$QB_FRAME_NUMBER != complete3 ]')
        trace, job = submit(kind, prototype=kind, agenda=qb.genframes('1-5'), package={'factor': 2, 'fails': ['4']},
                            agenda_preflights=before, agenda_postflights=after, postflights=check('last' + kind))
        reach('failed', job)
        assert statuses(job) == (['complete', 'failed', 'failed', 'failed', 'complete'], ['complete']), (kind, statuses(job))
        told(job, 'agenda preflight %s failed with exit code 1' % before)
        told(job, 'agenda postflight %s failed with exit code 1' % after)
        results = [work['resultpackage'] for work in info(job, agenda=True)['agenda']]
        assert results[0]['outputPaths'] == '/mnt/render/1.exr' and int(results[4]['times']) == 2, (kind, results)
        seen = [' '.join(line.split()[:2]) for line in lines(trace)]
        over = seen.index('over 0')
        assert seen[over:] == ['over 0', 'last%s -' % kind], (kind, seen)
        assert [line for line in seen if line.startswith('begin')] == ['begin 1', 'begin 3', 'begin 4', 'begin 5'], (kind, seen)
        assert len([line for line in seen if line.startswith('process')]) == 1, (kind, seen)


def paths():
    """One map for QB_CONVERT_PATH, for the module in a command, and for job types."""
    trace, job = submit('paths', package={'cmdline': 'echo QB_CONVERT_PATH(/render/QB_FRAME_NUMBER) >>$TRACE; %s -c '
                                          '"import qb; print(qb.convertpath(\'/render/x\'), sorted(qb.workerpathmap().items()))" >>$TRACE' % sys.executable,
                                          'env': {'PYTHONPATH': os.environ['PYTHONPATH']}}, agenda=qb.genframes('7'))
    reach('complete', job)
    expect(trace, '10site-pre - - - -', '20site-item 7 - - -', '/mnt/render/7', "/mnt/render/x [('/render', '/mnt/render')]")


check('10site-pre', folder=os.path.join(SITE, 'instance', 'pre'))
check('20site-item', folder=os.path.join(SITE, 'agenda', 'pre'))
with open(os.path.join(SITE, 'agenda', 'post', 'README.txt'), 'w') as readme:
    readme.write('what is checked here\n')
for test in (order, command, failed_items, failed_instance, retried, back_ends, paths):
    test()
    print(test.__name__)
    sys.stdout.flush()
