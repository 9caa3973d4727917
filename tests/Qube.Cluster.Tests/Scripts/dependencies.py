"""The dependency attribute in its forms."""

import qb
from farm import before, frames, info, mark, marks, reach

m = mark()
a, b = qb.submit([frames('A', m, 6, 0.02), frames('B', m, 6, 0.03)])
ids = a['id'], b['id']
jobs = qb.submit([
    frames('C', m, dependency='%d' % ids[0]),
    frames('D', m, dependency='%d,%d' % ids),
    frames('E', m, dependency='link-complete-job-%d AND link-done-job-%d' % ids),
    frames('F', m, dependency='complete-job-%d' % ids[0]),
    frames('G', m, 6, dependency='link-complete-work-%d,link-complete-work-%d' % ids),
    frames('H', m, 6, dependency='link-done-work-C || link-complete-job-%d' % ids[1]),
    frames('I', m, dependency='link-complete-job-D'),
    frames('J', m, waitfor=ids[0]),
    # Six frames in twos: each waits for the frames it overlaps.
    frames('K', m, 6, agenda=qb.genchunks(2, '1-6'), dependency='link-complete-work-%d' % ids[0])])
assert [job['status'] for job in jobs] == ['blocked'] * len(jobs), jobs
reach('complete', a, b, *jobs)
lines = marks(m)
for i in range(1, 7):
    for label, first in (('C', 'A'), ('D', 'A'), ('D', 'B'), ('E', 'A'), ('E', 'B'), ('F', 'A'), ('J', 'A'), ('I', 'A'), ('I', 'B')):
        before(lines, ('end', first, str(i)), ('begin', label, '1'))
    before(lines, ('end', 'A', str(i)), ('begin', 'G', str(i)))
    before(lines, ('end', 'B', str(i)), ('begin', 'G', str(i)))
    before(lines, ('end', 'A', str(i)), ('begin', 'K', str(i - (i - 1) % 2)))
before(lines, ('end', 'D', '1'), ('begin', 'I', '1'))
