"""Wildcards: wildcards.py thousand|joined|words LANGUAGE."""

import sys

import qb
import farm
from farm import before, callback, fired, frames, info, mark, marks, reach, unblock_self

what, language = sys.argv[1:]
m = mark()


def all_blocked(ranges):
    agenda = qb.genframes(ranges)
    for work in agenda:
        work['status'] = 'blocked'
    return agenda


def one_callback_unblocks_a_thousand_frames():
    count = 1000
    # The commands have no shell syntax and are started directly: the order is that of the frames' own times.
    plain = {'cmdline': '/bin/true'}
    a, b = qb.submit([
        frames('A', m, count, package=plain),
        frames('B', m, count, package=plain, status='blocked', agenda=all_blocked('1-%d' % count), callbacks=[
            callback(language, 'complete-work-A-*', 'unblock-work-self',
                     "qb.workunblock('%d:%s' % (qb.jobid(), qb.workname()))\nqb.unblock(qb.jobid())")])])
    reach('complete', a, b)
    ended = dict((work['name'], work['timecomplete_ms']) for work in info(a, agenda=True)['agenda'])
    started = dict((work['name'], work['timestart_ms']) for work in info(b, agenda=True)['agenda'])
    assert sorted(ended) == sorted(started) == sorted(str(i) for i in range(1, count + 1))
    early = [(name, ended[name], started[name]) for name in ended if started[name] < ended[name]]
    assert not early, 'frames of B that began before their frame of A had ended: %r' % early
    assert fired(b)[0] == count, fired(b)[0]


def wildcards_are_joined_by_name():
    count = 8
    a, b, c = qb.submit([
        frames('A', m, count, 0.02),
        # The other way round, so that A and B seldom end the same frame together.
        frames('B', m, count, 0.02, agenda=[{'name': i} for i in range(count, 0, -1)]),
        frames('C', m, count, status='blocked', agenda=all_blocked('1-%d' % count), callbacks=[
            {'language': 'qube', 'triggers': 'complete-work-A-* && complete-work-B-*', 'code': 'unblock-work-self'}])])
    reach('complete', a, b, c)
    lines = marks(m)
    for i in range(1, count + 1):
        before(lines, ('end', 'A', str(i)), ('begin', 'C', str(i)))
        before(lines, ('end', 'B', str(i)), ('begin', 'C', str(i)))
    assert fired(c)[0] == count, fired(c)


def and_is_a_word():
    segments = ['Segment: 1-200', 'Segment: 201-400']
    trigger = 'complete-work-%s-Segment: 1-200 and complete-work-%s-Segment: 201-400'
    command = "echo begin %sA 'QB_FRAME_RANGE' >>%s; sleep 0.05; echo end %sA 'QB_FRAME_RANGE' >>%s"
    a, b = qb.submit([
        # A job of its own, and an item of the same job.
        {'prototype': 'cmdrange', 'label': 'A', 'name': 'test ' + m, 'cpus': 2, 'package': {'cmdline': command % (m, farm.TRACE, m, farm.TRACE)},
         'agenda': [{'name': segments[0]}, {'name': segments[1]}, {'name': 'Merge', 'status': 'blocked'}],
         'callbacks': [{'language': 'python', 'triggers': trigger % ('self', 'self'),
                        'code': "qb.workunblock('%d:Merge' % qb.jobid())\nqb.unblock(qb.jobid())"}]},
        frames('B', m, status='blocked', callbacks=[unblock_self(language, trigger % ('A', 'A'))])])
    reach('complete', a, b)
    lines = marks(m)
    for segment in segments:
        before(lines, ('end', 'A', segment), ('begin', 'A', 'Merge'))
        before(lines, ('end', 'A', segment), ('begin', 'B', '1'))
    assert fired(a)[0] == fired(b)[0] == 1, (fired(a), fired(b))


{'thousand': one_callback_unblocks_a_thousand_frames, 'joined': wildcards_are_joined_by_name, 'words': and_is_a_word}[what]()
