"""Refused with an exact message, and nothing created."""

import qb
from farm import mark, refused

m = mark()


def job(**keys):
    return dict({'prototype': 'cmdrange', 'name': m, 'package': {'cmdline': '/bin/true'}, 'agenda': qb.genframes('1-2')}, **keys)


def calls(code, **keys):
    return [dict({'triggers': 'complete-job-self', 'language': 'qube', 'code': code}, **keys)]


good = job(label='good')

refused('job 2 (label bad), callbacks[0].triggers: column 22: expected an event such as complete-job-self, or (, found end of text',
        good, job(label='bad', callbacks=calls('unblock-self', triggers='complete-job-self && ')),
        job='bad', field='callbacks[0].triggers', column=22)
refused("job 3 (label good), label: the label 'good' is already that of job 1 (label good)", good, job(label='other'), good, job='good', field='label')
refused('job 2 (label a), dependency: a cycle, none of these jobs could ever start: a waits for b, b waits for c, c waits for a',
        good, job(label='a', dependency='link-complete-job-b'), job(label='b', dependency='link-complete-work-c'), job(label='c', dependency='link-done-job-a'),
        job='a', field='dependency')
refused("job 2 (label bad), agenda: '1-10,20-' is no frame range: column 9: found end of text, expected a last frame",
        good, job(label='bad', agenda={'range': '1-10,20-'}), job='bad', field='agenda', column=9)
refused("job 2 (label bad), callbacks[0].code: 'unblok-self' is no verb; did you mean unblock-self?",
        good, job(label='bad', callbacks=calls('unblok-self')), job='bad', field='callbacks[0].code')
refused("job 1, dependency: column 1: 'link-complete-job-999999' waits for job 999999, which does not exist or has been removed",
        job(dependency='999999'), field='dependency', column=1)
refused("job 2, prototype: a job needs a prototype such as cmdline or cmdrange", good, {'name': m})
try:
    qb.genframes('1-10,20-')
    raise AssertionError('1-10,20- was taken for a range')
except qb.QBRangeError:
    pass

# A group that exists: the label is taken there too.
leader, = qb.submit(job(label='taken', name='leader of ' + m, status='blocked'))
refused("job 1 (label taken), label: the label 'taken' is already that of job %d of process group %d" % (leader['id'], leader['pgrp']),
        job(label='taken', pgrp=leader['pgrp']), job='taken', field='label')

created = [one['id'] for one in qb.jobinfo(filters={'name': m})]
assert created == [], 'created in spite of refusals: %r' % created
assert [one['id'] for one in qb.jobinfo(filters={'pgrp': leader['pgrp']})] == [leader['id']]
qb.kill(leader)
