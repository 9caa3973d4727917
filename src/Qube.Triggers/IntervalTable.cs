namespace Qube.Triggers;

/// <summary>
/// A mutable set of integers as disjoint, non-adjacent, ascending intervals. Two levels (a list of short lists), so that frames that end
/// in random order cost a short move each and not one of the whole table.
/// </summary>
internal sealed class IntervalTable
{
    private const int ChunkLimit = 512;

    private readonly List<List<NameInterval>> _chunks = [];

    public bool IsEmpty => _chunks.Count == 0;

    public IEnumerable<NameInterval> Intervals => _chunks.SelectMany(chunk => chunk);

    public void Clear() => _chunks.Clear();

    public void Add(long first, long last)
    {
        var c = FindChunk(first - 1);
        if (c == _chunks.Count)
        {
            Append(new(first, last));
            return;
        }

        var chunk = _chunks[c];
        var i = FindIn(chunk, first - 1);
        var hit = chunk[i];
        if (hit.First > last + 1)
        {
            Insert(c, i, new(first, last));
            return;
        }

        var end = Math.Max(last, hit.Last);
        end = Math.Max(end, RemoveFollowing(c, i + 1, last + 1));
        chunk[i] = new(Math.Min(first, hit.First), end);
    }

    public void Remove(long first, long last)
    {
        var c = FindChunk(first);
        if (c == _chunks.Count)
        {
            return;
        }

        var i = FindIn(_chunks[c], first);
        var hit = _chunks[c][i];
        if (hit.First < first)
        {
            _chunks[c][i] = new(hit.First, first - 1);
            i++;
            if (hit.Last > last)
            {
                Insert(c, i, new(last + 1, hit.Last));
                return;
            }
        }

        while (c < _chunks.Count)
        {
            var chunk = _chunks[c];
            var j = i;
            while (j < chunk.Count && chunk[j].Last <= last)
            {
                j++;
            }

            chunk.RemoveRange(i, j - i);
            if (i < chunk.Count)
            {
                if (chunk[i].First <= last)
                {
                    chunk[i] = new(last + 1, chunk[i].Last);
                }

                return;
            }

            if (chunk.Count == 0)
            {
                _chunks.RemoveAt(c);
            }
            else
            {
                c++;
            }

            i = 0;
        }
    }

    /// <summary>The parts of the table's intervals that lie between first and last, ascending.</summary>
    public IEnumerable<NameInterval> Within(long first, long last)
    {
        var c = FindChunk(first);
        if (c == _chunks.Count)
        {
            yield break;
        }

        var i = FindIn(_chunks[c], first);
        for (; c < _chunks.Count; c++, i = 0)
        {
            var chunk = _chunks[c];
            for (; i < chunk.Count; i++)
            {
                if (chunk[i].First > last)
                {
                    yield break;
                }

                yield return new(Math.Max(first, chunk[i].First), Math.Min(last, chunk[i].Last));
            }
        }
    }

    private void Append(NameInterval interval)
    {
        if (_chunks.Count == 0 || _chunks[^1].Count >= ChunkLimit)
        {
            _chunks.Add([]);
        }

        _chunks[^1].Add(interval);
    }

    private void Insert(int c, int i, NameInterval interval)
    {
        var chunk = _chunks[c];
        chunk.Insert(i, interval);
        if (chunk.Count > ChunkLimit)
        {
            var half = chunk.Count / 2;
            _chunks.Insert(c + 1, chunk.GetRange(half, chunk.Count - half));
            chunk.RemoveRange(half, chunk.Count - half);
        }
    }

    /// <summary>Removes, from that position on, the intervals that begin at or before the limit; answers the last one's end.</summary>
    private long RemoveFollowing(int c, int i, long limit)
    {
        var end = long.MinValue;
        while (c < _chunks.Count)
        {
            var chunk = _chunks[c];
            var j = i;
            while (j < chunk.Count && chunk[j].First <= limit)
            {
                end = chunk[j].Last;
                j++;
            }

            var toTheEnd = j == chunk.Count;
            chunk.RemoveRange(i, j - i);
            if (!toTheEnd)
            {
                break;
            }

            if (chunk.Count == 0)
            {
                _chunks.RemoveAt(c);
            }
            else
            {
                c++;
            }

            i = 0;
        }

        return end;
    }

    /// <summary>The first chunk that holds an interval ending at or after x.</summary>
    private int FindChunk(long x)
    {
        int low = 0, high = _chunks.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_chunks[middle][^1].Last < x)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static int FindIn(List<NameInterval> chunk, long x)
    {
        int low = 0, high = chunk.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (chunk[middle].Last < x)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
