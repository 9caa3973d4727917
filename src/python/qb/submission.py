"""Handing jobs in (python-api.md 3)."""

import getpass
import os
import socket
import sys
import uuid

from . import firing, recorder
from .connection import call
from .errors import QBError, remember
from .objects import job_of

_FLAG_EXPORT_ENVIRONMENT = 16

_warnings = []


def warnings():
    """What the supervisor remarked on the last submission: patterns that can never fire and the like."""
    return list(_warnings)


def caller():
    """The user that calls are made for."""
    name = firing.user()
    if name:
        return name
    try:
        return getpass.getuser()
    except Exception:  # No name for the uid and no LOGNAME: as in a bare container.
        return str(os.getuid()) if hasattr(os, 'getuid') else 'unknown'


def _jobs_of(given):
    for one in given:
        if isinstance(one, dict):
            yield one
        elif isinstance(one, (list, tuple)):
            for job in _jobs_of(one):
                yield job
        else:
            raise QBError('qb.submit takes jobs and lists of jobs, not a %s' % type(one).__name__)


def _exports_environment(job):
    if 'export_environment' in str(job.get('flagsstring') or ''):
        return True
    flags = job.get('flags')
    try:
        return bool(int(flags) & _FLAG_EXPORT_ENVIRONMENT)
    except (TypeError, ValueError):
        return 'export_environment' in str(flags)


def _outgoing(job):
    """A copy of the job with what only this process knows added; the caller's own is left as it is."""
    sent = dict(job)
    if not firing.inside():
        try:
            sent.setdefault('cwd', os.getcwd())
        except OSError:  # The directory was removed under us; the worker then uses its own.
            pass
        if _exports_environment(sent):
            # Apart from the job's own env, which wins and may refer to it.
            sent['exported_env'] = dict((name, value) for name, value in os.environ.items() if name != 'QB_TOKEN')
    return sent


def submit(*jobs, **options):
    """Submits jobs, all of one call as one process group, and returns them as a list of Job with ``id``, ``pgrp`` and ``label``.

    Takes a job, a list of jobs, or several of either. The supervisor takes all or refuses all: QBError then names the job and the field.
    ``deferTableCreation`` is taken and does nothing. ``check=True`` only asks whether the jobs would be accepted.
    """
    check = bool(options.pop('check', False))
    options.pop('deferTableCreation', None)
    if options:
        raise TypeError('submit() got an unexpected keyword argument %r' % sorted(options)[0])
    given = list(_jobs_of(jobs))
    if not given:
        return []
    if recorder.is_on() and not check:
        recorder.write('submit', given)
        if recorder.replaces():
            return _answered(recorder.jobs(given), given)
    body = {'requestId': str(uuid.uuid4()), 'user': caller(), 'sourceHost': socket.gethostname(),
            'jobs': [_outgoing(job) for job in given], 'check': check}
    try:
        answer = call('POST', '/api/v1/jobs', body, changes=True)
    except QBError as failure:
        remember(str(failure))
        raise
    _warnings[:] = answer.get('warnings') or []
    for warning in _warnings:
        sys.stderr.write('qb.submit: %s\n' % warning)
    return _answered(answer.get('jobs') or [], given)


def _answered(jobs, given):
    accepted = [job_of(job) for job in jobs]
    if len(accepted) == len(given):
        for job, submitted in zip(accepted, given):
            # The answer leaves out what is long, such as the agenda: the caller gets back what he gave.
            for key, value in submitted.items():
                job.setdefault(key, value)
    return accepted
