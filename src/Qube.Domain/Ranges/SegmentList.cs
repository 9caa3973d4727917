namespace Qube.Domain.Ranges;

/// <summary>Collects segments in order and joins neighbours that form one run.</summary>
/// <remarks>
/// Three numbers at equal distance make a run, and so do two in direct succession; two numbers farther apart stay two, so that
/// <c>1,2,4,6,8</c> becomes <c>1-2,4-8x2</c> rather than <c>1-2,4-6x2,8</c> or the like.
/// </remarks>
internal sealed class SegmentList
{
    private readonly List<RangeSegment> _segments = [];

    public int Count => _segments.Count;

    public void Add(RangeSegment next)
    {
        if (_segments.Count > 0 && TryJoin(next, out RangeSegment joined, out int replaced))
        {
            _segments.RemoveRange(_segments.Count - replaced, replaced);
            _segments.Add(joined);
            return;
        }

        _segments.Add(next);
    }

    public RangeSegment[] ToArray() => [.. _segments];

    private bool TryJoin(RangeSegment next, out RangeSegment joined, out int replaced)
    {
        replaced = 1;
        RangeSegment last = _segments[^1];
        if (!last.TryAppend(next, out joined))
        {
            return false;
        }

        if (last.Count > 1 || next.Count > 1 || next.First == last.First + 1)
        {
            return true;
        }

        // Two singles: a third before them at the same distance decides.
        if (_segments.Count > 1 && _segments[^2] is { IsName: false, Count: 1 } before && last.First - before.First == joined.Step)
        {
            replaced = 2;
            return before.TryAppend(joined, out joined);
        }

        return false;
    }
}
