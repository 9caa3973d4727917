"""Agendas made of ranges (python-api.md 7).

Up to EAGER_ITEMS items an agenda is a real list of Work. A longer one makes its items when they are asked for, keeps those that
were changed, and is submitted as the range it came from, so that a million frames are one line on the wire. Either is submitted
compactly as long as its items say no more than the range does, or all the same beside their names (``for w in agenda:
w['status'] = 'blocked'``).
"""

import copy
import weakref

try:
    from collections.abc import MutableSequence
except ImportError:
    from collections import MutableSequence

from .objects import Work
from .ranges import _options, names_of

EAGER_ITEMS = 1000


class _WatchedWork(Work):
    """An item handed out by a range: tells it of the first change, because only changed items need be kept."""

    __slots__ = ('_part', '_index')

    def _changed(self):
        part = self._part
        if part is not None:
            object.__setattr__(self, '_part', None)
            part.changed[self._index] = self

    def __reduce__(self):
        return Work, (dict(self),)

    def copy(self):
        return Work(dict(self))


def _watch(name):
    method = getattr(dict, name)

    def watched(self, *args, **kwargs):
        self._changed()
        return method(self, *args, **kwargs)
    watched.__name__ = name
    return watched


for _name in ('__setitem__', '__delitem__', '__ior__', 'clear', 'pop', 'popitem', 'setdefault', 'update'):
    if hasattr(dict, _name):
        setattr(_WatchedWork, _name, _watch(_name))


class _RangePart(object):
    """The items of one range, by position."""

    def __init__(self, names):
        self.names = names
        self.count = names.count
        self.changed = {}
        self._handed = weakref.WeakValueDictionary()

    def at(self, index):
        work = self.changed.get(index)
        if work is None:
            work = self._handed.get(index)
        if work is None:
            work = _WatchedWork({'name': self.names.at(index)})
            object.__setattr__(work, '_part', self)
            object.__setattr__(work, '_index', index)
            self._handed[index] = work
        return work

    def wire(self):
        if not self.changed:
            compact = _compact(self.names, None)
        elif len(self.changed) == self.count:
            compact = _compact(self.names, (self.changed[index] for index in range(self.count)))
        else:
            compact = None
        return [compact] if compact else [self.at(index) for index in range(self.count)]

    def copied(self, memo):
        part = _RangePart(self.names)
        part.changed = copy.deepcopy(self.changed, memo)
        return part


class _ListPart(object):
    """Items that are no range, or no longer."""

    def __init__(self, items):
        self.items = items

    @property
    def count(self):
        return len(self.items)

    def at(self, index):
        return self.items[index]

    def wire(self):
        return list(self.items)

    def copied(self, memo):
        return _ListPart(copy.deepcopy(self.items, memo))


def _compact(names, works):
    """The range as the supervisor reads it, or None when the works say something that it cannot."""
    spec = {'range': names.text, 'type': names.kind, 'binarySort': names.binary, 'removeDuplicates': names.remove_duplicates}
    if names.kind != 'frames':
        spec['n'] = names.n
    if works is None:
        return spec
    overrides = None
    for name, work in zip(names, works):
        if not isinstance(work, dict) or work.get('name') != name:
            return None
        rest = dict(work)
        del rest['name']
        if overrides is None:
            overrides = rest
        elif rest != overrides:
            return None
    if overrides:
        spec['overrides'] = overrides
    return spec


class Agenda(list):
    """A list of Work that remembers the range it was made of."""

    def __init__(self, names):
        list.__init__(self, [Work({'name': name}) for name in names])
        self._names = names

    def __call__(self):
        return self

    def __reduce_ex__(self, protocol):
        return list, (list(self),)

    def wire(self):
        """What is sent: one range when the items still are one, else the items."""
        compact = _compact(self._names, self) if len(self) == self._names.count and self else None
        return [compact] if compact else list(self)


class LazyAgenda(MutableSequence):
    """A list-like agenda of any length; items are made when they are asked for."""

    __hash__ = None

    def __init__(self, parts):
        self._parts = parts

    def __call__(self):
        return self

    def __len__(self):
        return sum(part.count for part in self._parts)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self._at(at) for at in range(*index.indices(len(self)))]
        return self._at(self._position(index))

    def __iter__(self):
        for part in list(self._parts):
            for index in range(part.count):
                yield part.at(index)

    def __setitem__(self, index, value):
        self._list()[index] = value

    def __delitem__(self, index):
        del self._list()[index]

    def insert(self, index, value):
        """As of a list; at the end, the ranges stay ranges."""
        if index < len(self):
            self._list().insert(index, value)
        elif isinstance(self._parts[-1], _ListPart):
            self._parts[-1].items.append(value)
        else:
            self._parts.append(_ListPart([value]))

    def sort(self, **options):
        """As of a list."""
        self._list().sort(**options)

    def copy(self):
        """A list of the same items."""
        return list(self)

    def __add__(self, other):
        return LazyAgenda(self._parts + _parts_of(other)) if hasattr(other, '__iter__') else NotImplemented

    def __radd__(self, other):
        return LazyAgenda(_parts_of(other) + self._parts) if hasattr(other, '__iter__') else NotImplemented

    def __eq__(self, other):
        if not hasattr(other, '__len__') or not hasattr(other, '__iter__') or isinstance(other, (dict, str)):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other))

    def __ne__(self, other):
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __repr__(self):
        return '<agenda of %d items, %s to %s>' % (len(self), self[0]['name'], self[-1]['name']) if len(self) else '[]'

    def __copy__(self):
        return LazyAgenda(list(self._parts))

    def __deepcopy__(self, memo):
        return LazyAgenda([part.copied(memo) for part in self._parts])

    def __reduce__(self):
        return list, (list(self),)

    def wire(self):
        """What is sent: ranges as long as they are ones, else items."""
        sent = []
        for part in self._parts:
            sent.extend(part.wire())
        return sent

    def _position(self, index):
        count = len(self)
        at = index + count if index < 0 else index
        if not 0 <= at < count:
            raise IndexError('agenda index %d of %d' % (index, count))
        return at

    def _at(self, index):
        for part in self._parts:
            if index < part.count:
                return part.at(index)
            index -= part.count
        raise IndexError(index)

    def _list(self):
        """The items as one plain list, which they are from now on."""
        if len(self._parts) != 1 or not isinstance(self._parts[0], _ListPart):
            self._parts = [_ListPart(list(self))]
        return self._parts[0].items


def _parts_of(other):
    if isinstance(other, LazyAgenda):
        return list(other._parts)
    return [_ListPart(list(other))]


def _agenda(names):
    return Agenda(names) if names.count <= EAGER_ITEMS else LazyAgenda([_RangePart(names)])


def genframes(*ranges, **options):
    """An item per frame: ``genframes('1-100x2')``. Options: binarySort=False, removeDuplicates=True."""
    binary, unique = _options('genframes', options, True)
    return _agenda(names_of('frames', None, ranges, binary, unique))


def genchunks(n, *ranges, **options):
    """An item per n frames, named like ``1-5``. Option: binarySort=False."""
    binary, _ = _options('genchunks', options, False)
    return _agenda(names_of('chunks', n, ranges, binary))


def genpartitions(n, *ranges, **options):
    """At most n items whose frame counts differ by at most one. Option: binarySort=False."""
    binary, _ = _options('genpartitions', options, False)
    return _agenda(names_of('partitions', n, ranges, binary))
