import random
import time
import unittest

import qb

# Every row of jobs.md 7, and those of the supervisor's own tests (FrameRangeTests.cs): both sides must read a range alike.
ROWS = [
    ('1', '1'),
    ('1-5', '1 2 3 4 5'),
    ('1,3,5', '1 3 5'),
    ('1-5,7', '1 2 3 4 5 7'),
    ('1-10x3', '1 4 7 10'),
    ('0-60x10', '0 10 20 30 40 50 60'),
    ('1-100x10', '1 11 21 31 41 51 61 71 81 91'),
    ('-100', '-100'),
    ('-10-5', ' '.join(str(frame) for frame in range(-10, 6))),
    ('-10-10', ' '.join(str(frame) for frame in range(-10, 11))),
    ('-100-100', ' '.join(str(frame) for frame in range(-100, 101))),
    ('-10--1x2', '-10 -8 -6 -4 -2'),
    ('100--10', ' '.join(str(frame) for frame in range(100, -11, -1))),
    ('-40-30x4,1,3,4,12', ' '.join(str(frame) for frame in list(range(-40, 31, 4)) + [1, 3])),
    ('10-10', '10'),
    ('2--2', '2 1 0 -1 -2'),
    ('10-1x4', '10 6 2'),
    ('001-003', '1 2 3'),
    (' 1 , 5-6 ', '1 5 6'),
    ('3,1-4,3', '3 1 2 4'),
    ('1-9x2,1-9', '1 3 5 7 9 2 4 6 8'),
    ('1-9x3,1-9,ls,ls', '1 4 7 2 3 5 6 8 9 ls'),
]

WRONG = ['', '  ', '1-', '-', '5-1x0', '1-5x', '1-5x-2', '1-5y2', '1,,3', '1,', '1--', '1-2-3', '1 - 5', '2nd', '1,5x2', '1-9999999999999999']


class Rows(unittest.TestCase):
    def test_should_list_frames_when_the_range_is_good(self):
        for text, expected in ROWS:
            self.assertEqual(expected.split(' '), qb.rangesplit(text), text)

    def test_should_keep_literal_names(self):
        self.assertEqual(['ls', 'set', 'echo HI'], qb.rangesplit('ls,set,echo HI'))

    def test_should_refuse_what_begins_like_a_number_and_is_none(self):
        for text in WRONG:
            try:
                frames = qb.rangesplit(text)
            except qb.QBRangeError as failure:
                self.assertIn("frame range '%s'" % text, str(failure))
            else:
                self.fail('%r was read as %r' % (text, frames))

    def test_should_refuse_what_is_no_range(self):
        for wrong in (None, {}, [None]):
            self.assertRaises(qb.QBRangeError, qb.rangesplit, wrong)
        for wrong in (0, -1, 'x', None):
            self.assertRaises(qb.QBRangeError, qb.rangechunk, wrong, '1-5')
        self.assertRaises(TypeError, qb.rangesplit, '1-5', binarysort=True)

    def test_should_refuse_at_once_when_overlapping_runs_are_huge(self):
        self.assertRaises(qb.QBRangeError, qb.rangesplit, '1-900000000x3,1-900000000')

    def test_should_take_numbers_lists_and_several(self):
        self.assertEqual(['1', '2', '3', '7', '9'], qb.rangesplit('1-3', 7, [9, '2']))
        self.assertEqual(['1', '2'], qb.rangesplit(b'1-2'))

    def test_should_keep_duplicates_when_asked_to(self):
        self.assertEqual(['1', '2', '2', '3'], qb.rangesplit('1-2,2-3', removeDuplicates=False))

    def test_should_chunk_and_partition(self):
        self.assertEqual(['1-5', '6-10'], qb.rangechunk(5, '1-10'))
        self.assertEqual(['1-5', '6-10'], qb.rangechunk('5', '1-10'))
        self.assertEqual(['1-4', '5-7', '8-10'], qb.rangepartition(3, '1-10'))
        self.assertEqual(['1', '2'], qb.rangepartition(5, '1-2'))
        self.assertEqual(['1-7x2', '9,100-98', '97-94', '93-90'], qb.rangechunk(4, '1-10x2,100-90'))

    def test_should_join(self):
        self.assertEqual('1-5x2', qb.rangejoin([1, 3, 5]))
        for names, expected in (('1,2,4,6,8', '1-2,4-8x2'), ('3,2,1', '3-1'), ('1,5', '1,5'), ('01,2,3', '01,2-3'), ('ls,1,2', 'ls,1-2')):
            self.assertEqual(expected, qb.rangejoin(names.split(',')))

    def test_should_order(self):
        for mode, expected in (('ascend', '1 2 3 5 ls'), ('descend', 'ls 5 3 2 1'), ('reverse', '2 1 ls 5 3'),
                               ('binary', '1 ls 3 2 5'), ('rawbinary', '3 2 ls 5 1')):
            self.assertEqual(expected.split(' '), qb.rangeorder(mode, '3,5,ls,1,2'), mode)
        self.assertRaises(qb.QBRangeError, qb.rangeorder, 'sideways', '1-5')

    def test_should_take_first_last_and_middle_first_when_in_binary_order(self):
        self.assertEqual(['1', '20', '10'], qb.rangesplit('1-20', binarySort=True)[:3])
        self.assertEqual(['1', '200', '100'], qb.rangesplit('1-200', binarySort=True)[:3])
        self.assertEqual([1, 5, 3, 2, 4], qb.binarySort([1, 2, 3, 4, 5]))
        self.assertEqual([], qb.binarySort([]))
        self.assertEqual(['1-5', '16-20', '6-10', '11-15'], qb.rangechunk(5, '1-20', binarySort=True))


def some_range(chance):
    """(text, its frames written out one by one)"""
    parts, frames = [], []
    for _ in range(chance.randint(1, 4)):
        kind = chance.randint(0, 3)
        if kind == 0:
            frame = chance.randint(-30, 30)
            parts.append(str(frame))
            frames.append(str(frame))
        elif kind == 1:
            name = chance.choice(['ls', 'set', 'echo HI', 'x1-2'])
            parts.append(name)
            frames.append(name)
        else:
            first, last, step = chance.randint(-30, 30), chance.randint(-30, 30), chance.randint(1, 5)
            parts.append('%d-%d' % (first, last) + ('x%d' % step if step > 1 or chance.random() < .5 else ''))
            sign = 1 if last >= first else -1
            frames.extend(str(frame) for frame in range(first, last + sign, step * sign))
    return ','.join(parts), frames


def distinct(frames):
    seen = []
    for frame in frames:
        if frame not in seen:
            seen.append(frame)
    return seen


class Properties(unittest.TestCase):
    def each(self, check, count=400):
        seed = int(time.time() * 1000)
        for number in range(count):
            chance = random.Random(seed + number)
            text, frames = some_range(chance)
            try:
                check(chance, text, frames)
            except Exception:
                print('seed %d, range %r' % (seed + number, text))
                raise

    def test_should_equal_the_naive_expansion(self):
        def check(chance, text, frames):
            self.assertEqual(distinct(frames), qb.rangesplit(text))
            self.assertEqual(frames, qb.rangesplit(text, removeDuplicates=False))
            self.assertEqual(sorted(distinct(frames)), sorted(qb.rangesplit(text, binarySort=True)))
        self.each(check)

    def test_should_restore_the_frames_when_split_and_joined(self):
        def check(chance, text, frames):
            self.assertEqual(distinct(frames), qb.rangesplit(qb.rangejoin(qb.rangesplit(text))))
        self.each(check)

    def test_should_cover_the_range_in_order_when_cut(self):
        def check(chance, text, frames):
            n = chance.randint(1, 12)
            chunks = [qb.rangesplit(chunk) for chunk in qb.rangechunk(n, text)]
            self.assertEqual(distinct(frames), sum(chunks, []))
            self.assertTrue(all(len(chunk) == n for chunk in chunks[:-1]) and 1 <= len(chunks[-1]) <= n, chunks)
            parts = [qb.rangesplit(part) for part in qb.rangepartition(n, text)]
            self.assertEqual(distinct(frames), sum(parts, []))
            self.assertEqual(min(n, len(distinct(frames))), len(parts))
            self.assertTrue(max(map(len, parts)) - min(map(len, parts)) <= 1, parts)
        self.each(check)

    def test_should_hold_every_item_once_when_in_binary_order(self):
        for count in range(200):
            self.assertEqual(list(range(count)), sorted(qb.binarySort(range(count))))

    def test_should_agree_between_agenda_and_range_functions(self):
        def check(chance, text, frames):
            n, binary = chance.randint(1, 12), chance.random() < .5
            self.assertEqual(qb.rangesplit(text, binarySort=binary), [work['name'] for work in qb.genframes(text, binarySort=binary)])
            self.assertEqual(qb.rangechunk(n, text, binarySort=binary), [work['name'] for work in qb.genchunks(n, text, binarySort=binary)])
            self.assertEqual(qb.rangepartition(n, text, binarySort=binary),
                             [work['name'] for work in qb.genpartitions(n, text, binarySort=binary)])
        self.each(check, 200)


if __name__ == '__main__':
    unittest.main()
