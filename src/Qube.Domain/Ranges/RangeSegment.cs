using System.Globalization;

namespace Qube.Domain.Ranges;

/// <summary>A run of frame numbers at equal distance, or (with <see cref="Name"/>) one literal name. Costs the same for 1 frame as for a million.</summary>
/// <remarks>
/// <see cref="Last"/> is a member of the run (1-100x10 is held as 1..91), <see cref="Step"/> is signed and never 0;
/// a single number has <c>First == Last</c> and step 1.
/// </remarks>
public readonly record struct RangeSegment
{
    private RangeSegment(long first, long last, long step, string? name)
    {
        First = first;
        Last = last;
        Step = step;
        Name = name;
    }

    public long First { get; }

    public long Last { get; }

    public long Step { get; }

    /// <summary>The literal name (<c>ls</c> in <c>ls,set</c>); null for numbers.</summary>
    public string? Name { get; }

    public bool IsName => Name is not null;

    public long Count => Name is not null ? 1 : ((Last - First) / Step) + 1;

    public long Min => Math.Min(First, Last);

    public long Max => Math.Max(First, Last);

    /// <summary>From first towards last, which is a member only when the step meets it.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="last">The bound; may be less than first.</param>
    /// <param name="stepSize">Distance, at least 1; the direction follows from first and last.</param>
    public static RangeSegment Between(long first, long last, long stepSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepSize, 1);
        long step = last >= first ? stepSize : -stepSize;
        long count = (last - first) / step;
        return count == 0 ? Just(first) : new RangeSegment(first, first + (count * step), step, null);
    }

    public static RangeSegment Just(long frame) => new(frame, frame, 1, null);

    public static RangeSegment Literal(string name) => new(0, 0, 1, name);

    /// <summary>The number at a 0-based index; meaningless for a name.</summary>
    public long ElementAt(long index) => First + (index * Step);

    /// <summary>The text of the element at a 0-based index.</summary>
    public string NameAt(long index) => Name ?? ElementAt(index).ToString(CultureInfo.InvariantCulture);

    public bool TryIndexOf(long frame, out long index)
    {
        index = 0;
        if (Name is not null || frame < Min || frame > Max || (frame - First) % Step != 0)
        {
            return false;
        }

        index = (frame - First) / Step;
        return true;
    }

    /// <summary>A part of the run, by 0-based index.</summary>
    public RangeSegment Slice(long index, long count)
    {
        if (Name is not null)
        {
            return this;
        }

        return count == 1 ? Just(ElementAt(index)) : new RangeSegment(ElementAt(index), ElementAt(index + count - 1), Step, null);
    }

    public RangeSegment Reverse() => Name is not null || First == Last ? this : new RangeSegment(Last, First, -Step, null);

    /// <summary>True when <paramref name="next"/>, put behind this run, only lengthens it.</summary>
    public bool TryAppend(RangeSegment next, out RangeSegment joined)
    {
        joined = default;
        if (Name is not null || next.Name is not null)
        {
            return false;
        }

        long gap = next.First - Last;
        bool fits = (Count, next.Count) switch
        {
            (1, 1) => gap != 0,
            (1, _) => gap == next.Step,
            (_, 1) => gap == Step,
            _ => gap == Step && Step == next.Step,
        };
        if (fits)
        {
            joined = new RangeSegment(First, next.Last, gap, null);
        }

        return fits;
    }

    /// <summary>The shortest text that parses to this segment: <c>7</c>, <c>1-5</c>, <c>10-1x3</c>, <c>ls</c>.</summary>
    public override string ToString()
    {
        if (Name is not null)
        {
            return Name;
        }

        CultureInfo plain = CultureInfo.InvariantCulture;
        string first = First.ToString(plain);
        if (First == Last)
        {
            return first;
        }

        string text = $"{first}-{Last.ToString(plain)}";
        return Math.Abs(Step) == 1 ? text : $"{text}x{Math.Abs(Step).ToString(plain)}";
    }
}
