"""A submission whose answer was lost is sent again: the same ids, and one set of jobs."""

import json
import os
import socket
import threading
import uuid

import qb
from farm import eventually, mark, reach
from qb.connection import call

m = mark()
body = {'requestId': str(uuid.uuid4()), 'user': 'someone', 'sourceHost': 'here', 'check': False, 'jobs': [
    {'prototype': 'cmdrange', 'name': m, 'label': label, 'package': {'cmdline': '/bin/true'}, 'agenda': [{'range': '1-3'}]} for label in 'AB']}

# The answer to the first is never read.
host, port = os.environ['QB_SUPERVISOR'].split('//')[1].split(':')
data = json.dumps(body).encode()
deaf = socket.create_connection((host, int(port)))
deaf.sendall(b'POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' % len(data) + data)
deaf.close()

answers = []
threads = [threading.Thread(target=lambda: answers.append(call('POST', '/api/v1/jobs', body, changes=True))) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ids = [[job['id'] for job in answer['jobs']] for answer in answers]
assert len(ids) == 8 and all(one == ids[0] for one in ids) and len(set(ids[0])) == 2, ids
reach('complete', *answers[0]['jobs'])
again = [job['id'] for job in call('POST', '/api/v1/jobs', body, changes=True)['jobs']]
assert again == ids[0], (again, ids[0])
assert sorted(job['id'] for job in qb.jobinfo(filters={'name': m})) == sorted(ids[0]), qb.jobinfo(filters={'name': m})
eventually('both complete', lambda: all(job['status'] == 'complete' for job in qb.jobinfo(filters={'name': m})))
