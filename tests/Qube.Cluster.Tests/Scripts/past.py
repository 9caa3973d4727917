"""What has been, what will be and what is again: past.py completed|delayed|again LANGUAGE."""

import sys
import time

import qb
from farm import before, callback, eventually, fired, frames, info, mark, marks, reach, unblock_self

what, language = sys.argv[1:]
m = mark()


def job_had_already_completed():
    a, = qb.submit(frames('A', m, 2))
    reach('complete', a)
    catching_up = dict(unblock_self(language, 'complete-job-%d' % a['id']))
    if language != 'qube':
        catching_up['catchup'] = True
    b, c, d, e = qb.submit([
        frames('B', m, dependency='link-complete-job-%d' % a['id']),
        frames('C', m, 2, dependency='link-complete-work-%d' % a['id']),
        frames('D', m, status='blocked', callbacks=[catching_up]),
        # As Qube! has it: what has been does not come again, and the answer says so.
        frames('E', m, status='blocked', callbacks=[dict(unblock_self(language, 'complete-job-%d' % a['id']), catchup=False)])])
    assert qb.warnings() == [
        "job 4 (label E), callbacks[0].triggers: 'complete-job-%d' will not fire unless job %d is run again: it is complete already; "
        "'catchup': True counts what was before" % (a['id'], a['id'])], qb.warnings()
    reach('complete', b, c, d)
    assert (info(e)['status'], fired(e)[0]) == ('blocked', 0), info(e)
    # Run again it fires, in E as in D.
    qb.retry(a)
    reach('complete', a, e)
    assert fired(e)[0] == 1, fired(e)


def start_is_delayed():
    due = int(time.time()) + 3
    trigger = 'dummy-time-self-%d' % (due - qb.QB_TIME_EPOCH_OFFSET)
    a, = qb.submit(frames('A', m, status='blocked', callbacks=[unblock_self(language, trigger)]))
    assert info(a)['status'] == 'blocked', info(a)
    reach('complete', a)
    started = info(a, agenda=True)['agenda'][0]['timestart_ms']
    assert started >= due * 1000, 'expected a start at or after %d, found %d' % (due * 1000, started)
    assert fired(a)[0] == 1, fired(a)


def retry_makes_it_fire_again():
    a, b = qb.submit([
        frames('A', m, 2, status='blocked', callbacks=[{'language': 'python', 'triggers': 'complete-work-self-*', 'code': "print('done', qb.workname())"}]),
        frames('B', m, 2, callbacks=[callback(language, 'complete-work-A-*', 'retry-work-self', "qb.retrywork('%d:%s' % (qb.jobid(), qb.workname()))")])])
    reach('complete', b)
    qb.unblock(a)
    eventually('a firing for each item of A', lambda: (fired(a)[0], fired(b)[0]) == (2, 2))
    reach('complete', a, b)
    assert qb.retrywork('%d:2' % a['id']) == ['%d:2' % a['id']]
    eventually('one more for item 2', lambda: (fired(a)[0], fired(b)[0]) == (3, 3))
    eventually('all firings done', lambda: all(firing['done'] for job in (a, b) for firing in fired(job)[1]))
    reach('complete', a, b)
    lines = marks(m)
    assert [lines.count(('end', 'A', item)) for item in '12'] == [1, 2], lines
    assert [lines.count(('end', 'B', item)) for item in '12'] == [2, 3], lines


{'completed': job_had_already_completed, 'delayed': start_is_delayed, 'again': retry_makes_it_fire_again}[what]()
