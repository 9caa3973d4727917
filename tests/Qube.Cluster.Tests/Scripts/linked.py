"""Two linked jobs with callbacks, watched to their end while others kill what runs: linked.py FRAMES SECONDS [once | URL].

B waits for A frame by frame. Each frame of A fires a script of A's, which hands in a job of its own for every eighth frame; C waits by verb for
both jobs. Prints what the farm knows at the end. With `once` it submits, whatever comes of it, and leaves. With a URL each frame of A also fires
a perl script, which does as the python one, a mail, and a web hook to there.
"""

import json
import sys
import time

import qb
from farm import frames

count, seconds = int(sys.argv[1]), sys.argv[2]
once = 'once' in sys.argv
url = next((word for word in sys.argv if word.startswith('http:')), None)
limit_seconds = 600
qb.settimeout(limit_seconds * 1000)
every = 8
script = """
if int(qb.workname()) % {every} == 1:
    qb.submit({{'prototype': 'cmdline', 'name': 'made by ' + qb.workname(), 'package': {{'cmdline': '/bin/true'}}}})
""".format(every=every)
perl = """
if ($qb::workname %% %(every)d == 1) {
    qb::submit({prototype => 'cmdline', name => 'perl made by ' . $qb::workname, package => {cmdline => '/bin/true'}});
}
""" % {'every': every}
abroad = [
    {'language': 'perl', 'triggers': 'complete-work-self-*', 'code': perl},
    {'language': 'mail', 'triggers': 'complete-work-self-*'},
    {'language': 'webhook', 'triggers': 'complete-work-self-*', 'code': url}] if url else []
given = [
    frames('A', '', count, seconds, mailaddress='wanda@example.com',
           callbacks=[{'language': 'python', 'triggers': 'complete-work-self-*', 'code': script}] + abroad),
    frames('B', '', count, seconds, dependency='link-complete-work-A'),
    frames('C', '', 2, status='blocked', callbacks=[{'language': 'qube', 'triggers': 'complete-job-A && complete-job-B', 'code': 'unblock-self'}])]
if once:
    # A client that never comes back: where it would wait and try again, it leaves.
    qb.connection.time.sleep = lambda _: sys.exit(0)

jobs = qb.submit(given)
if once:
    sys.exit(0)
ids = [job['id'] for job in jobs]


def over():
    seen = qb.jobinfo(id=ids, callbacks=True)
    made = qb.jobinfo(filters={'name': '~made by '})
    open_firings = [firing for job in seen for cb in job['callbacks'] for firing in cb['firings'] if not firing['done']]
    over.seen = [(job['id'], job['status'], job['reason'], job['todotally'], job['cpustally']) for job in seen], open_firings[:5], [job['status'] for job in made]
    ended_badly = [job['id'] for job in seen + made if job['status'] in ('failed', 'killed')]
    assert not ended_badly, (over.seen, [work for job in qb.jobinfo(id=ended_badly, agenda=True) for work in job['agenda'] if work['status'] != 'complete'],
                             [(job, qb.hist(job)[-40:], qb.stderr(job)) for job in ended_badly])
    return len(seen) == 3 and all(job['status'] == 'complete' for job in seen + made) and not open_firings


end = time.time() + limit_seconds
while not over():
    assert time.time() < end, 'not all complete: %r' % (over.seen,)
    time.sleep(0.1)

print(json.dumps({
    'ids': ids,
    'jobs': [{
        'agenda': [[work['name'], work['status'], work['timestart_ms'], work['timecomplete_ms']] for work in job['agenda']],
        'callbacks': [{'id': cb['id'], 'language': cb['language'], 'count': cb['count'], 'firings': [[firing['id'], firing['outcome']] for firing in cb['firings']]}
                      for cb in job['callbacks']]}
        for job in qb.jobinfo(id=ids, agenda=True, callbacks=True)],
    'made': sorted(job['name'] for job in qb.jobinfo(filters={'name': '~made by '}))}))
