using System.Collections.Immutable;
using System.Globalization;
using Qube.Domain.Syntax;

namespace Qube.Domain.Ranges;

/// <summary>
/// A parsed frame range (jobs.md §7): <c>1-5,7</c>, <c>1-10x3</c>, <c>-40-30x4</c>, <c>ls,set,echo HI</c>. Order is kept and nothing is
/// expanded: 1-1000000 is one segment.
/// </summary>
public sealed class FrameRange
{
    /// <summary>Numbers have at most this many digits, so that no sum or product of two of them overflows.</summary>
    public const int MaxDigits = 15;

    /// <summary>Ranges that interleave so that removing duplicates leaves more runs than this are refused.</summary>
    public const int MaxSegments = 200_000;

    private FrameRange(ImmutableArray<RangeSegment> segments)
    {
        Segments = segments;
        foreach (RangeSegment segment in segments)
        {
            Count += segment.Count;
        }
    }

    public static FrameRange Empty { get; } = new([]);

    public ImmutableArray<RangeSegment> Segments { get; }

    /// <summary>How many frames and names there are.</summary>
    public long Count { get; }

    /// <summary>
    /// Reads a range. A part that begins with a digit or a minus sign must be a number or a run of numbers: <c>1-</c>, <c>1-5x0</c> and
    /// <c>2nd</c> are errors. Any other part is a literal name. Blanks around a part do not count.
    /// </summary>
    public static Parsed<FrameRange> Parse(string? text, bool removeDuplicates = true)
    {
        text ??= "";
        if (string.IsNullOrWhiteSpace(text))
        {
            return new SyntaxError(1, SyntaxError.EndOfText, "a frame, a range or a name");
        }

        var seen = removeDuplicates ? new SeenFrames() : null;
        var segments = new SegmentList();
        int start = 0;
        while (start <= text.Length)
        {
            int comma = text.IndexOf(',', start);
            int end = comma < 0 ? text.Length : comma;
            if (!TryParsePart(text, start, end, out RangeSegment part, out SyntaxError? error))
            {
                return error!;
            }

            if (seen is null)
            {
                segments.Add(part);
            }
            else if (!seen.TryAddNew(part, segments))
            {
                return SyntaxError.At(text, start, $"runs that overlap in at most {MaxSegments} places");
            }

            start = end + 1;
        }

        return new FrameRange([.. segments.ToArray()]);
    }

    /// <summary>A range of segments already known; neighbours are joined, duplicates are the caller's affair.</summary>
    public static FrameRange Of(IEnumerable<RangeSegment> segments)
    {
        var list = new SegmentList();
        foreach (RangeSegment segment in segments)
        {
            list.Add(segment);
        }

        return new FrameRange([.. list.ToArray()]);
    }

    /// <summary>Every name in order, made one at a time.</summary>
    public IEnumerable<string> Names()
    {
        foreach (RangeSegment segment in Segments)
        {
            for (long index = 0; index < segment.Count; index++)
            {
                yield return segment.NameAt(index);
            }
        }
    }

    /// <summary>A stretch of the range by 0-based position, held to what exists.</summary>
    public FrameRange Slice(long start, long count)
    {
        var list = new SegmentList();
        foreach (RangeSegment segment in Segments)
        {
            if (count <= 0)
            {
                break;
            }

            if (start >= segment.Count)
            {
                start -= segment.Count;
                continue;
            }

            long taken = Math.Min(count, segment.Count - start);
            list.Add(segment.Slice(start, taken));
            count -= taken;
            start = 0;
        }

        return new FrameRange([.. list.ToArray()]);
    }

    public FrameRange Reverse() => Of(Segments.Reverse().Select(static segment => segment.Reverse()));

    /// <summary>The range as text; parsing it gives the same frames in the same order.</summary>
    public override string ToString() => string.Join(',', Segments);

    private static bool TryParsePart(string text, int start, int end, out RangeSegment part, out SyntaxError? error)
    {
        part = default;
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (start == end)
        {
            error = SyntaxError.At(text, start, "a frame, a range or a name");
            return false;
        }

        error = null;
        if (text[start] != '-' && !char.IsAsciiDigit(text[start]))
        {
            part = RangeSegment.Literal(text[start..end]);
            return true;
        }

        int at = start;
        if (!TryReadNumber(text, end, ref at, true, "a frame number", out long first, out error))
        {
            return false;
        }

        if (at == end)
        {
            part = RangeSegment.Just(first);
            return true;
        }

        if (text[at] != '-')
        {
            error = SyntaxError.At(text, at, "'-' and a last frame, ',' or the end");
            return false;
        }

        at++;
        if (!TryReadNumber(text, end, ref at, true, "a last frame", out long last, out error))
        {
            return false;
        }

        long step = 1;
        if (at < end)
        {
            if (text[at] != 'x')
            {
                error = SyntaxError.At(text, at, "'x' and a step, ',' or the end");
                return false;
            }

            int digits = ++at;
            if (!TryReadNumber(text, end, ref at, false, "a step of at least 1", out step, out error))
            {
                return false;
            }

            if (step < 1)
            {
                error = SyntaxError.At(text, digits, "a step of at least 1");
                return false;
            }
        }

        if (at < end)
        {
            error = SyntaxError.At(text, at, "',' or the end");
            return false;
        }

        part = RangeSegment.Between(first, last, step);
        return true;
    }

    private static bool TryReadNumber(string text, int end, ref int at, bool signed, string expected, out long number, out SyntaxError? error)
    {
        number = 0;
        error = null;
        int begin = at;
        if (signed && at < end && text[at] == '-')
        {
            at++;
        }

        int digits = at;
        while (at < end && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        if (at == digits)
        {
            error = SyntaxError.At(text, at, expected);
            return false;
        }

        if (at - digits > MaxDigits)
        {
            error = SyntaxError.At(text, begin, $"{expected} of at most {MaxDigits} digits");
            return false;
        }

        number = long.Parse(text.AsSpan(begin, at - begin), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return true;
    }
}
