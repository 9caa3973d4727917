using System.Collections.Immutable;

namespace Qube.Domain.Ranges;

/// <summary>Takes a range apart from front to back, some frames at a time, at a cost per segment and not per frame.</summary>
internal sealed class RangeWalk(FrameRange range)
{
    private readonly ImmutableArray<RangeSegment> _segments = range.Segments;
    private int _segment;
    private long _offset;

    public bool AtEnd => _segment >= _segments.Length;

    /// <summary>What is left of the segment the walk stands in.</summary>
    public long LeftInSegment => _segments[_segment].Count - _offset;

    public bool InNumbers => !_segments[_segment].IsName;

    /// <summary>The next frames, as many as there are up to <paramref name="count"/>.</summary>
    public List<RangeSegment> Take(long count)
    {
        List<RangeSegment> taken = [];
        while (count > 0 && !AtEnd)
        {
            RangeSegment segment = _segments[_segment];
            long portion = Math.Min(count, segment.Count - _offset);
            taken.Add(segment.Slice(_offset, portion));
            count -= portion;
            _offset += portion;
            if (_offset == segment.Count)
            {
                _segment++;
                _offset = 0;
            }
        }

        return taken;
    }
}
