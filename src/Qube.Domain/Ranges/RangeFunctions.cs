using System.Globalization;

namespace Qube.Domain.Ranges;

/// <summary>
/// Qube!'s range functions (jobs.md §7) over parsed ranges. Those that return names make one text per frame: for clients; a job keeps
/// an <see cref="Agenda"/>.
/// </summary>
public static class RangeFunctions
{
    /// <summary>Every frame as text (<c>rangesplit</c>).</summary>
    public static IReadOnlyList<string> Split(FrameRange range, bool binarySort = false)
    {
        ArgumentNullException.ThrowIfNull(range);
        List<string> names = [.. range.Names()];
        return binarySort ? BinaryOrder.Sort(names) : names;
    }

    /// <summary>Range texts of <paramref name="size"/> frames each, the last one of what remains (<c>rangechunk</c>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is less than 1.</exception>
    public static IReadOnlyList<string> Chunk(int size, FrameRange range, bool binarySort = false)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return Cut(range, binarySort, _ => size);
    }

    /// <summary>At most <paramref name="parts"/> range texts whose frame counts differ by at most one, the longer first (<c>rangepartition</c>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 part is wanted.</exception>
    public static IReadOnlyList<string> Partition(int parts, FrameRange range, bool binarySort = false)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        (long size, long longer) = Math.DivRem(range.Count, parts);
        return Cut(range, binarySort, index => index < longer ? size + 1 : size);
    }

    /// <summary>The shortest range text for frames in this order (<c>rangejoin</c>): 1, 3, 5 becomes <c>1-5x2</c>.</summary>
    public static string Join(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return FrameRange.Of(names.Select(SegmentOf)).ToString();
    }

    /// <summary>The frames in another order (<c>rangeorder</c>).</summary>
    public static IReadOnlyList<string> Order(RangeOrder order, FrameRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        return order switch
        {
            RangeOrder.Ascend => Ascending(range),
            RangeOrder.Descend => [.. Ascending(range).Reverse()],
            RangeOrder.Reverse => [.. range.Names().Reverse()],
            RangeOrder.Binary => BinaryOrder.Sort(Ascending(range)),
            RangeOrder.RawBinary => BinaryOrder.Sort(Split(range)),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "no such order"),
        };
    }

    /// <summary>The segment a single name stands for: a number when it is one in its plain form, else a literal.</summary>
    internal static RangeSegment SegmentOf(string name) =>
        TryPlainNumber(name, out long frame) ? RangeSegment.Just(frame) : RangeSegment.Literal(name);

    /// <summary>True for <c>5</c> and <c>-3</c>, not for <c>05</c>, <c>+5</c> or <c>-0</c>: texts that a number would print as.</summary>
    internal static bool TryPlainNumber(string name, out long frame) =>
        TryNumber(name, out frame) && name == frame.ToString(CultureInfo.InvariantCulture);

    /// <summary>Also takes leading zeros.</summary>
    internal static bool TryNumber(string name, out long frame)
    {
        frame = 0;
        return name.Length is > 0 and <= FrameRange.MaxDigits + 1
            && long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out frame)
            && name[0] != '+'
            && Math.Abs(frame) < 1_000_000_000_000_000;
    }

    private static IReadOnlyList<string> Cut(FrameRange range, bool binarySort, Func<int, long> sizeOf)
    {
        List<string> texts = [];
        var walk = new RangeWalk(range);
        for (int index = 0; !walk.AtEnd; index++)
        {
            texts.Add(FrameRange.Of(walk.Take(sizeOf(index))).ToString());
        }

        // The pieces are put in binary order, not the frames within them: a piece stays a run that one command can render.
        return binarySort ? BinaryOrder.Sort(texts) : texts;
    }

    private static IReadOnlyList<string> Ascending(FrameRange range)
    {
        List<long> frames = [];
        List<string> names = [];
        foreach (RangeSegment segment in range.Segments)
        {
            if (segment.IsName)
            {
                names.Add(segment.Name!);
                continue;
            }

            for (long index = 0; index < segment.Count; index++)
            {
                frames.Add(segment.ElementAt(index));
            }
        }

        frames.Sort();
        names.Sort(StringComparer.Ordinal);
        return [.. frames.Select(static frame => frame.ToString(CultureInfo.InvariantCulture)), .. names];
    }
}
