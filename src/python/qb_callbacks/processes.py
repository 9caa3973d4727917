"""Which processes are whose: all that a script has started, however it tried to get away, and the end of all of them.

A zygote is a child subreaper, so whatever loses its parent becomes the zygote's child: nothing leaves its tree. To whom such an orphan
belongs is told by a mark that no process without privileges can shed, an additional group of a number of its own (the way batch systems
have always done it); where the supervisor is not root there are no marks, then by session and process group, and where those say
nothing the orphan belongs to the run that may go on longest.
"""

import ctypes
import errno
import os
import signal

_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None)

# Groups of these numbers are nobody's: far above what system and directory services give out, and still a signed 32-bit number.
_FIRST_MARK = 1900000000
_MARKS = 60000

# A run that is being killed and forks all the while is stopped process by process. What is stopped forks no more, and how many there can
# be is limited, so a few passes do; this many, and something is wrong with the machine.
_MOST_PASSES = 1000


def become_subreaper():
    """From here on orphans below this process become its children."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def mark_of(number):
    """The group that marks the processes of a run."""
    return _FIRST_MARK + number % _MARKS


def put_on(mark, groups):
    """Gives this process, and all that it will start, those groups and the mark; False where that is not possible. Before the change of user."""
    try:
        os.setgroups(groups + [mark])
        return True
    except (OSError, ValueError):  # No privilege, or such a number does not exist in this user namespace.
        return False


def count_of(uid):
    """Processes of a user."""
    count = 0
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                count += os.stat('/proc/' + name).st_uid == uid
            except OSError:
                pass
    return count


def children(pid):
    """Live and dead children of a process."""
    found = []
    try:
        threads = os.listdir('/proc/%d/task' % pid)
    except OSError:
        return found
    for thread in threads:
        try:
            with open('/proc/%d/task/%s/children' % (pid, thread)) as listing:
                found.extend(int(word) for word in listing.read().split())
        except (IOError, OSError) as failure:
            if failure.errno == errno.ENOENT and not _HAS_CHILDREN:
                return [child for child, (_, parent, _, _) in _everybody() if parent == pid]
    return found


def _everybody():
    for name in os.listdir('/proc'):
        if name.isdigit():
            about = stat(int(name))
            if about:
                yield int(name), about


# A kernel may be built without it.
_HAS_CHILDREN = os.path.exists('/proc/self/task/%d/children' % os.getpid())


def stat(pid):
    """State letter, parent, process group and session; None when it is gone."""
    try:
        with open('/proc/%d/stat' % pid, 'rb') as line:
            words = line.read().rsplit(b')', 1)[1].split()
    except (IOError, OSError, IndexError):
        return None
    return words[0].decode('ascii'), int(words[1]), int(words[2]), int(words[3])


def mark_on(pid):
    """The mark that a process bears, or None."""
    try:
        with open('/proc/%d/status' % pid, 'rb') as lines:
            for line in lines:
                if line.startswith(b'Groups:'):
                    for word in line.split()[1:]:
                        if _FIRST_MARK <= int(word) < _FIRST_MARK + _MARKS:
                            return int(word)
                    return None
    except (IOError, OSError, ValueError):
        pass
    return None


def send(pid, number):
    """False when there is nobody to send it to."""
    try:
        os.kill(pid, number)
        return True
    except OSError:
        return False


class Family(object):
    """One child of the zygote and all that comes of it."""

    def __init__(self, pid, mark, deadline):
        self.pid = pid
        self.mark = mark
        self.deadline = deadline
        self.ended = False
        # Killed once: whatever still turns up of it is killed at sight.
        self.doomed = False
        self.orphans = set()

    def roots(self):
        return self.orphans if self.ended else self.orphans | set([self.pid])

    def members(self):
        """Every process of it at this moment."""
        found = set()
        todo = list(self.roots())
        while todo:
            pid = todo.pop()
            if pid not in found:
                found.add(pid)
                todo.extend(children(pid))
        return found


class Families(object):
    """All families of one zygote."""

    def __init__(self):
        self.all = []

    def add(self, family):
        self.all.append(family)

    def remove(self, family):
        self.all.remove(family)

    def adopt(self):
        """Finds out to whom new orphans belong."""
        known = set()
        for family in self.all:
            known |= family.roots()
        for pid in children(os.getpid()):
            if pid not in known:
                about = stat(pid)
                if about is None or about[0] in 'ZX':
                    continue
                owner = self._owner(pid, about)
                if owner is None:
                    self._end_tree(pid)
                else:
                    owner.orphans.add(pid)
                    if owner.doomed:
                        self._end_tree(pid)

    def _owner(self, pid, about):
        mark = mark_on(pid)
        if mark is not None:
            # Of a run that is over: nobody's any more.
            return next((family for family in self.all if family.mark == mark), None)
        for family in self.all:
            if family.pid in about[2:]:
                return family
        return max(self.all, key=lambda family: family.deadline) if self.all else None

    def buried(self, pid):
        """An orphan has died and been waited for."""
        for family in self.all:
            family.orphans.discard(pid)

    def end(self, family):
        """Kills all of a family. None of it can be forking when the first one dies: all are stopped first."""
        family.doomed = True
        stopped = set()
        for _ in range(_MOST_PASSES):
            self.adopt()
            news = family.members() - stopped
            if not news:
                break
            for pid in news:
                send(pid, signal.SIGSTOP)
            stopped |= news
        for pid in stopped:
            send(pid, signal.SIGKILL)

    @staticmethod
    def _end_tree(root):
        tree = Family(root, None, 0)
        for pid in tree.members():
            send(pid, signal.SIGSTOP)
        for pid in tree.members():
            send(pid, signal.SIGKILL)

    def end_all(self):
        for family in list(self.all):
            self.end(family)
