"""A frame that is on a host for long the first time and ends at once the second: hostloss.py submit MARK FOLDER | hostloss.py watch ID.

`submit` prints the job's id and the host that its frame is on; `watch` waits for the job's end. No try may be counted: the job has none.
"""

import json
import sys

import qb
from farm import TRACE, eventually, info

qb.settimeout(240000)
if sys.argv[1] == 'submit':
    mark, folder = sys.argv[2:]
    # The folder before the word that it has begun: whoever reads that may kill it.
    first = 'mkdir %s; first=$?; echo begin %s QB_FRAME_NUMBER >>%s; if [ $first = 0 ]; then sleep 900; fi; echo end %s QB_FRAME_NUMBER >>%s' % (
        folder, mark, TRACE, mark, TRACE)
    job = qb.submit({'prototype': 'cmdrange', 'name': 'host loss ' + mark, 'cpus': 1, 'retrywork': 0, 'package': {'cmdline': first}, 'agenda': qb.genframes('7-7')})[0]

    def running():
        found = [work['host'] for work in info(job, agenda=True)['agenda'] if work['status'] == 'running']
        with open(TRACE) as trace:
            return found and ('begin %s 7' % mark) in trace.read() and found

    print(json.dumps({'id': job['id'], 'host': eventually('the frame on a host', running, 240)[0]}))
else:
    job = {'id': int(sys.argv[2])}

    def over():
        seen = info(job, agenda=True)
        over.seen = seen['status'], seen['agenda'], qb.hist(job['id'])
        return seen['status'] in ('complete', 'failed', 'killed') and over.seen

    status, agenda, history = eventually('the end of job %d' % job['id'], over, 240)
    assert status == 'complete', (status, agenda, history)
    print(json.dumps({'host': agenda[0]['host']}))
