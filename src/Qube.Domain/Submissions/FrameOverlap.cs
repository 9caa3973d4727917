using Qube.Domain.Ranges;

namespace Qube.Domain.Submissions;

/// <summary>The items of an agenda that share a frame with a given item.</summary>
internal sealed class FrameOverlap
{
    private readonly (RangeSegment Segment, int Seq)[] _segments;
    private readonly long[] _highestSoFar;

    public FrameOverlap(Agenda agenda)
    {
        var segments = new List<(RangeSegment Segment, int Seq)>();
        for (var seq = 0; seq < agenda.Count; seq++)
        {
            foreach (var segment in SegmentsOf(agenda.NameOf(seq)))
            {
                segments.Add((segment, seq));
            }
        }

        _segments = [.. segments.OrderBy(entry => entry.Segment.Min)];
        _highestSoFar = new long[_segments.Length];
        var highest = long.MinValue;
        for (var at = 0; at < _segments.Length; at++)
        {
            highest = Math.Max(highest, _segments[at].Segment.Max);
            _highestSoFar[at] = highest;
        }
    }

    /// <summary>Positions in ascending order; none for a name that is no range.</summary>
    public List<int> Find(string item)
    {
        var found = new SortedSet<int>();
        foreach (var wanted in SegmentsOf(item))
        {
            for (var at = LastFrom(wanted.Max); at >= 0 && _highestSoFar[at] >= wanted.Min; at--)
            {
                if (SegmentDifference.TryOverlap(_segments[at].Segment, wanted, out _, out _, out _))
                {
                    found.Add(_segments[at].Seq);
                }
            }
        }

        return [.. found];
    }

    private static IEnumerable<RangeSegment> SegmentsOf(string name)
    {
        var range = FrameRange.Parse(name, removeDuplicates: false);
        return range.IsOk ? range.Value.Segments.Where(segment => !segment.IsName) : [];
    }

    /// <summary>The last place whose lowest frame is not above a value; -1 when there is none.</summary>
    private int LastFrom(long value)
    {
        var (low, high) = (0, _segments.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = _segments[middle].Segment.Min <= value ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
