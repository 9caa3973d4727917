"""The largest of each, said to one supervisor and asked of another: large.py URL URL.

Twelve groups: of three supervisors each is home to some. Agendas of names that no range can say, environments that no message holds, and a result that
no report holds.
"""

import json
import os
import sys

import qb
from farm import eventually, info, reach

said, asked = sys.argv[1:]
qb.settimeout(240000)
names = ['element %04d of a set whose names are long: %s' % (n, 'x' * 60) for n in range(1, 2001)]
big = 'y' * 90000
jobs = []
for n in range(12):
    os.environ['QB_SUPERVISOR'] = said
    blocked = {'prototype': 'cmdrange', 'name': 'large %d' % n, 'label': 'L', 'status': 'blocked', 'package': {'cmdline': 'true'},
               'agenda': [{'name': name} for name in names], 'callbacks': [{'language': 'qube', 'triggers': 'complete-job-E', 'code': 'kill-self'}]}
    runs = {'prototype': 'cmdrange', 'name': 'environment %d' % n, 'label': 'E', 'cpus': 1, 'env': {'BIG': big},
            'package': {'cmdline': 'test ${#BIG} -eq 90000'}, 'agenda': qb.genframes('1-1')}
    jobs.append(qb.submit([blocked, runs]))

os.environ['QB_SUPERVISOR'] = asked
for blocked, runs in jobs:
    assert [work['name'] for work in info(blocked, agenda=True)['agenda']] == names, blocked['id']
    reach('complete', runs)
    # The envelope that tells of its creation is far too long for the bus: the callback has read the log.
    reach('killed', blocked)
print(json.dumps([job['id'] for pair in jobs for job in pair]))
