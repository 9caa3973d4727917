"""Submissions one after another: prints when each was sent and when it was acknowledged, in Unix seconds. serial.py COUNT."""

import json
import sys
import time

import qb
from farm import frames

qb.ping()
times = []
for number in range(int(sys.argv[1])):
    sent = time.time()
    qb.submit(frames('A', '', status='blocked'))
    times.append([sent, time.time()])
print(json.dumps(times))
