"""What the scripts of the acceptance tests share."""

import os
import sys
import time

import qb

TRACE = os.environ['TRACE']
LIMIT_SECONDS = 120.0
# A node that is killed and starts again is away for seconds, on a busy machine for many.
qb.settimeout(int(LIMIT_SECONDS * 1000))


def eventually(expected, probe, limit=LIMIT_SECONDS):
    """Asks until the answer is true and returns it; fails with what was seen last."""
    end = time.time() + limit
    while True:
        seen = probe()
        if seen:
            return seen
        assert time.time() < end, 'expected %s within %d s, last seen %r' % (expected, limit, seen)
        time.sleep(0.02)


def info(job, **options):
    found = qb.jobinfo(id=job['id'], **options)
    assert len(found) == 1, 'expected job %s, found %r' % (job['id'], found)
    return found[0]


def reach(status, *jobs):
    """Waits until all these jobs have this status."""
    end = time.time() + LIMIT_SECONDS
    while True:
        seen = dict((one['id'], one) for one in qb.jobinfo(id=[job['id'] for job in jobs]))
        if all(seen[job['id']]['status'] == status for job in jobs):
            return
        assert time.time() < end, 'expected all %s, found %r' % (status, [
            (seen[job['id']]['id'], seen[job['id']]['label'], seen[job['id']]['status'], seen[job['id']]['reason'], seen[job['id']]['todotally']) for job in jobs])
        time.sleep(0.05)


def traced(mark, seconds=0.0, item='QB_FRAME_NUMBER'):
    """A command that writes down that it begins, works, and as its last act that it ends."""
    work = ' sleep %s;' % seconds if seconds else ''
    return 'echo begin %s %s >>%s;%s echo end %s %s >>%s' % (mark, item, TRACE, work, mark, item, TRACE)


def marks(prefix):
    """The lines of one test's frames, in the order in which they were written: [(begin or end, mark, item)]."""
    with open(TRACE) as trace:
        lines = [tuple(line.split(' ', 2)) for line in trace.read().splitlines()]
    return [(what, mark[len(prefix):], item) for what, mark, item in lines if mark.startswith(prefix)]


def before(lines, first, second):
    """Asserts that both are there, once each, and in this order."""
    for one in (first, second):
        assert lines.count(one) == 1, 'expected %r once, found %d times in %r' % (one, lines.count(one), lines)
    assert lines.index(first) < lines.index(second), 'expected %r before %r in %r' % (first, second, lines)


def frames(label, mark, count=1, seconds=0.0, **keys):
    job = {'prototype': 'cmdrange', 'label': label, 'name': 'test %s' % mark, 'cpus': 2,
           'package': {'cmdline': traced(mark + label, seconds)}, 'agenda': qb.genframes('1-%d' % count)}
    job.update(keys)
    return job


def fired(job, callback=1):
    """(count, firings) of a callback; asserts that no two firings have one id."""
    one = [cb for cb in info(job, callbacks=True)['callbacks'] if cb['id'] == callback][0]
    ids = [firing['id'] for firing in one['firings']]
    assert len(set(ids)) == len(ids), 'two firings with one id: %r' % ids
    return one['count'], one['firings']


def callback(language, triggers, verb, python):
    """The same callback in qube verbs or in python."""
    return {'language': language, 'triggers': triggers, 'code': verb if language == 'qube' else python}


def unblock_self(language, triggers):
    return callback(language, triggers, 'unblock-self', 'qb.unblock(qb.jobid())')


def refused(message, *jobs, **options):
    """Asserts that a submission is refused with exactly this text."""
    try:
        accepted = qb.submit(*jobs)
    except qb.QBError as error:
        assert str(error) == message, 'expected %r\n   found %r' % (message, str(error))
        for key, value in options.items():
            assert getattr(error, key) == value, 'expected %s %r, found %r' % (key, value, getattr(error, key))
        return
    raise AssertionError('expected %r, and it was accepted: %r' % (message, accepted))


def mark():
    """A mark of this run's own."""
    return '%s-%d-' % (os.path.basename(sys.argv[0]).split('.')[0], os.getpid())
