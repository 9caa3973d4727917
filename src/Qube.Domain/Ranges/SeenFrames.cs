namespace Qube.Domain.Ranges;

/// <summary>What a range named so far, so that a frame named twice is taken once, at its first place.</summary>
internal sealed class SeenFrames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<long> _singles = [];
    private readonly List<RangeSegment> _runs = [];
    private long _min = long.MaxValue;
    private long _max = long.MinValue;

    /// <summary>Adds to <paramref name="target"/> what is new in <paramref name="part"/>; false when that would take too many segments.</summary>
    public bool TryAddNew(RangeSegment part, SegmentList target)
    {
        if (part.IsName)
        {
            if (_names.Add(part.Name!))
            {
                target.Add(part);
            }

            return true;
        }

        List<RangeSegment> rest = [part];
        if (part.Min <= _max && part.Max >= _min && !TryTakeAwayKnown(ref rest))
        {
            return false;
        }

        foreach (RangeSegment segment in rest)
        {
            if (segment.Count == 1)
            {
                _singles.Add(segment.First);
            }
            else
            {
                _runs.Add(segment);
            }

            target.Add(segment);
        }

        _min = Math.Min(_min, part.Min);
        _max = Math.Max(_max, part.Max);
        return target.Count <= FrameRange.MaxSegments;
    }

    private bool TryTakeAwayKnown(ref List<RangeSegment> rest)
    {
        foreach (RangeSegment run in _runs)
        {
            if (!TryTakeAway(run, ref rest))
            {
                return false;
            }
        }

        if (rest.Count == 1 && rest[0].Count <= _singles.Count)
        {
            RangeSegment segment = rest[0];
            for (long index = 0; index < segment.Count; index++)
            {
                if (_singles.Contains(segment.ElementAt(index)) && !TryTakeAway(RangeSegment.Just(segment.ElementAt(index)), ref rest))
                {
                    return false;
                }
            }

            return true;
        }

        foreach (long single in _singles)
        {
            if (!TryTakeAway(RangeSegment.Just(single), ref rest))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryTakeAway(RangeSegment known, ref List<RangeSegment> rest)
    {
        if (!rest.Exists(segment => segment.Max >= known.Min && segment.Min <= known.Max))
        {
            return true;
        }

        List<RangeSegment> kept = new(rest.Count + 2);
        foreach (RangeSegment segment in rest)
        {
            if (!SegmentDifference.TrySubtract(segment, known, kept, FrameRange.MaxSegments))
            {
                return false;
            }
        }

        rest = kept;
        return true;
    }
}
