"""The largest of each, said to one supervisor and asked of another: large.py URL URL.

Twelve groups: of three supervisors each is home to some. Agendas of names that no range can say, environments that no message holds, and results of
which no report holds two.
"""

import json
import os
import sys

import qb
from farm import info, reach

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
    reports = {'prototype': 'bulky', 'name': 'results %d' % n, 'cpus': 1, 'agenda': qb.genframes('1-4')}
    jobs.append(qb.submit([blocked, runs] + ([reports] if n < 4 else [])))

os.environ['QB_SUPERVISOR'] = asked
for group in jobs:
    blocked, runs = group[:2]
    assert [work['name'] for work in info(blocked, agenda=True)['agenda']] == names, blocked['id']
    reach('complete', runs)
    # The envelope that tells of its creation is far too long for the bus: the callback has read the log.
    reach('killed', blocked)
    for reports in group[2:]:
        reach('complete', reports)
        results = [(work['name'], work['resultpackage']) for work in info(reports, agenda=True)['agenda']]
        assert [(name, result['of'], len(result['text'])) for name, result in results] == [(name, name, 15900) for name in '1234'], [
            (name, str(result)[:60]) for name, result in results]
print(json.dumps([job['id'] for group in jobs for job in group]))
