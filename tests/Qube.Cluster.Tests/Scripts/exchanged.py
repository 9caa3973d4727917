# -*- coding: utf-8 -*-
"""An archive of a hundred frames with a callback: written here and read by the tools, written by the tools and read here, and run.

exchanged.py write FILE MARK | read FILE MARK | ran JOB MARK | resubmit FILE MARK
"""

import os
import sys

import qb
from farm import eventually, fired, info, reach

what, given, mark = sys.argv[1:]
DONE = os.path.join(os.path.dirname(os.environ['TRACE']), mark)
JOB = {
    'name': u'hundred <%s> & "caf\u00e9"' % mark, 'prototype': 'cmdrange', 'cpus': 4, 'priority': 77, 'account': 'show', 'notes': ' two\nlines\t',
    'env': {'A B': '1', 'EMPTY': ''}, 'label': 'frames', 'retrywork': 1,
    'package': {'cmdline': 'test QB_FRAME_NUMBER -gt 0', 'none': None, 'yes': True, 'no': False, 'f': 2.5, 'big': 2 ** 60, 'text': '5', 'number': 5, 'list': [1, '1', None, [], {}],
                'crlf': 'a\r\nb', 'bell': u'\x07', u'\u00fc': u'\u4e2d\U0001f600', 'odd key': 'x', '': 'e'},
    'agenda': [qb.Work({'name': '%d' % n, 'package': {'shot': 's%d' % n, 'n': n}}) for n in range(1, 101)],
    'callbacks': [{'triggers': 'complete-job-self', 'language': 'python', 'code': 'if 1 < 2:\n\topen(%r, "a").write("done\\n")\n' % DONE}],
}


def same(found):
    for key, value in JOB.items():
        seen = found[key]
        if key == 'agenda':
            value = [(one['name'], one['package']) for one in value]
            seen = [(one['name'], one['package']) for one in seen]
        elif key == 'callbacks':
            seen = [dict((name, one[name]) for name in value[0]) for one in seen]
        assert seen == value, (key, value, seen)
    assert [found['package'][key].__class__ for key in ('yes', 'no', 'f', 'number')] == [bool, bool, float, int] and found['package']['text'] == '5', found['package']


if what == 'write':
    assert qb.archivejob(given, qb.Job(JOB)) == os.path.getsize(given)
elif what == 'read':
    same(qb.recoverjob(given))
elif what == 'resubmit':
    job, = qb.submit(qb.recoverjob(given))
    print(job['id'])
else:
    reach('complete', {'id': int(given)})
    job = info({'id': int(given)}, agenda=True, callbacks=True)
    same(job)
    assert job['todotally']['complete'] == 100 and set(one['status'] for one in job['agenda']) == set(['complete']), job['todotally']
    eventually('the callback fired once and its file written', lambda: fired(job)[0] == 1 and os.path.exists(DONE) and open(DONE).read() == 'done\n')
    os.remove(DONE)
