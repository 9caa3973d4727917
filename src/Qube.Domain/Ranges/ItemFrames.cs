using Qube.Domain.Syntax;

namespace Qube.Domain.Ranges;

/// <summary>The frames an item's name stands for (jobs.md §3: frame, range or label).</summary>
public static class ItemFrames
{
    /// <summary>Reads <c>12</c>, <c>101-108</c>, <c>1-3,10-11</c>; false for a label.</summary>
    /// <param name="name">The item's name.</param>
    /// <param name="first">First frame as written.</param>
    /// <param name="last">Last frame as written.</param>
    /// <param name="step">Distance, at least 1; 1 where there are several runs.</param>
    public static bool TryRead(string name, out long first, out long last, out long step)
    {
        ArgumentNullException.ThrowIfNull(name);
        (first, last, step) = (0, 0, 1);
        Parsed<FrameRange> range = FrameRange.Parse(name, removeDuplicates: false);
        if (!range.IsOk || range.Value.Segments.Any(static segment => segment.IsName))
        {
            return false;
        }

        RangeSegment head = range.Value.Segments[0];
        RangeSegment tail = range.Value.Segments[^1];
        (first, last, step) = (head.First, tail.Last, range.Value.Segments.Length == 1 ? Math.Abs(head.Step) : 1);
        return true;
    }
}
