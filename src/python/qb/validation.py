"""Checks of the shape of jobs before they are submitted (python-api.md 2)."""

import sys

from .objects import long_type, text_type
from .queries import jobinfo

_TEXT = (str, text_type)
_NUMBER = (int, long_type)
_KINDS = {
    'name': _TEXT, 'prototype': _TEXT, 'cluster': _TEXT, 'restrictions': _TEXT, 'requirements': _TEXT, 'reservations': _TEXT,
    'hosts': _TEXT, 'omithosts': _TEXT, 'groups': _TEXT, 'omitgroups': _TEXT, 'hostorder': _TEXT, 'status': _TEXT, 'label': _TEXT,
    'user': _TEXT, 'domain': _TEXT, 'account': _TEXT, 'kind': _TEXT, 'notes': _TEXT, 'flagsstring': _TEXT, 'mailaddress': _TEXT,
    'dependency': _TEXT, 'cwd': _TEXT,
    'id': _NUMBER, 'pgrp': _NUMBER, 'pid': _NUMBER, 'cpus': _NUMBER, 'priority': _NUMBER, 'flags': _NUMBER, 'timeout': _NUMBER,
    'retrysubjob': _NUMBER, 'retrywork': _NUMBER, 'timelimit': _NUMBER,
    'package': dict, 'env': dict, 'cpustally': dict, 'todotally': dict, 'callbacks': (list, tuple),
}


class JobTallyValidator(object):
    """Tallies count instances or items per state."""

    def validate(self, tally):
        """True when every count is a whole number of at least 0."""
        return all(isinstance(count, _NUMBER) and not isinstance(count, bool) and count >= 0 for count in tally.values())


class JobValidator(object):
    """Types of a job's fields."""

    def validate(self, job, agenda=False, subjobs=False, verbose=False):
        """True when every known field has its type. Stops at the first that has not; ``verbose`` prints its name."""
        for name in self._wrong(job, agenda, subjobs):
            if verbose:
                sys.stdout.write('%s\n' % name)
            return False
        return True

    def _wrong(self, job, agenda, subjobs):
        if not isinstance(job.get('prototype'), _TEXT) or not job['prototype']:
            yield 'prototype'
        for name in sorted(job):
            kind = _KINDS.get(name)
            if kind is not None and (not isinstance(job[name], kind) or isinstance(job[name], bool)):
                yield name
        for name in ('cpustally', 'todotally'):
            if name in job and not JobTallyValidator().validate(job[name]):
                yield name
        for name, wanted in (('agenda', agenda), ('subjobs', subjobs)):
            if wanted and not all(isinstance(one, dict) for one in job.get(name, ())):
                yield name


def validatejob(jobid, agenda=False, subjobs=False, verbose=False):
    """True when a submitted job is there and every field of it has its type; ``verbose`` prints the first that has not."""
    found = jobinfo(id=jobid, agenda=agenda, subjobs=subjobs)
    return bool(found) and JobValidator().validate(found[0], agenda, subjobs, verbose)
