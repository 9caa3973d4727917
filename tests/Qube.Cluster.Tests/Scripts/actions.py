"""Mails, web hooks and perl callbacks, as a client sees them."""

import sys

import qb
from farm import eventually, fired, frames, info, mark, reach

what = sys.argv[1]
m = mark()


def outcome(job, callback=1):
    return eventually('the firing of callback %d of job %d done' % (callback, job['id']),
                      lambda: [firing for firing in fired(job, callback)[1] if firing['done']])[0]['outcome']


if what == 'mail':
    job = qb.submit(frames('A', m, 2, flags='mail', mailaddress='wanda,bob@other.org', callbacks=[
        {'language': 'mail', 'triggers': 'complete-work-self-2'},
        {'language': 'qube', 'triggers': 'complete-job-self', 'code': 'mail-status'}]))[0]
    reach('complete', job)
    for callback in (1, 2, 3):
        assert outcome(job, callback) == 'sent to wanda@example.com, bob@other.org', outcome(job, callback)
    print(job['id'])

elif what == 'webhook':
    job = qb.submit(frames('A', m, 3, callbacks=[{'language': 'webhook', 'triggers': 'complete-work-self-*', 'code': sys.argv[2]}]))[0]
    reach('complete', job)
    firings = eventually('three firings done', lambda: [one for one in fired(job)[1] if one['done']] if len([one for one in fired(job)[1] if one['done']]) == 3 else None)
    assert sorted(one['outcome'] for one in firings) == ['HTTP 200', 'HTTP 200', 'dead letter: HTTP 410 Gone: words of the receiver'], firings
    for url in ('ftp://somewhere/', 'somewhere', 'http://user:secret@somewhere/'):
        try:
            qb.submit(frames('B', m, callbacks=[{'language': 'webhook', 'triggers': 'done-job-self', 'code': url}]))
        except qb.QBError as refused:
            assert refused.field == 'callbacks[0].code', refused.field
        else:
            raise AssertionError('%s was accepted' % url)

elif what == 'perl':
    jobs = qb.submit([
        frames('A', m, 2),
        frames('B', m, 2, status='blocked', callbacks=[{
            'language': 'perl', 'triggers': 'complete-job-A',
            'code': 'print "unblocks $qb::jobid on $qb::event\\n";\nqb::unblock($qb::jobid);'}])])
    reach('complete', *jobs)
    assert outcome(jobs[1]) == 'completed', outcome(jobs[1])

elif what == 'sent':
    job = qb.submit(frames('A', m, 1, mailaddress='wanda', callbacks=[
        {'language': 'mail', 'triggers': 'done-job-self'},
        {'language': 'webhook', 'triggers': 'done-job-self', 'code': sys.argv[2]}]))[0]
    reach('complete', job)
    assert outcome(job, 1) == 'sent to wanda@example.com', outcome(job, 1)
    assert outcome(job, 2) == 'HTTP 200', outcome(job, 2)
    for callback in (1, 2):
        count, firings = fired(job, callback)
        assert count == 1 and len(firings) == 1, (count, firings)

elif what == 'in-flight':
    url, flag = sys.argv[2:4]
    code = ("import os, time\n"
            "qb.submit({'prototype': 'cmdline', 'name': 'made %(m)s', 'package': {'cmdline': 'true'}})\n"
            "if not os.path.exists(%(flag)r):\n"
            "    open(%(flag)r, 'w').close()\n"
            "    time.sleep(1000)\n"
            "print('ran again')\n") % {'m': m, 'flag': flag}
    job = qb.submit(frames('A', m, 1, mailaddress='wanda', callbacks=[
        {'language': 'mail', 'triggers': 'done-job-self'},
        {'language': 'webhook', 'triggers': 'done-job-self', 'code': url},
        {'language': 'python', 'triggers': 'done-job-self', 'code': code}]))[0]
    reach('complete', job)
    assert outcome(job, 1) == 'sent to wanda@example.com', outcome(job, 1)
    assert outcome(job, 2) == 'HTTP 200', outcome(job, 2)
    assert outcome(job, 3) == 'completed', outcome(job, 3)
    for callback in (1, 2, 3):
        count, firings = fired(job, callback)
        assert count == 1 and len(firings) == 1, (count, firings)
    made = qb.jobinfo(filters={'name': 'made %s' % m})
    assert len(made) == 1, made
