"""A job of the type tally: so many items on three instances. Prints what the farm says of it in the end.

tally.py ITEMS SECONDS [FAILS [DIES]]: lists of item names in JSON.
"""

import json
import sys

import qb
from farm import TRACE, eventually, info

items, seconds = int(sys.argv[1]), sys.argv[2]
fails, dies = [json.loads(text) for text in (sys.argv[3:] + ['[]', '[]'])[:2]]
agenda = qb.genframes('1-%d' % items)
agenda[4]['package'] = {'own': 'item 5'}
job = qb.submit({
    'name': 'tally', 'prototype': 'tally', 'cpus': 3, 'agenda': agenda, 'env': {'TRACE': TRACE},
    'package': {'factor': '3', 'seconds': seconds, 'fails': fails, 'dies': dies}})[0]
eventually('the job over', lambda: info(job)['status'] in ('complete', 'failed', 'killed'), 240.0)
found = info(job, agenda=True, subjobs=True)
print(json.dumps({
    'status': found['status'], 'agenda': [[work['name'], work['status'], work['resultpackage']] for work in found['agenda']],
    'instances': [instance['status'] for instance in found['subjobs']]}))
