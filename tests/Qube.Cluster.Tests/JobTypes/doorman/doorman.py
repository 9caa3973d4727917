"""A back end without an agenda: reports its job by itself and goes on a little."""

import qb

job = qb.jobobj()
qb.reportjob(job['package']['say'][qb.subid()])
