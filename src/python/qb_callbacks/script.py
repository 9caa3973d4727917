"""What happens in the child: it becomes a process of its own with limits, runs one script and says how that ended."""

import atexit
import ctypes
import io
import json
import linecache
import os
import re
import resource
import signal
import sys
import threading
import traceback
import types

import qb
import qb.firing

_PR_SET_PDEATHSIG = 1
_SPARE_CPU_SECONDS = 5
_CORES = os.sysconf('SC_NPROCESSORS_ONLN')
_libc = ctypes.CDLL(None)
# Bound here: a script may put something of its own in the place of json.dumps.
_encode = json.JSONEncoder().encode


def child(request, parent, out_fd, status_fd):
    """Never returns."""
    code = 70
    try:
        _detach(out_fd, status_fd)
        _limit(request)
        _impersonate(request.get('account'))
        # After the change of user, which clears it. The parent may have died before.
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(code)
        end = _run(request)
        os.write(status_fd, _encode(end).encode('ascii'))
        code = end.get('code', 0) & 0xff
    except BaseException as failure:
        traceback.print_exc()
        sys.stderr.flush()
        text = 'the script could not be started: %s' % failure
        os.write(status_fd, _encode({'exit': 'failed', 'text': text}).encode('ascii'))
    finally:
        os._exit(code)


def _detach(out_fd, status_fd):
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out_fd, 1)
    os.dup2(out_fd, 2)
    for name in os.listdir('/proc/self/fd'):
        fd = int(name)
        if fd > 2 and fd != status_fd:
            try:
                os.close(fd)
            except OSError:  # The listing's own descriptor.
                pass
    for name, fd in (('stdout', 1), ('stderr', 2)):
        setattr(sys, name, _stream(fd))
        setattr(sys, '__%s__' % name, getattr(sys, name))


def _stream(fd):
    # By line, so that a crash loses no whole line; UTF-8 whatever the supervisor's locale. Made anew: the interpreter opened its own
    # on other files than these.
    if sys.version_info[0] == 2:
        return os.fdopen(os.dup(fd), 'w', 1)
    return io.TextIOWrapper(io.open(fd, 'wb', closefd=False), encoding='utf-8', errors='backslashreplace', line_buffering=True)


def _limit(request):
    _set_limit(resource.RLIMIT_CORE, 0)
    # The wall limit is the zygote's to enforce; this is for a child that outlives it. Threads add up.
    _set_limit(resource.RLIMIT_CPU, int(request['limit']) * _CORES + _SPARE_CPU_SECONDS)
    if request.get('memory'):
        _set_limit(resource.RLIMIT_AS, int(request['memory']))


def _set_limit(kind, value):
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _impersonate(account):
    if not account or os.getuid() != 0:
        return
    import pwd
    user = pwd.getpwnam(account)
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ.update(HOME=user.pw_dir, USER=user.pw_name, LOGNAME=user.pw_name)


def _run(request):
    os.environ['QB_SUPERVISOR'] = str(request['supervisor'])
    qb.firing.enter(request['firing'], request['job'], request.get('user'), request.get('item'), request.get('instance'),
                    request.get('event') or '')
    name = str(request['name'])
    code = _pasted(request['code'])
    lines = [line + '\n' for line in code.split('\n')]
    linecache.cache[name] = (len(code), None, lines, name)
    if 'random' in sys.modules:
        # Before 3.7 a fork's child goes on with its parent's numbers, and so would the next script.
        sys.modules['random'].seed()
    main = types.ModuleType('__main__')
    main.__dict__.update(qb=qb, __file__=name)
    sys.modules['__main__'] = main
    sys.argv = [name]
    end = {'exit': 'completed'}
    try:
        exec(_compiled(code, name), main.__dict__)
    except SystemExit as leaving:
        end = _left(leaving.code)
    except BaseException:
        end = _failed()
    try:
        # As at the end of any program: threads are waited for, atexit functions run.
        threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException:
        if end['exit'] == 'completed':
            end = _failed()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # The script closed or replaced it.
            pass
    return end


def _pasted(code):
    """The code without what editors of other systems leave in it."""
    return code.lstrip(u'\ufeff').replace('\r\n', '\n').replace('\r', '\n')


def _compiled(code, name):
    source = code if isinstance(code, str) else code.encode('utf-8')
    try:
        return compile(source, name, 'exec', 0, True)
    except TabError:
        pass
    # Tabs and blanks in one block, as Python 2 takes them: a tab reaches to the next multiple of eight.
    return compile(re.sub(r'(?m)^[ \t]+', lambda indent: indent.group().expandtabs(8), source), name, 'exec', 0, True)


def _left(code):
    if code is None or isinstance(code, int):
        return {'exit': 'exited', 'code': code or 0}
    sys.stderr.write('%s\n' % (code,))
    return {'exit': 'exited', 'code': 1}


def _failed():
    kind, failure, trace = sys.exc_info()
    # The first frames are ours, not the script's.
    while trace is not None and trace.tb_frame.f_code.co_filename == _run.__code__.co_filename:
        trace = trace.tb_next
    try:
        traceback.print_exception(kind, failure, trace)
        text = ''.join(traceback.format_exception_only(kind, failure)).strip()
        if isinstance(failure, SyntaxError) and failure.lineno:
            # Before its last line stand the place and the code, which the output shows.
            text = '%s (line %d)' % (text.split('\n')[-1], failure.lineno)
    except BaseException:  # Its own __str__ fails, or there is no memory left.
        text = kind.__name__
    return {'exit': 'failed', 'text': text[-4000:]}
