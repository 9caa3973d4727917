"""One script from its start to what is told of its end: the child that runs it, its output and its limits."""

import ctypes
import errno
import fcntl
import json
import os
import time

from qb_callbacks import processes, script

_READ_BYTES = 1 << 16
# From when on the processes of a run are counted.
COUNT_SECONDS = 0.05
# What a script wrote before its end is in the pipe, 64 kB or at most 1 MB of it. More comes from what it left running, for ever perhaps.
_LAST_READS = (1 << 20) // _READ_BYTES
# What a child may say of its script's end; anything else is the script's own doing and is not believed.
_EXITS = ('completed', 'failed', 'exited')

# Output beyond the cap is dropped so much at a time, and without being copied where the kernel can do that.
_DROP_BYTES = 1 << 20
_F_SETPIPE_SZ = 1031
_SPLICE_F_NONBLOCK = 2

clock = getattr(time, 'monotonic', time.time)
_libc = ctypes.CDLL(None, use_errno=True)


def close_on_exec(fd, nonblocking=False):
    fcntl.fcntl(fd, fcntl.F_SETFD, fcntl.fcntl(fd, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)
    if nonblocking:
        fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)


def pipe():
    read, write = os.pipe()
    close_on_exec(read, nonblocking=True)
    close_on_exec(write)
    return read, write


def read(fd):
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
        close_on_exec(self.fd)
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
        data = read(fd)
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


class Child(object):
    """An interpreter forked from the zygote that waits for its script: what a fork costs is paid before there is one. A warm one, for sites that
    opt in, runs one script after another: fast, and what a script leaves is there for the next."""

    def __init__(self, number):
        self.account = None
        self.runs = 0
        self.out, out_write = pipe()
        self.status, status_write = pipe()
        requests, self.requests = os.pipe()
        close_on_exec(requests)
        close_on_exec(self.requests)
        parent = os.getpid()
        mark = processes.mark_of(number)
        try:
            pid = os.fork()
            if pid == 0:
                try:
                    script.child(parent, mark, requests, out_write, status_write)
                finally:
                    os._exit(70)
        finally:
            os.close(requests)
            os.close(out_write)
            os.close(status_write)
        # Until it has a script nothing can be left of it.
        self.family = processes.Family(pid, mark, 0)

    def send(self, request):
        data = (json.dumps(request) + '\n').encode('ascii')
        while data:
            data = data[os.write(self.requests, data):]
        self.account = request.get('account')
        self.runs += 1

    def close(self):
        for fd in (self.out, self.status, self.requests):
            if fd >= 0:
                os.close(fd)
        self.out = self.status = self.requests = -1


class Run(object):
    """One script: its family of processes, its output, its limits."""

    dropped = Drain()

    def __init__(self, request, child):
        self.id = request['run']
        self.child = child
        self.family = child.family
        self.warm = bool(request.get('warm')) and request.get('language') == 'python'
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
        self.file = os.open(request['output'], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            close_on_exec(self.file)
            self._put((request['header'] + '\n').encode('utf-8'))
            self.started = clock()
            child.send(request)
        except BaseException:
            os.close(self.file)
            raise
        # A warm one's next script may go on as long again.
        self.family.deadline = float('inf') if self.warm else self.started + self.limit
        self.out, self.status = child.out, child.status

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
                data = read(self.out)
                count = None if data is None else len(data)
            if count is None:
                return
            if not count:
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
            data = read(self.status)
            if not data:
                break
            self.notes += data
        return self.notes.endswith(b'\n')

    def over_limits(self, now):
        """What it is to be killed for, if anything."""
        if now >= self.started + self.limit:
            return {'exit': 'timedout'}, 'over its time limit of %g seconds' % self.limit
        if self.processes and now >= self.started + COUNT_SECONDS:
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
        answer = {'run': self.id, 'seconds': clock() - self.started, 'bytes': self.written}
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
        """Its file; the child is closed by whoever has done with it."""
        os.close(self.file)
        self.out = self.status = -1
