"""What happens in the child: it waits for a script, becomes a process of its own with limits, runs it and says how that ended."""

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
from qb_callbacks import perl, processes

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NAME = 15
_SPARE_CPU_SECONDS = 5
_WARM_CPU_SECONDS = 1 << 30
_CORES = os.sysconf('SC_NPROCESSORS_ONLN')
_libc = ctypes.CDLL(None)
# Bound here: a script may put something of its own in the place of json.dumps.
_encode = json.JSONEncoder().encode


def child(parent, mark, requests_fd, out_fd, status_fd):
    """Waits for its script and runs it; a warm one runs one after another, until told no more or one ends it. Never returns."""
    code = 70
    try:
        _name(b'qb-spare')
        _detach(out_fd, (requests_fd, status_fd))
        _die_with(parent)
        _rehearse()
        requests = os.fdopen(requests_fd, 'rb')
        line = requests.readline()
        if line:
            code = _serve(line, requests, parent, mark, status_fd)
    except BaseException as failure:
        traceback.print_exc()
        sys.stderr.flush()
        _tell(status_fd, {'exit': 'failed', 'text': 'the script could not be started: %s' % failure})
    finally:
        os._exit(code)


def _rehearse():
    """What every script does, done once before there is one: it is memory that the fork shares until it is touched, and each first touch costs."""
    exec(_compiled('def f(*numbers):\n    return "%s" % [number for number in numbers]\nf(1)\n', 'rehearsal'), dict(qb=qb))
    json.loads(_encode({'exit': u'completed', 'code': 0, 'nothing': None}))


def _serve(line, requests, parent, mark, status_fd):
    """The exit code."""
    request = json.loads(line.decode('utf-8'))
    _name(b'qb-script')
    if request.get('warm') and request.get('language') == 'python':
        # Its limits are those of the first script's site; the processor's time adds up over all of them and is the zygote's to watch.
        _become(dict(request, limit=_WARM_CPU_SECONDS), parent, mark)
        while line:
            end = _run(json.loads(line.decode('utf-8')), is_last=False)
            os.write(status_fd, _encode(end).encode('ascii') + b'\n')
            line = requests.readline()
        return 70
    requests.close()
    _become(request, parent, mark)
    if request.get('language') == 'perl':
        perl.become(request, status_fd)
    end = _run(request)
    _tell(status_fd, end)
    return end.get('code', 1 if end['exit'] == 'failed' else 0) & 0xff


def _name(name):
    """What the process is called in listings."""
    _libc.prctl(_PR_SET_NAME, name, 0, 0, 0)


def _die_with(parent):
    # The parent may have died before.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(70)


def _become(request, parent, mark):
    _limit(request)
    _impersonate(request.get('account'), request.get('identity'), mark, request.get('bound') or 0)
    # Again: the change of user clears it.
    _die_with(parent)


def _tell(status_fd, end):
    # The script may have closed it; then its exit code says what there is to say.
    try:
        os.write(status_fd, _encode(end).encode('ascii'))
    except OSError:
        pass


def _detach(out_fd, kept):
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out_fd, 1)
    os.dup2(out_fd, 2)
    for name in os.listdir('/proc/self/fd'):
        fd = int(name)
        if fd > 2 and fd not in kept:
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
    # Scripts give way to the farm, and when the machine has no memory left they go first.
    niceness = int(request.get('nice') or 0)
    os.nice(niceness)
    # Where the kernel groups processes by session, that is between the processes of one script, and this between the script and the farm.
    _write('/proc/self/autogroup', str(niceness))
    _write('/proc/self/oom_score_adj', '1000')


def _write(path, text):
    """Where there is such a file and it may be written."""
    try:
        with open(path, 'w') as setting:
            setting.write(text)
    except (IOError, OSError):
        pass


def _set_limit(kind, value):
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _impersonate(account, identity, mark, bound):
    if bound and (account or os.getuid() != 0):
        _set_limit(resource.RLIMIT_NPROC, bound)
    if os.getuid() != 0:
        return
    if account:
        if not identity:
            raise KeyError('there is no account %s' % account)
        uid, gid, groups, home, name = identity
        if not processes.put_on(mark, groups):
            os.setgroups(groups)
        # Opened anew by name, as /dev/stdout.
        os.fchown(1, uid, -1)
        os.setgid(gid)
        os.setuid(uid)
        # So that its own files in /proc are its own, /dev/stdout among them; memory is dumped nowhere, that has a limit.
        _libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
        os.environ.update(HOME=home, USER=name, LOGNAME=name)
        if not os.access('.', os.X_OK):
            os.chdir('/')
    else:
        processes.put_on(mark, os.getgroups())


def _run(request, is_last=True):
    os.environ['QB_SUPERVISOR'] = str(request['supervisor'])
    os.environ.pop('QB_TOKEN', None)
    if request.get('token'):
        os.environ['QB_TOKEN'] = str(request['token'])
    # As patient as it may be: what it was to do is done by nobody else when it gives up, and a farm that loses a supervisor is away for seconds.
    qb.settimeout(1000 * int(request['limit']))
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
    if not is_last:
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    end = {'exit': 'completed'}
    try:
        exec(_compiled(code, name), main.__dict__)
    except SystemExit as leaving:
        end = _left(leaving.code)
    except BaseException:
        end = _failed()
    try:
        if is_last:
            _leave()
    except BaseException:
        if end['exit'] == 'completed':
            end = _failed()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # The script closed or replaced it.
            pass
    return end


def _leave():
    # As at the end of any program: threads are waited for, atexit functions run.
    threading._shutdown()
    atexit._run_exitfuncs()


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
