"""Locks, priorities, reservations, and kill with grace."""

import qb
from farm import TRACE, before, eventually, frames, info, mark, marks, reach

m = mark()
HOST = 'farmhost'


def host():
    return qb.hostinfo(name=HOST)[0]


def locks_hold_priorities_decide():
    assert len(qb.workerlock(name=HOST, lock=True)) == 1
    try:
        eventually('the host locked', lambda: 'host.processor_all=1' in host()['locks'])
        # Each takes the whole host, so that they run one after another.
        whole = dict(cpus=1, reservations='host.processors=%d' % host()['slots'])
        late, last, first, second = qb.submit([
            frames('late', m, priority=500, **whole), frames('last', m, priority=9000, **whole), frames('first', m, priority=1, **whole),
            frames('second', m, priority=1, **whole)])
        reason = eventually('a reason', lambda: [info(one)['reason'] for one in (first,) if info(one)['reason'] != 'none'])[0]
        assert 'lock' in reason, reason
        assert [info(one)['status'] for one in (late, last, first, second)] == ['pending'] * 4
        assert marks(m) == [], marks(m)
    finally:
        assert qb.workerlock(name=HOST, lock=False) != []
    reach('complete', late, last, first, second)
    lines = marks(m)
    for earlier, later in (('first', 'second'), ('second', 'late'), ('late', 'last')):
        before(lines, ('end', earlier, '1'), ('begin', later, '1'))


def reservations_are_kept():
    slots = host()['slots']
    a, b = qb.submit([
        frames('half', m, 6, 0.05, cpus=3, reservations='host.processors=%d' % (slots // 2)),
        frames('wide', m, 3, 0.05, cpus=3, reservations='host.processors=%d' % (slots // 2 + 1))])
    reach('complete', a, b)
    used, most = {'half': 0, 'wide': 0}, 0
    for what, label, _ in marks(m):
        if label in used:
            used[label] += 1 if what == 'begin' else -1
            most = max(most, used['half'] * (slots // 2) + used['wide'] * (slots // 2 + 1))
    assert 0 < most <= slots, 'at one time %d of %d slots were in use: %r' % (most, slots, marks(m))
    too_much, = qb.submit(frames('huge', m, reservations='host.processors=%d' % (slots + 1)))
    reason = eventually('a reason', lambda: [info(one)['reason'] for one in (too_much,) if info(one)['reason'] != 'none'])[0]
    assert 'processors' in reason, reason
    qb.kill(too_much)


def kill_gives_time_to_end():
    # It is told first: what it does about it is written down, and it ends by itself.
    command = ("trap 'echo end %sterm QB_FRAME_NUMBER >>%s; exit 0' TERM; echo begin %sterm QB_FRAME_NUMBER >>%s; while :; do sleep 0.05; done"
               % (m, TRACE, m, TRACE))
    a, = qb.submit(frames('term', m, 2, package={'cmdline': command}, cpus=1))
    eventually('it runs', lambda: ('begin', 'term', '1') in marks(m))
    assert qb.kill(a) == ['%d.0' % a['id']]
    reach('killed', a)
    eventually('its own end', lambda: ('end', 'term', '1') in marks(m))
    eventually('nothing runs', lambda: host()['slotsused'] == 0)
    assert [work['status'] for work in info(a, agenda=True)['agenda']] == ['killed', 'killed'], info(a, agenda=True)['agenda']
    assert ('begin', 'term', '2') not in marks(m), marks(m)


locks_hold_priorities_decide()
reservations_are_kept()
kill_gives_time_to_end()
