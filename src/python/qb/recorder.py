"""Recorder mode: what scripts submit, written down.

``QB_RECORD`` names a file (``-`` is standard output). Each submission is appended to it as one line of canonical JSON: what the script
gave, keys in order, ASCII only, nothing of this host or this moment, so that two runs of one script write the same. It is sent as well;
with ``QB_RECORD_ONLY`` set to something other than 0, it is not, and the script gets its jobs with ids 1, 2, ... back.
"""

import io
import itertools
import os
import sys

from .encoding import canonical_json, plain

_ids = itertools.count(1)


def is_on():
    """True when submissions are written down."""
    return bool(os.environ.get('QB_RECORD'))


def replaces():
    """True when they are written down and not sent."""
    return is_on() and os.environ.get('QB_RECORD_ONLY', '') not in ('', '0')


def write(call, things):
    """Appends one submission."""
    line = canonical_json({'call': call, call == 'submit' and 'jobs' or 'callbacks': things})
    if os.environ['QB_RECORD'] == '-':
        sys.stdout.write(line + '\n')
        sys.stdout.flush()
        return
    with io.open(os.environ['QB_RECORD'], 'ab') as record:
        # One write, so that scripts that record into one file at once do not mix their lines.
        record.write(line.encode('ascii') + b'\n')


def jobs(given):
    """What a submission would have answered, with ids of this process alone."""
    first = None
    answered = []
    for place, job in enumerate(given):
        number = next(_ids)
        first = first or number
        sent = dict((key, value) for key, value in job.items() if key not in ('agenda', 'work'))
        answered.append(dict(plain(sent), id=number, pgrp=first, label=job.get('label') or 'qube%d' % place, status=job.get('status') or 'pending'))
    return answered


def callbacks(given):
    """As ``jobs``, of global callbacks."""
    return [dict(plain(dict(one)), id=next(_ids)) for one in given]
