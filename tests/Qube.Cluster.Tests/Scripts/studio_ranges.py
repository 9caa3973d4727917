"""Frame ranges: every row of the manual, and agreement of this module with the supervisor's own rules over random ranges."""

import random
import sys

import qb
from farm import mark

m = mark()
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 30)


def numbers(first, last, step=1):
    return [str(number) for number in range(first, last + (1 if step > 0 else -1), step)]


# The manual's rows.
ROWS = {
    '1': ['1'], '1-5': numbers(1, 5), '1,3,5': ['1', '3', '5'], '1-5,7': numbers(1, 5) + ['7'], '1-10x3': ['1', '4', '7', '10'], '0-60x10': numbers(0, 60, 10),
    '1-100x10': numbers(1, 91, 10), '-100': ['-100'], '-10-5': numbers(-10, 5), '-100-100': numbers(-100, 100), '-10-10': numbers(-10, 10),
    '-10--1x2': numbers(-10, -2, 2), '100--10': numbers(100, -10, -1), 'ls,set,echo HI': ['ls', 'set', 'echo HI'],
}
for text, expected in ROWS.items():
    assert qb.rangesplit(text) == expected, (text, qb.rangesplit(text), expected)
    assert [work['name'] for work in qb.genframes(text)] == expected
mixed = qb.rangesplit('-40-30x4,1,3,4,12')
assert mixed[:2] == ['-40', '-36'] and mixed[-2:] == ['1', '3'] and len(mixed) == 20, mixed
assert qb.rangesplit('1-3,2-4') == ['1', '2', '3', '4'] and qb.rangesplit('1,1', removeDuplicates=False) == ['1', '1']
assert qb.rangesplit('1-5', '7', 9) == numbers(1, 5) + ['7', '9'] and qb.rangesplit(5) == ['5'] and qb.rangesplit([1, '2-3']) == ['1', '2', '3']
assert qb.rangechunk(5, '1-10') == ['1-5', '6-10'] and qb.rangechunk('3', '1-7') == ['1-3', '4-6', '7'] and qb.rangepartition(3, '1-10') == ['1-4', '5-7', '8-10']
assert qb.rangejoin([1, 3, 5]) == '1-5x2' == qb.rangejoin(['1', '3', '5']) == qb.rangejoin(1, 3, 5) and qb.rangejoin([1, 2, 3, 7]) == '1-3,7' and qb.rangejoin([]) == ''
assert [qb.rangeorder(mode, '3,1,2,5,4') for mode in ('ascend', 'descend', 'reverse', 'binary', 'rawbinary')] == [
    numbers(1, 5), numbers(5, 1, -1), ['4', '5', '2', '1', '3'], ['1', '5', '3', '2', '4'], ['3', '4', '2', '1', '5']]
assert qb.binarySort(list(range(1, 21)))[:3] == [1, 20, 10] and qb.binarySort(list(range(1, 201)))[:3] == [1, 200, 100] and qb.binarySort([]) == []
assert [work['name'] for work in qb.genchunks(5, '1-10')] == ['1-5', '6-10'] and [work['name'] for work in qb.genpartitions(2, '1-10')] == ['1-5', '6-10']
assert [work['name'] for work in qb.genframes('1-5', binarySort=True)] == ['1', '5', '3', '2', '4']
assert '%s' % qb.genframes('1')[0]['name'] == '1' and qb.genframes('7')[0].name() == '7'
for wrong in ('1-', 'x'.join(['1-5', '0']), '1,,2', '1-5y2', ''):
    try:
        qb.rangesplit(wrong)
    except (qb.QBError, ValueError) as error:
        assert isinstance(error, qb.QBError) and isinstance(error, ValueError), error
    else:
        raise AssertionError('taken: %r' % wrong)

# This module and the supervisor, over ranges that nobody thought of.
dice = random.Random(SEED)


def part():
    kind = dice.randrange(8)
    first = dice.randrange(-60, 120)
    if kind == 0:
        return dice.choice(['ls', 'a b', 'Segment: 1', 'x_y', 'beauty.L'])
    if kind < 3:
        return '%d' % first
    last = first + dice.randrange(-50, 50)
    return '%d-%d' % (first, last) + ('x%d' % dice.randrange(1, 12) if kind > 4 else '')


cases = []
while len(cases) < 150:
    text = ','.join(part() for _ in range(dice.randrange(1, 6)))
    n = dice.randrange(1, 12)
    kind, binary = dice.choice(['frames', 'chunks', 'partitions']), dice.random() < 0.4
    make = {'frames': lambda: qb.genframes(text, binarySort=binary), 'chunks': lambda: qb.genchunks(n, text, binarySort=binary),
            'partitions': lambda: qb.genpartitions(n, text, binarySort=binary)}[kind]
    split = {'frames': lambda: qb.rangesplit(text, binarySort=binary), 'chunks': lambda: qb.rangechunk(n, text, binarySort=binary),
             'partitions': lambda: qb.rangepartition(n, text, binarySort=binary)}[kind]
    names = split()
    assert [work['name'] for work in make()] == names, (SEED, text, kind, n, binary)
    if binary and kind == 'frames':
        assert names == qb.rangeorder('rawbinary', text) == qb.binarySort(qb.rangesplit(text)), (SEED, text)
    frames = qb.rangesplit(text)
    joined = qb.rangejoin(frames)
    assert qb.rangesplit(joined) == frames, (SEED, text, joined)
    assert sorted(qb.rangeorder('ascend', text)) == sorted(frames) and qb.rangeorder('descend', text) == qb.rangeorder('ascend', text)[::-1], (SEED, text)
    if kind != 'frames' and not binary:
        assert [frame for name in names for frame in qb.rangesplit(name)] == frames, (SEED, text, names)
    # The supervisor reads the range itself; the answer holds what it made of it.
    cases.append((names, {'range': text, 'type': kind, 'n': n, 'binarySort': binary}))
jobs = qb.submit([{'prototype': 'cmdrange', 'name': m, 'status': 'blocked', 'package': {'cmdline': 'true'}, 'agenda': wire} for _, wire in cases])
seen = dict((job['id'], [work['name'] for work in job['agenda']]) for job in qb.jobinfo(id=[job['id'] for job in jobs], agenda=True))
for (names, wire), job in zip(cases, jobs):
    assert seen[job['id']] == names, 'seed %d: of %r this module makes %r, the supervisor %r' % (SEED, wire, names, seen[job['id']])
qb.kill(jobs)
print('seed %d: %d ranges agree, python %d.%d.%d' % ((SEED, len(cases)) + sys.version_info[:3]))
