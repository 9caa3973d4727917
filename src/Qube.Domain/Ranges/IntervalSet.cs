namespace Qube.Domain.Ranges;

/// <summary>
/// A set of ints held as sorted intervals: a million pending items are one entry. Taking the lowest costs nothing, adding and removing
/// a search and at most half the entries moved.
/// </summary>
/// <remarks>Mutable and not thread-safe: the working state of one actor.</remarks>
public sealed class IntervalSet
{
    // Entries live in _items[_head .. _head + _size); room is kept at both ends because most sets shrink from the front.
    private (int First, int Last)[] _items;
    private int _head;
    private int _size;

    public IntervalSet()
    {
        _items = [];
    }

    /// <summary>All of first … last.</summary>
    public IntervalSet(int first, int last)
        : this()
    {
        AddRange(first, last);
    }

    private IntervalSet((int First, int Last)[] items, int size, long count)
    {
        _items = items;
        _size = size;
        Count = count;
    }

    /// <summary>How many ints are in it.</summary>
    public long Count { get; private set; }

    public bool IsEmpty => _size == 0;

    public int IntervalCount => _size;

    /// <summary>The lowest member.</summary>
    /// <exception cref="InvalidOperationException">The set is empty.</exception>
    public int First => _size > 0 ? _items[_head].First : throw new InvalidOperationException("The set is empty.");

    /// <summary>The highest member.</summary>
    /// <exception cref="InvalidOperationException">The set is empty.</exception>
    public int Last => _size > 0 ? _items[_head + _size - 1].Last : throw new InvalidOperationException("The set is empty.");

    public bool Contains(int value)
    {
        int at = Find(value);
        return at < _size && _items[_head + at].First <= value;
    }

    /// <returns>False when it was a member already.</returns>
    public bool Add(int value)
    {
        if (Contains(value))
        {
            return false;
        }

        AddRange(value, value);
        return true;
    }

    /// <summary>Adds first … last; nothing when last is less than first.</summary>
    public void AddRange(int first, int last)
    {
        if (last < first)
        {
            return;
        }

        // Every interval that overlaps or touches the new one melts into it.
        int from = first == int.MinValue ? 0 : Find(first - 1);
        int to = from;
        while (to < _size && _items[_head + to].First <= (last == int.MaxValue ? last : last + 1))
        {
            (int First, int Last) melted = _items[_head + to];
            Count -= (long)melted.Last - melted.First + 1;
            first = Math.Min(first, melted.First);
            last = Math.Max(last, melted.Last);
            to++;
        }

        Count += (long)last - first + 1;
        if (to > from)
        {
            _items[_head + from] = (first, last);
            RemoveAt(from + 1, to - from - 1);
        }
        else
        {
            InsertAt(from, (first, last));
        }
    }

    /// <returns>False when it was no member.</returns>
    public bool Remove(int value)
    {
        int at = Find(value);
        if (at >= _size || _items[_head + at].First > value)
        {
            return false;
        }

        (int first, int last) = _items[_head + at];
        Count--;
        if (first == last)
        {
            RemoveAt(at, 1);
        }
        else if (value == first)
        {
            _items[_head + at] = (value + 1, last);
        }
        else if (value == last)
        {
            _items[_head + at] = (first, value - 1);
        }
        else
        {
            _items[_head + at] = (first, value - 1);
            InsertAt(at + 1, (value + 1, last));
        }

        return true;
    }

    /// <summary>Removes whatever of first … last is in it.</summary>
    public void RemoveRange(int first, int last)
    {
        if (last < first)
        {
            return;
        }

        int from = Find(first);
        int to = from;
        (int First, int Last)? before = null;
        (int First, int Last)? after = null;
        while (to < _size && _items[_head + to].First <= last)
        {
            (int First, int Last) cut = _items[_head + to];
            Count -= (long)Math.Min(cut.Last, last) - Math.Max(cut.First, first) + 1;
            before = cut.First < first ? (cut.First, first - 1) : before;
            after = cut.Last > last ? (last + 1, cut.Last) : after;
            to++;
        }

        RemoveAt(from, to - from);
        if (after is { } right)
        {
            InsertAt(from, right);
        }

        if (before is { } left)
        {
            InsertAt(from, left);
        }
    }

    /// <summary>Takes out the lowest member; false when there is none.</summary>
    public bool TryTakeFirst(out int value)
    {
        if (_size == 0)
        {
            value = 0;
            return false;
        }

        value = First;
        return Remove(value);
    }

    /// <summary>The intervals in ascending order. The set must not change meanwhile.</summary>
    public IEnumerable<(int First, int Last)> Intervals()
    {
        for (int at = 0; at < _size; at++)
        {
            yield return _items[_head + at];
        }
    }

    /// <summary>The members in ascending order. The set must not change meanwhile.</summary>
    public IEnumerable<int> Values()
    {
        foreach ((int first, int last) in Intervals())
        {
            for (long value = first; value <= last; value++)
            {
                yield return (int)value;
            }
        }
    }

    /// <summary>Adds every member of <paramref name="other"/>.</summary>
    public void UnionWith(IntervalSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach ((int first, int last) in ReferenceEquals(this, other) ? [] : other.Intervals())
        {
            AddRange(first, last);
        }
    }

    /// <summary>Removes every member of <paramref name="other"/>.</summary>
    public void ExceptWith(IntervalSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other))
        {
            (_items, _head, _size, Count) = ([], 0, 0, 0);
            return;
        }

        foreach ((int first, int last) in other.Intervals())
        {
            RemoveRange(first, last);
        }
    }

    public IntervalSet Clone() => new(_items.AsSpan(_head, _size).ToArray(), _size, Count);

    /// <summary>First and last of each interval, one after the other: the stored form.</summary>
    public int[] ToPairs()
    {
        int[] pairs = new int[_size * 2];
        for (int at = 0; at < _size; at++)
        {
            (pairs[2 * at], pairs[(2 * at) + 1]) = _items[_head + at];
        }

        return pairs;
    }

    /// <summary>Reads the stored form; pairs may stand in any order and overlap.</summary>
    /// <exception cref="ArgumentException">There is an odd number of ints.</exception>
    public static IntervalSet FromPairs(IReadOnlyList<int> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count % 2 != 0)
        {
            throw new ArgumentException($"{pairs.Count} ints are no pairs.", nameof(pairs));
        }

        var set = new IntervalSet();
        for (int at = 0; at < pairs.Count; at += 2)
        {
            set.AddRange(pairs[at], pairs[at + 1]);
        }

        return set;
    }

    public override string ToString() =>
        string.Join(',', Intervals().Select(static interval => RangeSegment.Between(interval.First, interval.Last, 1)));

    /// <summary>Index of the first interval that ends at or after a value.</summary>
    private int Find(int value)
    {
        (int low, int high) = (0, _size);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            (low, high) = _items[_head + middle].Last < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void InsertAt(int at, (int First, int Last) interval)
    {
        bool frontIsShorter = at < _size / 2;
        if (frontIsShorter ? _head == 0 : _head + _size == _items.Length)
        {
            Grow();
        }

        if (frontIsShorter)
        {
            Array.Copy(_items, _head, _items, _head - 1, at);
            _head--;
        }
        else
        {
            Array.Copy(_items, _head + at, _items, _head + at + 1, _size - at);
        }

        _items[_head + at] = interval;
        _size++;
    }

    private void RemoveAt(int at, int count)
    {
        if (at < _size - at - count)
        {
            Array.Copy(_items, _head, _items, _head + count, at);
            _head += count;
        }
        else
        {
            Array.Copy(_items, _head + at + count, _items, _head + at, _size - at - count);
        }

        _size -= count;
        if (_size == 0)
        {
            _head = _items.Length / 2;
        }
    }

    private void Grow()
    {
        var grown = new (int, int)[Math.Max(4, _size * 2)];
        int head = (grown.Length - _size) / 2;
        Array.Copy(_items, _head, grown, head, _size);
        (_items, _head) = (grown, head);
    }
}
