"""Five frames that go well, followed by a callback, one that fails, and a job held with three: measured.py. `measured.py over` ends that last one."""

import sys

import qb
from farm import frames, reach

HELD = 'held for metrics'
if 'over' in sys.argv:
    ids = [job['id'] for job in qb.jobinfo(filters={'name': HELD})]
    qb.kill(*ids)
    qb.remove(*ids)
    sys.exit(0)

good, = qb.submit(frames('good', 'measured', 5, callbacks=[{'language': 'qube', 'triggers': 'complete-job-self', 'code': 'unblock-self'}]))
bad, = qb.submit({'prototype': 'cmdline', 'name': 'bad', 'package': {'cmdline': '/bin/false'}})
qb.submit(frames('held', 'measured', 3, name=HELD, status='blocked'))
reach('complete', good)
reach('failed', bad)
