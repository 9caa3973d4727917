using Qube.Domain.Syntax;

namespace Qube.Domain.Ranges;

/// <summary>From an item's name to its position: a dictionary for names, a search over runs for numbers.</summary>
internal sealed class AgendaIndex
{
    private readonly AgendaStretch[] _runs;
    private readonly long[] _highestSoFar;
    private Dictionary<string, int>? _names;
    private Dictionary<long, int>? _paddedNames;

    private AgendaIndex(AgendaStretch[] runs)
    {
        // Sorted by lowest number; _highestSoFar bounds how far back a number can lie.
        _runs = runs;
        Array.Sort(_runs, static (left, right) => left.Segment.Min.CompareTo(right.Segment.Min));
        _highestSoFar = new long[_runs.Length];
        long highest = long.MinValue;
        for (int at = 0; at < _runs.Length; at++)
        {
            highest = Math.Max(highest, _runs[at].Segment.Max);
            _highestSoFar[at] = highest;
        }
    }

    /// <summary>Builds the index; <paramref name="duplicate"/> is the first name found to stand for two items.</summary>
    public static AgendaIndex? TryBuild(AgendaStretch[] stretches, out string? duplicate)
    {
        var index = new AgendaIndex([.. stretches.Where(static stretch => stretch.Names is null)]);
        duplicate = index.FindDuplicateRun();
        if (duplicate is not null)
        {
            return null;
        }

        foreach (AgendaStretch stretch in stretches)
        {
            for (int at = 0; at < (stretch.Names?.Length ?? 0); at++)
            {
                string name = stretch.Names![at];
                if (!index.TryAddName(name, stretch.Start + at))
                {
                    duplicate = name;
                    return null;
                }
            }
        }

        return index;
    }

    public bool TryFind(string name, out int position)
    {
        if (_names is not null && _names.TryGetValue(name, out position))
        {
            return true;
        }

        if (TryReadRun(name, out RangeSegment item))
        {
            if (TryFindRun(item, out position))
            {
                return true;
            }

            if (item.Count == 1 && _paddedNames is not null && _paddedNames.TryGetValue(item.First, out position))
            {
                return true;
            }
        }

        position = -1;
        return false;
    }

    private static bool TryReadRun(string name, out RangeSegment run)
    {
        run = default;
        if (name.Length == 0 || (name[0] != '-' && !char.IsAsciiDigit(name[0])))
        {
            return false;
        }

        if (RangeFunctions.TryNumber(name, out long frame))
        {
            run = RangeSegment.Just(frame);
            return true;
        }

        Parsed<FrameRange> range = FrameRange.Parse(name, removeDuplicates: false);
        if (!range.IsOk || range.Value.Segments.Length != 1)
        {
            return false;
        }

        run = range.Value.Segments[0];
        return true;
    }

    private bool TryAddName(string name, int position)
    {
        if (TryReadRun(name, out RangeSegment item))
        {
            if (item.ToString() == name && TryFindRun(item, out _))
            {
                return false;
            }

            if (item.Count == 1)
            {
                (_paddedNames ??= []).TryAdd(item.First, position);
            }
        }

        return (_names ??= new(StringComparer.Ordinal)).TryAdd(name, position);
    }

    private bool TryFindRun(RangeSegment item, out int position)
    {
        (int low, int high) = (0, _runs.Length);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            (low, high) = _runs[middle].Segment.Min <= item.First ? (middle + 1, high) : (low, middle);
        }

        for (int at = low - 1; at >= 0 && _highestSoFar[at] >= item.First; at--)
        {
            if (_runs[at].TryIndexOf(item, out int index))
            {
                position = _runs[at].Start + index;
                return true;
            }
        }

        position = -1;
        return false;
    }

    private string? FindDuplicateRun()
    {
        List<AgendaStretch> open = [];
        foreach (AgendaStretch run in _runs)
        {
            open.RemoveAll(earlier => earlier.Segment.Max < run.Segment.Min);
            foreach (AgendaStretch earlier in open)
            {
                if (FindShared(earlier, run) is { } name)
                {
                    return name;
                }
            }

            open.Add(run);
        }

        return null;
    }

    private static string? FindShared(AgendaStretch left, AgendaStretch right)
    {
        if (!SegmentDifference.TryOverlap(left.Segment, right.Segment, out long first, out _, out _))
        {
            return null;
        }

        if (left.ChunkSize == 1 && right.ChunkSize == 1)
        {
            return left.Segment.NameAt(first);
        }

        // Chunks that share numbers may still be other items (1-5 and 3-7): compare them one by one, the fewer against the more.
        (AgendaStretch few, AgendaStretch many) = left.Count <= right.Count ? (left, right) : (right, left);
        for (long at = 0; at < few.Count; at++)
        {
            if (many.TryIndexOf(few.ItemSegment(at), out _))
            {
                return few.ItemSegment(at).ToString();
            }
        }

        return null;
    }
}
