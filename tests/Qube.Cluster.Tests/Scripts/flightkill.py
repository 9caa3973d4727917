"""Jobs whose every step is checked, in a command and in a back end in perl. Prints what the farm says of them in the end.

flightkill.py FOLDER [KIND]: where the checks are, which write down that they begin and end; one kind of job instead of both.
"""

import json
import sys

import qb
from farm import TRACE, eventually, info

FOLDER = sys.argv[1]


def job(kind, **keys):
    return dict({
        'name': kind, 'prototype': kind, 'cpus': 1, 'env': {'TRACE': TRACE, 'KIND': kind}, 'agenda': qb.genframes('1-3'), 'preflights': FOLDER + '/before',
        'postflights': FOLDER + '/after', 'agenda_preflights': FOLDER + '/itembefore', 'agenda_postflights': FOLDER + '/itemafter'}, **keys)


wanted = [
    job('cmdrange', package={'cmdline': 'echo begin-cmdrange-work-QB_FRAME_NUMBER >>$TRACE; sleep 0.2; echo end-cmdrange-work-QB_FRAME_NUMBER >>$TRACE'}),
    job('tallypl', package={'factor': 3, 'seconds': 0.2})]
jobs = qb.submit([one for one in wanted if one['name'] in (sys.argv[2:] or ('cmdrange', 'tallypl'))])
found = [eventually('job %s over' % one['id'], lambda: [seen for seen in [info(one, agenda=True, subjobs=True)] if seen['status'] in ('complete', 'failed', 'killed')], 240.0)[0]
         for one in jobs]
print(json.dumps([[one['status'], [work['status'] for work in one['agenda']], [[instance['status'], instance['count']] for instance in one['subjobs']]]
                  for one in found]))
