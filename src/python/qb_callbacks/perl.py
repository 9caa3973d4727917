"""A perl script: the child becomes a fresh perl, which loads qb.pm and runs the code (callbacks.md 13.1)."""

import os
import tempfile

_STATUS = 3


def become(request, status_fd):
    """Never returns: within the limits that are set, this process is perl from here on. Raises OSError where there is none."""
    # Where qb_callback.pl looks for it. The other descriptor goes when perl is there, and serves until then.
    if status_fd != _STATUS:
        os.dup2(status_fd, _STATUS)
    elif hasattr(os, 'set_inheritable'):
        os.set_inheritable(_STATUS, True)
    else:
        import fcntl
        fcntl.fcntl(_STATUS, fcntl.F_SETFD, 0)
    # On standard input, as a file without a name: code may be longer than an argument can be.
    code = tempfile.TemporaryFile()
    code.write(request['code'].encode('utf-8'))
    code.flush()
    os.lseek(code.fileno(), 0, os.SEEK_SET)
    os.dup2(code.fileno(), 0)
    code.close()
    instance = request.get('instance')
    values = {
        'QB_SUPERVISOR': request['supervisor'],
        'QUBE_FIRING': request['firing'],
        'QUBE_FIRING_JOB': '%d' % request['job'],
        'QUBE_FIRING_USER': request.get('user') or '',
        'QUBE_FIRING_ITEM': request.get('item') or '',
        'QUBE_FIRING_INSTANCE': '-1' if instance is None else '%d' % instance,
        'QUBE_FIRING_EVENT': request.get('event') or '',
        'QUBE_FIRING_NAME': request['name'],
    }
    if request.get('token'):
        values['QB_TOKEN'] = request['token']
    environment = dict(os.environ)
    for name, value in values.items():
        environment[name] = value if isinstance(value, str) else value.encode('utf-8')
    folder = request['perl_library']
    os.execvpe(request['perl'], [request['perl'], '-I', folder, folder + '/qb_callback.pl'], environment)
