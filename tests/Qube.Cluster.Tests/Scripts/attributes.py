"""What goes in comes out: unknown keys, numbers as strings, a prototype that nobody knows."""

import qb
from farm import eventually, frames, info, mark, reach

m = mark()
mine = {'deep': {'list': [1, 2.5, None, {'x': True}]}, 'text': u'\u00fc', 'empty': ''}
a, = qb.submit({
    'prototype': 'cmdrange', 'name': m, 'label': 'A', 'cpus': '2', 'priority': '77', 'retrywork': '3', 'agenda': qb.genframes('1-3'), 'mine': mine,
    'package': {'cmdline': '/bin/true', 'padding': '4', 'theirs': mine}})
assert (a['cpus'], a['priority']) == (2, 77), a
reach('complete', a)
seen = info(a)
assert (seen['cpus'], seen['priority'], seen['retrywork']) == (2, 77, 3), seen
assert seen['mine'] == mine, seen['mine']
assert dict(seen['package']) == {'cmdline': '/bin/true', 'padding': '4', 'theirs': mine}, seen['package']
assert seen.id == seen.id() == seen['id'] == a['id']
assert seen.mine['text'] == u'\u00fc'
listed, = qb.jobinfo(filters={'name': m})
assert listed['mine'] == mine and listed['status'] == 'complete', listed
assert [one['id'] for one in qb.jobinfo(filters={'priority': '77', 'name': m, 'status': 'complete'})] == [a['id']]
assert qb.jobinfo(filters={'priority': 78, 'name': m}) == []

unknown, = qb.submit({'prototype': 'mayaBatch', 'name': m + 'unknown', 'package': {'scenefile': '/x.ma'}, 'agenda': qb.genframes('1-2')})
reason = eventually('a reason', lambda: [one['reason'] for one in qb.jobinfo(id=unknown['id']) if one['reason'] != 'none'])[0]
assert 'mayaBatch' in reason, reason
assert info(unknown)['status'] == 'pending', info(unknown)
eventually('the reason in the list too', lambda: [one['reason'] for one in qb.jobinfo(filters={'name': m + 'unknown'})] == [reason])
qb.kill(unknown)
reach('killed', unknown)
