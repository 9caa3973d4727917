"""Runs callback scripts for the supervisor: one warm interpreter that forks a child per script, ahead of it where it can (callbacks.md 13).

Started by ScriptPool with its requests on standard input and its answers on standard output, one JSON object a line:

  {"run": 7, "language": "python|perl", "firing", "code", "job", "item", "instance", "event", "user", "name", "header", "output",
   "supervisor", "limit": seconds, "cap": bytes, "memory": bytes, "processes": count, "nice": 0 to 19, "account": null or a user name,
   "warm": true or absent, "perl": the interpreter}          {"cancel": 7}
  {"ready": pid}      {"run": 7, "started": pid}      {"run": 7, "exit": "completed|failed|exited|crashed|timedout|stopped", ...}

The end of standard input is the end of the supervisor: everything that still runs is killed.
"""

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

# This folder's parent, where qb is; the modules of this folder itself are nothing to scripts.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

import qb  # noqa: F401,E402  Loaded once here, so that no script pays for it.
from qb_callbacks import processes  # noqa: E402
from qb_callbacks.runs import COUNT_SECONDS, Child, Run, clock, close_on_exec, pipe, read  # noqa: E402

try:
    # Scripts run as another account, which may not read what the supervisor's may.
    qb.connection.load_authority()
except (IOError, OSError):
    pass  # Whoever needs it is told.

_SWEEP_SECONDS = 1.0
# A warm interpreter that has run so many scripts makes room for a new one: what scripts leave in it does not pile up for ever.
_MOST_WARM_RUNS = 1000
# So many children wait for scripts; they are forked while a processor has nothing to do.
_SPARES = 2
_CORES = os.sysconf('SC_NPROCESSORS_ONLN')
# The kernel bounds the processes of a user, not of a run. What runs of one user are there is counted at most so often, and each run may add
# twice its own limit to it: a fork bomb stops by itself, leaves room for the runs after it, and has still gone far enough over the limit of its
# run to be seen by the next count.
_USER_COUNT_SECONDS = 1.0
# Who a user is, and of which groups, is looked up so often. In the child it would cost each script a library loaded to ask the directory.
_ACCOUNT_SECONDS = 30.0
_PER_START = 4
# Without a user of their own, scripts share the supervisor's, with all that it runs: a bound for the machine's sake, no more.
_MOST_OF_SUPERVISORS_USER = 4096
# A run with so large a part of its limit's processes may be the one to go when its user has no more.
_CROWD_PART = 4


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
        # Warm ones between two scripts, and children that have had none.
        self.idle = []
        self.spares = []
        self.families = processes.Families()
        self.buffer = b''
        self.counted = 0
        self.users = {}
        self.accounts = {}
        self.wake, wake_write = pipe()
        close_on_exec(wake_write, nonblocking=True)
        signal.set_wakeup_fd(wake_write)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def serve(self):
        self.answer({'ready': os.getpid()})
        is_preparing = True
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
                ready = [fd for fd, _ in poller.poll(0 if is_preparing else self.patience(live))]
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
                read(self.wake)
                self.reap()
            self.enforce()
            if self.requests in ready and not self.take():
                return
            is_preparing = self.prepare()

    def patience(self, live):
        """Milliseconds until the next limit or count."""
        if not live:
            return None
        until = min(run.started + run.limit for run in live) - clock()
        until = min(until, COUNT_SECONDS if self.runs else _SWEEP_SECONDS)
        return max(0, int(until * 1000) + 1)

    def take(self):
        data = read(self.requests)
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
        request['identity'] = self.identity(request.get('account'))
        request['bound'] = self.bound(request)
        for pool in (self.idle, self.spares):
            child = next((one for one in pool if self.is_for(one, request)), None)
            if child:
                pool.remove(child)
                try:
                    return Run(request, child)
                except (IOError, OSError) as failure:
                    if failure.errno != errno.EPIPE:
                        pool.append(child)
                        raise
                    # It died while it waited.
                    self.gone(child)
        child = self.fork()
        try:
            return Run(request, child)
        except (IOError, OSError):
            self.spares.append(child)
            raise

    @staticmethod
    def is_for(child, request):
        """A child without a script takes anyone's; a warm one the next of its account."""
        return not child.runs or (request.get('warm') and request.get('language') == 'python' and child.account == request.get('account'))

    def fork(self):
        self.forks += 1
        child = Child(self.forks)
        self.families.add(child.family)
        return child

    def prepare(self):
        """Forks a child ahead where one is wanted and a processor is free for it. True when another is to be looked for at once."""
        if len(self.spares) >= _SPARES or len(self.runs) >= _CORES:
            return False
        try:
            self.spares.append(self.fork())
        except OSError:  # No memory or processes just now; a script that comes will say so.
            return False
        return True

    def identity(self, account):
        """[user, group, groups, home, name] of an account; None where scripts run as the supervisor, or where there is no such account."""
        if not account or os.getuid() != 0:
            return None
        now = clock()
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
        now = clock()
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
                for pool in (self.idle, self.spares):
                    for child in [one for one in pool if one.family.pid == pid]:
                        pool.remove(child)
                        self.gone(child)
                continue
            self.families.adopt()
            run.family.ended = True
            if run.killed:
                # What is left of it forks no more.
                self.families.end(run.family)
            self.answer(run.outcome(status))
            if run.warm:
                run.close()
                self.gone(run.child)
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
        if run.child.runs < _MOST_WARM_RUNS:
            self.idle.append(run.child)
        else:
            self.families.end(run.family)
            # Its death is told to nobody: it is neither idle nor at work.
            self.gone(run.child)

    def gone(self, child):
        child.family.ended = True
        if child.family.orphans:
            self.families.end(child.family)
        child.close()
        self.families.remove(child.family)

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
        run.child.close()
        self.families.remove(run.family)

    def enforce(self):
        now = clock()
        due = now >= self.counted + COUNT_SECONDS
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
    close_on_exec(requests, nonblocking=True)
    close_on_exec(answers)
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
