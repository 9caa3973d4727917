"""Submits, and kills the node as soon as it has answered: answered.py PID."""

import os
import signal
import sys

import qb
from farm import frames

jobs = qb.submit([frames('A', ''), frames('B', '', dependency='link-complete-job-A')])
os.kill(int(sys.argv[1]), signal.SIGKILL)
assert len(jobs) == 2, jobs
