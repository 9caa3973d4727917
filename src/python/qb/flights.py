"""Flight checks that a back end makes around each of its items (jobs.md 10): for commands the worker makes them itself."""

import errno
import os
import subprocess
import sys


def failed(level, key, checks, variables):
    """Runs one after the other; the first that does not pass ends it. How it failed, written down for the worker too; None when all pass."""
    for check in checks:
        how = _how(check, variables)
        if how is not None:
            reason = '%s %s %s' % (level, check, how)
            sys.stderr.write('qube: %s\n' % reason)
            sys.stderr.flush()
            _note('%s %s\n' % (key, reason))
            return reason
    return None


def _how(check, variables):
    if not os.path.exists(check):
        return 'is not there'
    if os.path.isdir(check) or not os.access(check, os.X_OK):
        return 'is not executable'
    environment = dict(os.environ)
    # A check is no back end.
    environment.pop('QUBE_BACKEND_FD', None)
    environment.update(variables)
    sys.stdout.flush()
    try:
        code = subprocess.call([check], env=environment, close_fds=True)
    except OSError as failure:
        if failure.errno != errno.ENOEXEC:
            return 'cannot be started: %s' % failure.strerror
        # Without a first line that names its interpreter, as a shell would take it.
        code = subprocess.call(['/bin/sh', check], env=environment, close_fds=True)
    return None if code == 0 else 'failed with exit code %d' % code


def _note(line):
    path = os.environ.get('QUBE_FLIGHT_REPORT')
    if path:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(descriptor, line.encode('utf-8'))
        finally:
            os.close(descriptor)
