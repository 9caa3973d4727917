"""Runs callback scripts for the supervisor: one warm interpreter that forks a child per script (callbacks.md 13).

Started by ScriptPool with its requests on standard input and its answers on standard output, one JSON object a line:

  {"run": 7, "language": "python|perl", "firing", "code", "job", "item", "instance", "event", "user", "name", "header", "output",
   "supervisor", "limit": seconds, "cap": bytes, "memory": bytes, "processes": count, "nice": 0 to 19, "account": null or a user name,
   "warm": true or absent, "perl": the interpreter}          {"cancel": 7}
  {"ready": pid}      {"run": 7, "started": pid}      {"run": 7, "exit": "completed|failed|exited|crashed|timedout|stopped", ...}

The end of standard input is the end of the supervisor: everything that still runs is killed.
"""

import ctypes
import errno
import fcntl
import gc
import grp
import json
import os
import pwd
import select
import signal
import sys
import time

# This folder's parent, where qb is; the modules of this folder itself are nothing to scripts.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

import qb  # noqa: F401,E402  Loaded once here, so that no script pays for it.
from qb_callbacks import processes, script  # noqa: E402

_READ_BYTES = 1 << 16
_SWEEP_SECONDS = 1.0
# How often the processes of a run that goes on are counted.
_COUNT_SECONDS = 0.05
# What a script wrote before its end is in the pipe, 64 kB or at most 1 MB of it. More comes from what it left running, for ever perhaps.
_LAST_READS = (1 << 20) // _READ_BYTES
# A warm interpreter that has run so many scripts makes room for a new one: what scripts leave in it does not pile up for ever.
_MOST_WARM_RUNS = 1000
# The kernel bounds the processes of a user, not of a run. What runs of one user are there is counted at most so often, and each run may add
# twice its own limit to it: a fork bomb stops by itself, leaves room for the runs after it, and has still gone far enough over the limit of its
# run to be seen by the next count.
_USER_COUNT_SECONDS = 1.0
# Who a user is, and of which groups, is looked up so often. In the child it would cost each script a library loaded to ask the directory.
_ACCOUNT_SECONDS = 30.0
_PER_START = 4
# Without a user of their own, scripts share the supervisor's, with all that it runs: a bound for the machine's sake, no more.
_MOST_OF_SUPERVISORS_USER = 4096
# What a child may say of its script's end; anything else is the script's own doing and is not believed.
_EXITS = ('completed', 'failed', 'exited')

# A run with so large a part of its limit's processes may be the one to go when its user has no more.
_CROWD_PART = 4
# Output beyond the cap is dropped so much at a time, and without being copied where the kernel can do that.
_DROP_BYTES = 1 << 20
_F_SETPIPE_SZ = 1031
_SPLICE_F_NONBLOCK = 2

_now = getattr(time, 'monotonic', time.time)
_libc = ctypes.CDLL(None, use_errno=True)


def _close_on_exec(fd, nonblocking=False):
    fcntl.fcntl(fd, fcntl.F_SETFD, fcntl.fcntl(fd, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)
    if nonblocking:
        fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)


def _pipe():
    read, write = os.pipe()
    _close_on_exec(read, nonblocking=True)
    _close_on_exec(write)
    return read, write


def _read(fd):
    """What can be read now: bytes, b'' at the end, None when there is nothing yet."""
    try:
        return os.read(fd, _READ_BYTES)
    except (IOError, OSError) as failure:
        if failure.errno in (errno.EAGAIN, errno.EINTR):
            return None
        return b''


class Drain(object):
    """Where output goes that nobody wants: a gigabyte of it costs the zygote, whose time is all scripts' time, next to nothing."""

    def __init__(self):
        self.fd = os.open(os.devnull, os.O_WRONLY)
        _close_on_exec(self.fd)
        self.can_splice = hasattr(_libc, 'splice')

    @staticmethod
    def widen(fd):
        try:
            fcntl.fcntl(fd, _F_SETPIPE_SZ, _DROP_BYTES)
        except (IOError, OSError):  # Larger than this machine allows.
            pass

    def drop(self, fd):
        """How many bytes went; 0 at the end, None when there is nothing yet."""
        if self.can_splice:
            count = _libc.splice(fd, None, self.fd, None, ctypes.c_size_t(_DROP_BYTES), _SPLICE_F_NONBLOCK)
            if count >= 0:
                return count
            if ctypes.get_errno() in (errno.EAGAIN, errno.EINTR):
                return None
            self.can_splice = False
        data = _read(fd)
        return None if data is None else len(data)


def _said(notes):
    """What a child says about its end, or None where that is not what a child of ours says."""
    try:
        note = json.loads(notes.decode('utf-8'))
        if note['exit'] not in _EXITS:
            return None
        text = note.get('text', '')
        # Half a letter of two is no text to those who read it on.
        text = text.encode('utf-8', 'replace').decode('utf-8') if hasattr(text, 'encode') else ''
        return {'exit': note['exit'], 'text': text, 'code': int(note.get('code', 0))}
    except (ValueError, TypeError, KeyError, UnicodeError, OverflowError):
        return None


def _forked(child):
    """The process id of a fork that does as told and never returns, in a family of its own."""
    pid = os.fork()
    if pid == 0:
        try:
            child()
        finally:
            os._exit(70)
    return pid


class Warm(object):
    """An interpreter that runs one script after another, for sites that opt in: fast, and what a script leaves is there for the next."""

    def __init__(self, number, request):
        self.account = request.get('account')
        self.runs = 0
        self.out, out_write = _pipe()
        self.status, status_write = _pipe()
        read, self.requests = os.pipe()
        _close_on_exec(read)
        _close_on_exec(self.requests)
        parent = os.getpid()
        mark = processes.mark_of(number)
        try:
            pid = _forked(lambda: script.warm_child(request, parent, mark, read, out_write, status_write))
        finally:
            os.close(read)
            os.close(out_write)
            os.close(status_write)
        self.family = processes.Family(pid, mark, float('inf'))

    def close(self):
        for fd in (self.out, self.status, self.requests):
            os.close(fd)


class Run(object):
    """One script: its family of processes, its output, its limits."""

    dropped = Drain()

    def __init__(self, number, request, warm=None):
        self.id = request['run']
        self.limit = float(request['limit'])
        self.cap = int(request['cap'])
        self.processes = int(request.get('processes') or 0)
        self.account = request.get('account')
        # How many processes its user may have, and how many of those were its own when they were last counted.
        self.bound = request.get('bound') or 0
        self.size = 0
        self.written = 0
        # Why it was killed, if it was: how its end is told.
        self.killed = None
        self.ended = False
        self.notes = b''
        self.warm = warm
        self.out = self.status = self.file = -1
        out_write = status_write = -1
        try:
            self.file = os.open(request['output'], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            _close_on_exec(self.file)
            self._put((request['header'] + '\n').encode('utf-8'))
            self.started = _now()
            if warm:
                self.out, self.status, self.family = warm.out, warm.status, warm.family
                warm.runs += 1
                data = (json.dumps(request) + '\n').encode('ascii')
                while data:
                    data = data[os.write(warm.requests, data):]
                return
            self.out, out_write = _pipe()
            self.status, status_write = _pipe()
            parent = os.getpid()
            mark = processes.mark_of(number)
            pid = _forked(lambda: script.child(request, parent, mark, out_write, status_write))
            self.family = processes.Family(pid, mark, self.started + self.limit)
        except BaseException:
            self.close()
            raise
        finally:
            for fd in (out_write, status_write):
                if fd >= 0:
                    os.close(fd)

    def _put(self, data):
        # A full disk costs the script its output, not its run.
        try:
            while data:
                data = data[os.write(self.file, data):]
        except (IOError, OSError):
            pass

    def drain(self):
        """Moves output to the file; everything there is once the script has ended."""
        for _ in range(_LAST_READS if self.ended else 1):
            if self.out < 0:
                return
            if self.written > self.cap:
                data, count = b'', self.dropped.drop(self.out)
            else:
                data = _read(self.out)
                count = None if data is None else len(data)
            if count is None:
                return
            if not count:
                if not self.warm:
                    os.close(self.out)
                self.out = -1
                return
            within = self.written <= self.cap
            if within:
                self._put(data[:self.cap - self.written])
            self.written += count
            if within and self.written > self.cap:
                self._put(('\n=== output beyond %d bytes is dropped ===\n' % self.cap).encode('ascii'))
                self.dropped.widen(self.out)

    def note(self):
        """What the child says about its end. True when a warm one has said it."""
        while self.status >= 0 and len(self.notes) <= _READ_BYTES:
            data = _read(self.status)
            if not data:
                break
            self.notes += data
        return self.notes.endswith(b'\n')

    def over_limits(self, now):
        """What it is to be killed for, if anything."""
        if now >= self.started + self.limit:
            return {'exit': 'timedout'}, 'over its time limit of %g seconds' % self.limit
        if self.processes and now >= self.started + _COUNT_SECONDS:
            self.size = len(self.family.members())
            if self.size > self.processes:
                reason = 'over its limit of %d processes' % self.processes
                return {'exit': 'stopped', 'text': reason}, reason
        return None, None

    def outcome(self, status):
        """How the script ended, in the words of the protocol. The status is None for one that lives on."""
        self.ended = True
        self.note()
        self.drain()
        answer = {'run': self.id, 'seconds': _now() - self.started, 'bytes': self.written}
        if self.killed:
            answer.update(self.killed[0])
            self._put(('=== killed: %s ===\n' % self.killed[1]).encode('ascii'))
        elif status is not None and os.WIFSIGNALED(status):
            answer.update(exit='crashed', signal=os.WTERMSIG(status))
            self._put(('=== ended by signal %d ===\n' % os.WTERMSIG(status)).encode('ascii'))
        else:
            answer.update(_said(self.notes) or {'exit': 'exited', 'code': os.WEXITSTATUS(status) if status is not None else 1})
        return answer

    def close(self):
        if not self.warm:
            for fd in (self.out, self.status):
                if fd >= 0:
                    os.close(fd)
        if self.file >= 0:
            os.close(self.file)
        self.out = self.status = self.file = -1


class Zygote(object):
    """The loop: requests in, forks, output to files, ends reported."""

    def __init__(self, requests, answers):
        self.requests = requests
        self.answers = answers
        self.forks = 0
        self.runs = {}
        # Scripts that have ended and left processes behind: Popen without wait is how Qube!'s manual runs long commands. They may go on
        # until the script's time limit.
        self.leftovers = []
        self.idle = []
        self.families = processes.Families()
        self.buffer = b''
        self.counted = 0
        self.users = {}
        self.accounts = {}
        self.wake, wake_write = _pipe()
        _close_on_exec(wake_write, nonblocking=True)
        signal.set_wakeup_fd(wake_write)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def serve(self):
        self.answer({'ready': os.getpid()})
        while True:
            poller = select.poll()
            poller.register(self.requests, select.POLLIN)
            poller.register(self.wake, select.POLLIN)
            live = list(self.runs.values()) + self.leftovers
            by_fd = dict((run.out, run) for run in live if run.out >= 0)
            warm = dict((run.status, run) for run in self.runs.values() if run.warm)
            for fd in list(by_fd) + list(warm):
                poller.register(fd, select.POLLIN)
            try:
                ready = [fd for fd, _ in poller.poll(self.patience(live))]
            except select.error as failure:
                if failure.args[0] != errno.EINTR:
                    raise
                continue
            for fd in ready:
                if fd in by_fd:
                    by_fd[fd].drain()
                elif fd in warm and warm[fd].note():
                    self.ended_warm(warm[fd])
            if self.wake in ready:
                _read(self.wake)
                self.reap()
            self.enforce()
            if self.requests in ready and not self.take():
                return

    def patience(self, live):
        """Milliseconds until the next limit or count."""
        if not live:
            return None
        until = min(run.started + run.limit for run in live) - _now()
        until = min(until, _COUNT_SECONDS if self.runs else _SWEEP_SECONDS)
        return max(0, int(until * 1000) + 1)

    def take(self):
        data = _read(self.requests)
        if data == b'':
            return False
        self.buffer += data or b''
        lines = self.buffer.split(b'\n')
        self.buffer = lines.pop()
        for line in lines:
            self.handle(json.loads(line.decode('utf-8')))
        return True

    def handle(self, request):
        if 'cancel' in request:
            for run in self.runs.values():
                if run.id == request['cancel']:
                    self.families.end(run.family)
            return
        try:
            run = self.start(request)
        except (IOError, OSError) as failure:
            self.answer({'run': request['run'], 'exit': 'failed', 'text': 'the script could not be started: %s' % failure,
                         'seconds': 0, 'bytes': 0})
            return
        self.runs[run.family.pid] = run
        self.answer({'run': run.id, 'started': run.family.pid})

    def start(self, request):
        self.forks += 1
        request['identity'] = self.identity(request.get('account'))
        request['bound'] = self.bound(request)
        if not (request.get('warm') and request.get('language') == 'python'):
            run = Run(self.forks, request)
            self.families.add(run.family)
            return run
        warm = next((one for one in self.idle if one.account == request.get('account')), None)
        if warm:
            self.idle.remove(warm)
        else:
            warm = Warm(self.forks, request)
            self.families.add(warm.family)
        try:
            return Run(self.forks, request, warm)
        except (IOError, OSError):
            self.idle.append(warm)
            raise

    def identity(self, account):
        """[user, group, groups, home, name] of an account; None where scripts run as the supervisor, or where there is no such account."""
        if not account or os.getuid() != 0:
            return None
        now = _now()
        known = self.accounts.get(account)
        if not known or now > known[0] + _ACCOUNT_SECONDS:
            try:
                user = pwd.getpwnam(account)
            except KeyError:
                return None
            if hasattr(os, 'getgrouplist'):
                groups = os.getgrouplist(user.pw_name, user.pw_gid)
            else:
                groups = [user.pw_gid] + [group.gr_gid for group in grp.getgrall() if user.pw_name in group.gr_mem]
            known = self.accounts[account] = (now, [user.pw_uid, user.pw_gid, groups, user.pw_dir, user.pw_name])
        return known[1]

    def bound(self, request):
        """How many processes its user may have while this run goes on; 0 for no bound."""
        account, limit = request.get('account'), request.get('processes')
        if not limit:
            return 0
        if os.getuid() != 0:
            return _MOST_OF_SUPERVISORS_USER
        if not request['identity']:
            return 0
        uid = request['identity'][0]
        known = self.users.setdefault(uid, {'counted': 0})
        now = _now()
        if not known['counted'] or now > known['counted'] + _USER_COUNT_SECONDS:
            known.update(counted=now, there=processes.count_of(uid), starts=0)
        known['starts'] += 1
        return known['there'] + _PER_START * known['starts'] + 2 * limit

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except OSError:
                break
            if pid == 0:
                break
            run = self.runs.pop(pid, None)
            if run is None:
                self.families.buried(pid)
                for warm in [one for one in self.idle if one.family.pid == pid]:
                    self.idle.remove(warm)
                    self.gone(warm)
                continue
            self.families.adopt()
            run.family.ended = True
            if run.killed:
                # What is left of it forks no more.
                self.families.end(run.family)
            self.answer(run.outcome(status))
            if run.warm:
                run.close()
                self.gone(run.warm)
            elif run.family.orphans:
                self.leftovers.append(run)
            else:
                self.forget(run)
        self.sweep()

    def ended_warm(self, run):
        """The script has ended, its interpreter goes on."""
        del self.runs[run.family.pid]
        self.answer(run.outcome(None))
        run.close()
        if run.warm.runs < _MOST_WARM_RUNS:
            self.idle.append(run.warm)
        else:
            self.families.end(run.family)
            # Its death is told to nobody: it is neither idle nor at work.
            self.gone(run.warm)

    def gone(self, warm):
        warm.family.ended = True
        if warm.family.orphans:
            self.families.end(warm.family)
        warm.close()
        self.families.remove(warm.family)

    def sweep(self):
        """Those that left something running which is over now."""
        self.families.adopt()
        for run in list(self.leftovers):
            if not run.family.orphans:
                run.drain()
                self.leftovers.remove(run)
                self.forget(run)

    def forget(self, run):
        run.close()
        self.families.remove(run.family)

    def enforce(self):
        now = _now()
        due = now >= self.counted + _COUNT_SECONDS
        if due:
            self.counted = now
            if self.runs or self.leftovers:
                self.families.adopt()
        for run in list(self.runs.values()):
            if not run.killed and (due or now >= run.started + run.limit):
                answer, reason = run.over_limits(now)
                if answer:
                    self.kill(run, answer, reason)
        if due:
            self.make_room()
        for run in self.leftovers:
            if not run.family.doomed and (now >= run.started + run.limit or (due and run.over_limits(now)[0])):
                self.families.end(run.family)

    def kill(self, run, answer, reason):
        run.killed = (answer, reason)
        self.families.end(run.family)

    def make_room(self):
        """Several that fork without end share their user's processes: none of them comes over its own limit, and nobody can fork any more. Who has
        the most goes, one at a time."""
        runs = [run for run in self.runs.values() if run.account and run.bound and run.processes]
        if not runs or any(run.killed for run in runs):
            return
        most = max(runs, key=lambda run: run.size)
        if most.size * _CROWD_PART <= most.processes:
            return
        identity = self.identity(most.account)
        if identity and processes.count_of(identity[0]) + _PER_START >= most.bound:
            reason = 'its user has no more processes, and it has the most of them: %d' % most.size
            self.kill(most, {'exit': 'stopped', 'text': reason}, reason)

    def answer(self, answer):
        data = (json.dumps(answer) + '\n').encode('ascii')
        while data:
            data = data[os.write(self.answers, data):]

    def kill_all(self):
        self.families.end_all()


def main():
    # Away from 0 and 1, which scripts print to; and away from the terminal, whose Ctrl-C is for the supervisor.
    requests, answers = fcntl.fcntl(0, fcntl.F_DUPFD, 100), fcntl.fcntl(1, fcntl.F_DUPFD, 100)
    _close_on_exec(requests, nonblocking=True)
    _close_on_exec(answers)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    try:
        os.setsid()
    except OSError:
        pass
    processes.become_subreaper()
    zygote = Zygote(requests, answers)
    gc.collect()
    if hasattr(gc, 'freeze'):
        gc.freeze()
    try:
        zygote.serve()
    except (IOError, OSError) as failure:
        if failure.errno != errno.EPIPE:
            raise
    finally:
        zygote.kill_all()


if __name__ == '__main__':
    main()
