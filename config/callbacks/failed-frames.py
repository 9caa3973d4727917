"""Appends every frame that has failed for good, and the host on which it did, to a CSV file: time, job, name, user, frame, host, exit code.

The file is $QUBE_FAILED_FRAMES of the supervisor, else failed-frames.csv in the home of the account that scripts run under (qube.scripts.user in
cluster.hocon), which has to be able to write it either way.
"""
import csv
import os
import time

PATH = os.environ.get('QUBE_FAILED_FRAMES') or os.path.join(os.path.expanduser('~'), 'failed-frames.csv')

job = qb.jobinfo('-id', qb.jobid(), '-agenda')[0]
frame = [work for work in job['agenda'] if str(work['name']) == qb.workname()][0]
with open(PATH, 'a') as log:
    csv.writer(log, lineterminator='\n').writerow([
        time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime()), job['id'], job['name'], job['user'], frame['name'], frame['host'], frame['exitcode']])
