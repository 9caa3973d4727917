"""The four dependency shapes of the callbacks page, in qube verbs or in python: shapes.py SHAPE LANGUAGE."""

import sys

import qb
from farm import before, callback, fired, frames, info, mark, marks, reach, unblock_self

shape, language = sys.argv[1:]
m = mark()


def job_waits_for_job():
    a, b = qb.submit([
        frames('A', m, 6, 0.02),
        frames('B', m, 3, status='blocked', callbacks=[unblock_self(language, 'complete-job-A')])])
    reach('complete', a, b)
    lines = marks(m)
    for i in range(1, 7):
        for j in range(1, 4):
            before(lines, ('end', 'A', str(i)), ('begin', 'B', str(j)))
    assert fired(b)[0] == 1, fired(b)


def frame_waits_for_frame():
    count = 12
    agenda = qb.genframes('1-%d' % count)
    for work in agenda:
        work['status'] = 'blocked'
    # In python as on the callbacks page: the frame, then its job.
    callbacks = [callback(language, 'complete-work-A-%d' % i, 'unblock-work-self',
                          "qb.workunblock('%%d:%d' %% qb.jobid())\nqb.unblock(qb.jobid())" % i) for i in range(1, count + 1)]
    a, b = qb.submit([frames('A', m, count, 0.02), frames('B', m, count, status='blocked', agenda=agenda, callbacks=callbacks)])
    reach('complete', a, b)
    lines = marks(m)
    for i in range(1, count + 1):
        before(lines, ('end', 'A', str(i)), ('begin', 'B', str(i)))
        assert fired(b, i)[0] == 1, fired(b, i)


def job_waits_for_both():
    a, b, c = qb.submit([
        frames('A', m, 4, 0.02), frames('B', m, 1, 0.2), frames('C', m, 2, status='blocked', callbacks=[unblock_self(language, 'complete-job-A && complete-job-B')])])
    reach('complete', a, b, c)
    lines = marks(m)
    for j in ('1', '2'):
        before(lines, ('end', 'A', '4'), ('begin', 'C', j))
        before(lines, ('end', 'B', '1'), ('begin', 'C', j))
    assert fired(c)[0] == 1, fired(c)


def job_waits_for_both_or_a_third():
    trigger = '(complete-job-A && complete-job-B) || complete-job-C'

    # C alone is enough: A and B do not even begin.
    a, b, c, d = qb.submit([
        frames('A', m + 'x', status='blocked'), frames('B', m + 'x', status='blocked'), frames('C', m + 'x'),
        frames('D', m + 'x', status='blocked', callbacks=[unblock_self(language, trigger)])])
    reach('complete', c, d)
    before(marks(m + 'x'), ('end', 'C', '1'), ('begin', 'D', '1'))
    reach('blocked', a, b)
    qb.kill(a, b)

    # A and B are enough; A alone is not, and C never begins.
    a, b, c, d = qb.submit([
        frames('A', m + 'y'), frames('B', m + 'y', status='blocked'), frames('C', m + 'y', status='blocked'),
        frames('D', m + 'y', status='blocked', callbacks=[unblock_self(language, trigger)])])
    reach('complete', a)
    assert (info(d)['status'], fired(d)[0]) == ('blocked', 0), info(d)
    qb.unblock(b)
    reach('complete', b, d)
    lines = marks(m + 'y')
    before(lines, ('end', 'A', '1'), ('begin', 'D', '1'))
    before(lines, ('end', 'B', '1'), ('begin', 'D', '1'))
    reach('blocked', c)
    qb.kill(c)


{'job': job_waits_for_job, 'frame': frame_waits_for_frame, 'and': job_waits_for_both, 'or': job_waits_for_both_or_a_third}[shape]()
