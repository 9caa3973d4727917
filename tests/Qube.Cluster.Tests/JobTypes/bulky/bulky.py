"""A back end that reports results of the greatest length."""

import qb

qb.jobobj()
while True:
    work = qb.requestwork()
    if work['status'] == 'waiting':
        continue
    if work['status'] in ('complete', 'blocked', 'pending'):
        qb.reportjob(work['status'])
        break
    work['status'] = 'complete'
    work['resultpackage'] = {'of': work['name'], 'text': 'z' * 31900}
    qb.reportwork(work)
