"""Frame ranges (jobs.md 7): the same rules, to the letter, as the supervisor's.

A range is a list of segments and nothing is expanded: ``1-1000000`` is one segment. A segment is a tuple (first, last, step) whose last
number is a member and whose step is signed, or a literal name (``ls`` in ``ls,set``).
"""

import re
from bisect import bisect_right

from .errors import QBRangeError
from .objects import text_type
from .overlap import MOST_SEGMENTS, Seen

_PART = re.compile(r'(-?[0-9]{1,15})(?:-(-?[0-9]{1,15})(?:x([0-9]{1,15}))?)?$')


def _text(value):
    if value is None or isinstance(value, dict):
        raise QBRangeError('a frame range is a text such as 1-100x2, a number or a list of them, not %r' % (value,))
    if isinstance(value, (list, tuple)):
        return ','.join(_text(one) for one in value)
    if isinstance(value, bytes) and not isinstance(value, str):
        return value.decode('utf-8')
    return value if isinstance(value, (str, text_type)) else str(value)


def _parse_part(part, whole):
    part = part.strip()
    if not part:
        raise QBRangeError("frame range '%s': a frame, a range or a name is missing" % whole)
    if part[0] != '-' and not '0' <= part[0] <= '9':
        return part
    match = _PART.match(part)
    if match is None:
        raise QBRangeError("frame range '%s': '%s' is neither a frame nor a range such as 1-10x2" % (whole, part))
    first = int(match.group(1))
    if match.group(2) is None:
        return first, first, 1
    last, size = int(match.group(2)), int(match.group(3) or 1)
    if size < 1:
        raise QBRangeError("frame range '%s': the step of '%s' must be at least 1" % (whole, part))
    step = size if last >= first else -size
    steps = (last - first) // step
    return (first, first + steps * step, step) if steps else (first, first, 1)


def _count(segment):
    return (segment[1] - segment[0]) // segment[2] + 1 if isinstance(segment, tuple) else 1


def _joined(left, right):
    """The one run that two segments in succession are, or None."""
    if not isinstance(left, tuple) or not isinstance(right, tuple):
        return None
    gap = right[0] - left[1]
    left_single, right_single = left[0] == left[1], right[0] == right[1]
    if left_single and right_single:
        fits = gap != 0
    elif left_single:
        fits = gap == right[2]
    elif right_single:
        fits = gap == left[2]
    else:
        fits = gap == left[2] == right[2]
    return (left[0], right[1], gap) if fits else None


def _append(segments, new):
    """Adds a segment, joining it with its neighbour. Three numbers at equal distance make a run, and so do two in direct succession."""
    joined = _joined(segments[-1], new) if segments else None
    if joined is None:
        segments.append(new)
        return
    left = segments[-1]
    singles = left[0] == left[1] and new[0] == new[1]
    if not singles or new[0] == left[1] + 1:
        segments[-1] = joined
        return
    before = segments[-2] if len(segments) > 1 else None
    if isinstance(before, tuple) and before[0] == before[1] and left[0] - before[0] == joined[2]:
        segments[-2:] = [(before[0], joined[1], joined[2])]
    else:
        segments.append(new)


class FrameRange(object):
    """A parsed range: ``count`` frames by position."""

    def __init__(self, segments):
        self.segments = segments
        self._ends = []
        self.count = 0
        for segment in segments:
            self.count += _count(segment)
            self._ends.append(self.count)

    @classmethod
    def parse(cls, text, remove_duplicates=True):
        """Reads a range; raises QBRangeError naming the part that is wrong."""
        segments = []
        seen = Seen()
        for part in [_parse_part(part, text) for part in text.split(',')]:
            try:
                for segment in seen.new_in(part) if remove_duplicates else (part,):
                    _append(segments, segment)
            except OverflowError:
                segments = None
            if segments is None or remove_duplicates and len(segments) > MOST_SEGMENTS:
                raise QBRangeError("frame range '%s': its runs overlap in more than %d places" % (text, MOST_SEGMENTS))
        return cls(segments)

    def name_at(self, index):
        """The text of the frame at a position."""
        at = bisect_right(self._ends, index)
        segment = self.segments[at]
        if not isinstance(segment, tuple):
            return segment
        start = self._ends[at - 1] if at else 0
        return str(segment[0] + (index - start) * segment[2])

    def names(self):
        """Every frame as text, in order, made one at a time."""
        for segment in self.segments:
            if isinstance(segment, tuple):
                for index in range(_count(segment)):
                    yield str(segment[0] + index * segment[2])
            else:
                yield segment

    def slice(self, start, count):
        """The text of a stretch of the range, by position."""
        taken = []
        at = bisect_right(self._ends, start)
        offset = start - (self._ends[at - 1] if at else 0)
        while count > 0 and at < len(self.segments):
            segment = self.segments[at]
            portion = min(count, _count(segment) - offset)
            if isinstance(segment, tuple):
                first = segment[0] + offset * segment[2]
                last = first + (portion - 1) * segment[2]
                _append(taken, (first, last, segment[2]) if portion > 1 else (first, first, 1))
            else:
                taken.append(segment)
            count -= portion
            at += 1
            offset = 0
        return text_of(taken)


def text_of(segments):
    """The shortest text that parses to these segments."""
    texts = []
    for segment in segments:
        if not isinstance(segment, tuple):
            texts.append(segment)
        elif segment[0] == segment[1]:
            texts.append(str(segment[0]))
        else:
            size = abs(segment[2])
            texts.append('%d-%d%s' % (segment[0], segment[1], '' if size == 1 else 'x%d' % size))
    return ','.join(texts)


class Names(object):
    """The names of the items of a range, chunked or partitioned range, by position; computed when asked for."""

    def __init__(self, kind, n, text, binary=False, remove_duplicates=True):
        self.kind = kind
        self.n = n
        self.text = text
        self.binary = bool(binary)
        self.remove_duplicates = bool(remove_duplicates)
        self._range = FrameRange.parse(text, remove_duplicates)
        frames = self._range.count
        if kind == 'frames':
            self.count = frames
        elif kind == 'chunks':
            self.count = -(-frames // n)
        else:
            self.count = min(frames, n)
        self._order = binary_positions(self.count) if binary else None

    def at(self, index):
        """The name of the item at a position."""
        raw = index if self._order is None else self._order[index]
        if self.kind == 'frames':
            return self._range.name_at(raw)
        if self.kind == 'chunks':
            return self._range.slice(raw * self.n, self.n)
        size, longer = divmod(self._range.count, self.n)
        return self._range.slice(raw * size + min(raw, longer), size + 1 if raw < longer else size)

    def __iter__(self):
        if self.kind == 'frames' and self._order is None:
            return self._range.names()
        return (self.at(index) for index in range(self.count))


def names_of(kind, n, ranges, binary=False, remove_duplicates=True):
    """The Names of ranges as a caller of the API gives them: texts, numbers, lists of them."""
    if kind != 'frames':
        try:
            n = int(n)
        except (TypeError, ValueError):
            raise QBRangeError('%s: the first argument must be a number, not %r' % (kind, n))
        if n < 1:
            raise QBRangeError('%s: the number must be at least 1, not %d' % (kind, n))
    return Names(kind, n, ','.join(_text(one) for one in ranges), binary, remove_duplicates)


def binary_positions(count):
    """Positions 0...count-1 in binary order: first, last, then the middles of ever smaller gaps, breadth first."""
    order = [0] if count > 0 else []
    if count > 1:
        order.append(count - 1)
    gaps = [(0, count - 1)]
    while gaps:
        finer = []
        for low, high in gaps:
            if high - low >= 2:
                middle = low + (high - low) // 2
                order.append(middle)
                finer.append((low, middle))
                finer.append((middle, high))
        gaps = finer
    return order


def binarySort(items):
    """A new list: first, last, then medians recursively. The middle of n elements is the one at (n-1)//2."""
    items = list(items)
    return [items[at] for at in binary_positions(len(items))]


def rangesplit(*ranges, **options):
    """Every frame as text: ``rangesplit('1-5x2,ls')`` is ``['1', '3', '5', 'ls']``. Options: binarySort=False, removeDuplicates=True."""
    binary, unique = _options('rangesplit', options, True)
    return list(names_of('frames', None, ranges, binary, unique))


def rangechunk(n, *ranges, **options):
    """Range texts of n frames each: ``rangechunk(5, '1-10')`` is ``['1-5', '6-10']``."""
    binary, _ = _options('rangechunk', options, False)
    return list(names_of('chunks', n, ranges, binary))


def rangepartition(n, *ranges, **options):
    """At most n range texts whose frame counts differ by at most one, the longer first."""
    binary, _ = _options('rangepartition', options, False)
    return list(names_of('partitions', n, ranges, binary))


def rangejoin(*frames):
    """The shortest range text for frames in this order: ``rangejoin([1, 3, 5])`` is ``'1-5x2'``."""
    segments = []
    for text in _flat(frames):
        plain = re.match(r'(?:0|-?[1-9][0-9]{0,14})$', text)
        _append(segments, (int(text), int(text), 1) if plain else text)
    return text_of(segments)


def rangeorder(mode, *ranges):
    """The frames in another order: ascend, descend, reverse, binary (of the ascending order) or rawbinary (as given)."""
    names = list(names_of('frames', None, ranges))
    if mode == 'reverse':
        return names[::-1]
    if mode == 'rawbinary':
        return binarySort(names)
    if mode not in ('ascend', 'descend', 'binary'):
        raise QBRangeError("rangeorder: '%s' is none of ascend, descend, reverse, binary, rawbinary" % (mode,))
    numbers, texts = [], []
    for name in names:
        (numbers if re.match(r'-?[0-9]+$', name) else texts).append(name)
    ascending = sorted(numbers, key=int) + sorted(texts)
    if mode == 'binary':
        return binarySort(ascending)
    return ascending if mode == 'ascend' else ascending[::-1]


def _flat(values):
    for value in values:
        if isinstance(value, (str, text_type, bytes)) or not hasattr(value, '__iter__'):
            yield _text(value)
        else:
            for text in _flat(value):
                yield text


def _options(function, options, duplicates):
    """(binarySort, removeDuplicates): Python 2 has no keyword-only arguments, so they are taken by hand."""
    options = dict(options)
    binary = options.pop('binarySort', False)
    unique = options.pop('removeDuplicates', True) if duplicates else True
    if options:
        raise TypeError('%s() got an unexpected keyword argument %r' % (function, sorted(options)[0]))
    return binary, unique
