"""What is new in a run of frames beside those named before it, by arithmetic on positions: the supervisor's own rule, so that both cut a
range with duplicates into the same runs."""

MOST_SEGMENTS = 200000


def count(run):
    return (run[1] - run[0]) // run[2] + 1


def _lowest(run):
    return min(run[0], run[1])


def _highest(run):
    return max(run[0], run[1])


def piece(run, start, taken):
    """So many frames of a run from a position on."""
    first = run[0] + start * run[2]
    return (first, first + (taken - 1) * run[2], run[2]) if taken > 1 else (first, first, 1)


def _shared(run, other):
    """Positions in ``run`` of the frames that are in ``other`` too, as (first, last, distance); None when there are none."""
    low_frame, high_frame = _lowest(other), _highest(other)
    if _highest(run) < low_frame or high_frame < _lowest(run):
        return None
    step = run[2]
    near, far = (low_frame, high_frame) if step > 0 else (high_frame, low_frame)
    low = max(0, -((run[0] - near) // step))
    high = min(count(run) - 1, (far - run[0]) // step)
    grid = abs(other[2])
    common = _common_divisor(abs(step), grid)
    offset = low_frame - run[0]
    if offset % common:
        return None
    distance = grid // common
    residue = 0 if distance == 1 else offset // common * _inverse(step // common % distance, distance) % distance
    first = low + (residue - low) % distance
    last = high - (high - residue) % distance
    return (first, last, distance) if first <= last else None


def _common_divisor(left, right):
    while right:
        left, right = right, left % right
    return left


def _inverse(value, modulus):
    coefficient, following, remainder, divisor = 1, 0, value, modulus
    while divisor:
        quotient = remainder // divisor
        remainder, divisor = divisor, remainder % divisor
        coefficient, following = following, coefficient - quotient * following
    return coefficient % modulus


def _subtract(run, other, rest):
    shared = _shared(run, other)
    if shared is None:
        rest.append(run)
        return
    first, last, distance = shared
    if first > 0:
        rest.append(piece(run, 0, first))
    gaps = (last - first) // distance
    if distance == 2 and gaps > 0:
        # Every second frame goes: what stays is itself a run, twice as wide.
        rest.append(piece((run[0] + (first + 1) * run[2], run[0] + (last - 1) * run[2], run[2] * 2), 0, gaps))
    elif distance > 2:
        if gaps > MOST_SEGMENTS - len(rest):
            raise OverflowError
        for at in range(first, last, distance):
            rest.append(piece(run, at + 1, distance - 1))
    length = count(run)
    if last < length - 1:
        rest.append(piece(run, last + 1, length - 1 - last))


class Seen(object):
    """What a range named so far, so that a frame named twice is taken once, at its first place."""

    def __init__(self):
        self._names, self._singles, self._runs = set(), set(), []
        self._low = self._high = None

    def new_in(self, part):
        """The segments of a part that were not named before. OverflowError when they are too many."""
        if not isinstance(part, tuple):
            known = part in self._names
            self._names.add(part)
            return [] if known else [part]
        rest = [part]
        if self._low is not None and _lowest(part) <= self._high and _highest(part) >= self._low:
            for run in self._runs:
                rest = self._without(rest, run)
            if len(rest) == 1 and count(rest[0]) <= len(self._singles):
                run = rest[0]
                known = [run[0] + at * run[2] for at in range(count(run)) if run[0] + at * run[2] in self._singles]
            else:
                known = sorted(self._singles)
            for single in known:
                rest = self._without(rest, (single, single, 1))
        for run in rest:
            if run[0] == run[1]:
                self._singles.add(run[0])
            else:
                self._runs.append(run)
        self._low = _lowest(part) if self._low is None else min(self._low, _lowest(part))
        self._high = _highest(part) if self._high is None else max(self._high, _highest(part))
        return rest

    @staticmethod
    def _without(runs, known):
        if not any(_highest(run) >= _lowest(known) and _lowest(run) <= _highest(known) for run in runs):
            return runs
        kept = []
        for run in runs:
            _subtract(run, known, kept)
        return kept
