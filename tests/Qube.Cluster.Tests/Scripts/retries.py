"""Automatic retries of items and instances, and manual ones."""

import qb
from farm import TRACE, info, mark, marks, reach

m = mark()
# Fails twice: what it has tried stands in the trace.
tries = 'echo begin %sNAME QB_FRAME_NUMBER >>%s; test $(grep -c "begin %sNAME QB_FRAME_NUMBER$" %s) -ge 3' % (m, TRACE, m, TRACE)


def items(label, **keys):
    return dict({'prototype': 'cmdrange', 'name': m, 'label': label, 'package': {'cmdline': tries.replace('NAME', label)}, 'agenda': qb.genframes('1-2')}, **keys)


def instance(label, **keys):
    return dict({'prototype': 'cmdline', 'name': m, 'label': label,
                 'package': {'cmdline': tries.replace('NAME', label).replace('QB_FRAME_NUMBER', '0')}}, **keys)


never, twice, once, delayed, single, single_twice = qb.submit([
    items('never'), items('twice', retrywork=2), items('once', retrywork='1'), items('delayed', retrywork=2, retrywork_delay=1), instance('single'),
    instance('singletwice', retrysubjob=2)])
reach('complete', twice, delayed, single_twice)
reach('failed', never, once, single)
lines = marks(m)


def begun(label, item):
    return lines.count(('begin', label, item))


for label, count in (('never', 1), ('twice', 3), ('once', 2), ('delayed', 3)):
    assert [begun(label, '1'), begun(label, '2')] == [count, count], (label, lines)
assert (begun('single', '0'), begun('singletwice', '0')) == (1, 3), lines
assert [work['count'] for work in info(twice, agenda=True)['agenda']] == [3, 3], info(twice, agenda=True)['agenda']
assert info(single_twice, subjobs=True)['subjobs'][0]['count'] == 3, info(single_twice, subjobs=True)['subjobs']

# Manual: the failed item of one, then the whole of the other.
assert qb.retrywork('%d:2' % once['id']) == ['%d:2' % once['id']]
reach('failed', once)
assert [work['status'] for work in info(once, agenda=True)['agenda']] == ['failed', 'complete'], info(once, agenda=True)['agenda']
qb.retry(once)
reach('complete', once)
assert [work['status'] for work in info(once, agenda=True)['agenda']] == ['complete', 'complete'], info(once, agenda=True)['agenda']
