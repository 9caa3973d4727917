"""Runs callback scripts for the supervisor: one warm interpreter that forks a child per script (callbacks.md 13).

Started by PythonScriptPool with its requests on standard input and its answers on standard output, one JSON object a line:

  {"run": 7, "firing": ..., "code": ..., "job": ..., "item", "instance", "event", "user", "name", "header", "output", "supervisor",
   "limit": seconds, "cap": bytes, "memory": bytes, "account": null or a user name}          {"cancel": 7}
  {"ready": pid}      {"run": 7, "started": pid}      {"run": 7, "exit": "completed|failed|exited|crashed|timedout", ...}

The end of standard input is the end of the supervisor: everything that still runs is killed.
"""

import errno
import fcntl
import gc
import json
import os
import select
import signal
import sys
import time

# This folder's parent, where qb is; the modules of this folder itself are nothing to scripts.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

import qb  # noqa: F401,E402  Loaded once here, so that no script pays for it.
from qb_callbacks import script  # noqa: E402

_READ_BYTES = 1 << 16
_SWEEP_SECONDS = 1.0
# What a script wrote before its end is in the pipe, 64 kB or at most 1 MB of it. More comes from what it left running, for ever perhaps.
_LAST_READS = (1 << 20) // _READ_BYTES

_now = getattr(time, 'monotonic', time.time)


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


class Run(object):
    """One script: its process group, its output, its limit."""

    def __init__(self, request):
        self.id = request['run']
        self.limit = float(request['limit'])
        self.cap = int(request['cap'])
        self.written = 0
        self.timed_out = False
        self.ended = False
        self.notes = b''
        self.out, out_write = _pipe()
        self.status, status_write = _pipe()
        self.file = -1
        try:
            self.file = os.open(request['output'], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            _close_on_exec(self.file)
            self._put((request['header'] + '\n').encode('utf-8'))
            self.started = _now()
            parent = os.getpid()
            self.pid = os.fork()
            if self.pid == 0:
                script.child(request, parent, out_write, status_write)
        except BaseException:
            self.close()
            raise
        finally:
            os.close(out_write)
            os.close(status_write)

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
            data = _read(self.out)
            if data is None:
                return
            if not data:
                os.close(self.out)
                self.out = -1
                return
            within = self.written <= self.cap
            if within:
                self._put(data[:self.cap - self.written])
            self.written += len(data)
            if within and self.written > self.cap:
                self._put(('\n=== output beyond %d bytes is dropped ===\n' % self.cap).encode('ascii'))

    def note(self):
        """What the child says about its end."""
        while True:
            data = _read(self.status)
            if not data:
                return
            self.notes += data

    def alive(self):
        """True while anything of the process group is."""
        try:
            os.killpg(self.pid, 0)
            return True
        except OSError as failure:
            return failure.errno != errno.ESRCH

    def kill(self):
        # Before its setsid the child has no group of its own yet.
        for send, target in ((os.killpg, self.pid),) + (() if self.ended else ((os.kill, self.pid),)):
            try:
                send(target, signal.SIGKILL)
            except OSError:
                pass

    def outcome(self, status):
        """How the script ended, in the words of the protocol."""
        self.ended = True
        self.note()
        self.drain()
        answer = {'run': self.id, 'seconds': _now() - self.started, 'bytes': self.written}
        if self.timed_out:
            answer['exit'] = 'timedout'
        elif os.WIFSIGNALED(status):
            answer.update(exit='crashed', signal=os.WTERMSIG(status))
            self._put(('=== ended by signal %d ===\n' % os.WTERMSIG(status)).encode('ascii'))
        else:
            try:
                answer.update(json.loads(self.notes.decode('utf-8')))
            except ValueError:
                answer.update(exit='exited', code=os.WEXITSTATUS(status))
        if self.timed_out:
            self._put(('=== killed: over its time limit of %g seconds ===\n' % self.limit).encode('ascii'))
        return answer

    def close(self):
        for fd in (self.out, self.status, self.file):
            if fd >= 0:
                os.close(fd)
        self.out = self.status = self.file = -1


class Zygote(object):
    """The loop: requests in, forks, output to files, ends reported."""

    def __init__(self, requests, answers):
        self.requests = requests
        self.answers = answers
        self.runs = {}
        # Scripts that have ended and left processes behind: Popen without wait is how Qube!'s manual runs long commands. They may go on
        # until the script's time limit.
        self.leftovers = []
        self.buffer = b''
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
            for fd in by_fd:
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
            if self.wake in ready:
                _read(self.wake)
            self.reap()
            self.enforce()
            if self.requests in ready and not self.take():
                return

    def patience(self, live):
        """Milliseconds until the next limit."""
        if not live:
            return None
        limits = [run.started + run.limit for run in live if not run.timed_out]
        until = min(limits) - _now() if limits else _SWEEP_SECONDS
        if self.leftovers:
            until = min(until, _SWEEP_SECONDS)
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
                    run.kill()
            return
        try:
            run = Run(request)
        except (IOError, OSError) as failure:
            self.answer({'run': request['run'], 'exit': 'failed', 'text': 'the script could not be started: %s' % failure,
                         'seconds': 0, 'bytes': 0})
            return
        self.runs[run.pid] = run
        self.answer({'run': run.id, 'started': run.pid})

    def reap(self):
        while self.runs:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except OSError:
                return
            if pid == 0:
                return
            run = self.runs.pop(pid, None)
            if run is None:
                continue
            if run.timed_out:
                run.kill()
            self.answer(run.outcome(status))
            if not run.timed_out and run.alive():
                self.leftovers.append(run)
            else:
                run.close()

    def enforce(self):
        now = _now()
        for run in self.runs.values():
            if now >= run.started + run.limit and not run.timed_out:
                run.timed_out = True
                run.kill()
        for run in list(self.leftovers):
            over = now >= run.started + run.limit
            if over:
                run.kill()
            if over or not run.alive():
                run.drain()
                run.close()
                self.leftovers.remove(run)

    def answer(self, answer):
        data = (json.dumps(answer) + '\n').encode('ascii')
        while data:
            data = data[os.write(self.answers, data):]

    def kill_all(self):
        for run in list(self.runs.values()) + self.leftovers:
            run.kill()


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
