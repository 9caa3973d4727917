"""A back end that reports results of the greatest length, and so many at once that no message holds them."""

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
    # Two bytes each in a message, and a name that tells whose it is.
    work['resultpackage'] = {'of': work['name'], 'text': u'\u00e9' * 15900}
    qb.reportwork(work)
