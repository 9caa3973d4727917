using System.Collections;
using System.Collections.Immutable;
using System.Globalization;

namespace Qube.Triggers;

/// <summary>
/// An immutable set of item names or instance numbers. Canonical integers ("5", "-3"; not "005", "-0", "+5") are kept as intervals, so
/// that a million frames killed at once cost one interval; every other name is kept as itself.
/// Enumeration is in canonical order: integers ascending, then the other names in ordinal order.
/// </summary>
public sealed class NameSet : IEquatable<NameSet>, IEnumerable<string>
{
    /// <summary>Integers of more digits are ordinary names: so no sum over an interval can overflow.</summary>
    private const int MaxDigits = 17;

    public static NameSet Empty { get; } = new([], []);

    private NameSet(ImmutableArray<NameInterval> intervals, ImmutableArray<string> others)
    {
        Intervals = intervals;
        Others = others;
    }

    /// <summary>Disjoint, not adjacent, ascending.</summary>
    public ImmutableArray<NameInterval> Intervals { get; }

    /// <summary>The names that are not canonical integers: distinct, in ordinal order.</summary>
    public ImmutableArray<string> Others { get; }

    public bool IsEmpty => Intervals.IsEmpty && Others.IsEmpty;

    public long Count
    {
        get
        {
            long count = Others.Length;
            foreach (var interval in Intervals)
            {
                count += interval.Count;
            }

            return count;
        }
    }

    /// <summary>The only name in the set, or null when there is none or more than one.</summary>
    public string? OnlyName => (Intervals.Length, Others.Length) switch
    {
        (0, 1) => Others[0],
        (1, 0) when Intervals[0].First == Intervals[0].Last => Text(Intervals[0].First),
        _ => null,
    };

    /// <summary>True for exactly one name.</summary>
    internal bool IsSingle => Intervals.Length + Others.Length == 1 && (Others.Length == 1 || Intervals[0].First == Intervals[0].Last);

    public static NameSet Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryCanonical(name, out var value) ? new([new NameInterval(value, value)], []) : new([], [name]);
    }

    public static NameSet Of(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var intervals = new List<NameInterval>();
        var others = new List<string>();
        foreach (var name in names)
        {
            if (TryCanonical(name, out var value))
            {
                intervals.Add(new(value, value));
            }
            else
            {
                others.Add(name);
            }
        }

        return Build(intervals, others);
    }

    /// <summary>The names of all integers from first to last, both included; empty when last is before first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound has more than 17 digits and so is no canonical integer.</exception>
    public static NameSet Range(long first, long last)
    {
        if (last < first)
        {
            return Empty;
        }

        RequireCanonical(first);
        RequireCanonical(last);
        return new([new NameInterval(first, last)], []);
    }

    /// <summary>
    /// Rebuilds a set from the two lists that a snapshot or a message carries. Order, overlap and doubles are put right, and an integer
    /// among <paramref name="others"/> becomes an interval, so that equal sets are equal whatever wrote them.
    /// </summary>
    public static NameSet FromParts(IEnumerable<NameInterval> intervals, IEnumerable<string> others)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        ArgumentNullException.ThrowIfNull(others);
        var ranges = new List<NameInterval>();
        foreach (var interval in intervals)
        {
            RequireCanonical(interval.First);
            RequireCanonical(interval.Last);
            if (interval.First <= interval.Last)
            {
                ranges.Add(interval);
            }
        }

        var names = new List<string>();
        foreach (var name in others)
        {
            if (TryCanonical(name, out var value))
            {
                ranges.Add(new(value, value));
            }
            else
            {
                names.Add(name);
            }
        }

        return Build(ranges, names);
    }

    /// <summary>True when the set is that one number.</summary>
    internal bool TryOnlyNumber(out long number)
    {
        if (Intervals.Length == 1 && Others.IsEmpty && Intervals[0].First == Intervals[0].Last)
        {
            number = Intervals[0].First;
            return true;
        }

        number = 0;
        return false;
    }

    internal bool Contains(long number) => ContainsInteger(number);

    public bool Contains(string name) => TryCanonical(name, out var value)
        ? ContainsInteger(value)
        : Others.BinarySearch(name, StringComparer.Ordinal) >= 0;

    public NameSet Union(NameSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.IsEmpty || ReferenceEquals(this, other))
        {
            return this;
        }

        return IsEmpty ? other : Build([.. Intervals, .. other.Intervals], [.. Others, .. other.Others]);
    }

    public NameSet Intersect(NameSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsEmpty || other.IsEmpty)
        {
            return Empty;
        }

        var intervals = ImmutableArray.CreateBuilder<NameInterval>();
        for (int i = 0, j = 0; i < Intervals.Length && j < other.Intervals.Length;)
        {
            var (a, b) = (Intervals[i], other.Intervals[j]);
            var (first, last) = (Math.Max(a.First, b.First), Math.Min(a.Last, b.Last));
            if (first <= last)
            {
                intervals.Add(new(first, last));
            }

            if (a.Last < b.Last)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return Make(intervals.ToImmutable(), Others.RemoveAll(name => !other.Contains(name)));
    }

    public NameSet Except(NameSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsEmpty || other.IsEmpty)
        {
            return this;
        }

        var intervals = ImmutableArray.CreateBuilder<NameInterval>();
        var j = 0;
        foreach (var interval in Intervals)
        {
            var first = interval.First;
            while (j < other.Intervals.Length && other.Intervals[j].Last < first)
            {
                j++;
            }

            for (var k = j; k < other.Intervals.Length && other.Intervals[k].First <= interval.Last; k++)
            {
                if (first < other.Intervals[k].First)
                {
                    intervals.Add(new(first, other.Intervals[k].First - 1));
                }

                first = other.Intervals[k].Last + 1;
            }

            if (first <= interval.Last)
            {
                intervals.Add(new(first, interval.Last));
            }
        }

        return Make(intervals.ToImmutable(), Others.RemoveAll(other.Contains));
    }

    /// <summary>True for the text that an integer of at most 17 digits prints as: the form in which item 5 is named "5".</summary>
    public static bool TryCanonical(string name, out long value)
    {
        ArgumentNullException.ThrowIfNull(name);
        value = 0;
        var digits = name.StartsWith('-') ? name.AsSpan(1) : name;
        if (digits.Length is 0 or > MaxDigits || (digits[0] == '0' && name.Length > 1))
        {
            return false;
        }

        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        if (digits.Length != name.Length)
        {
            value = -value;
        }

        return true;
    }

    public IEnumerator<string> GetEnumerator()
    {
        foreach (var interval in Intervals)
        {
            for (var value = interval.First; value <= interval.Last; value++)
            {
                yield return Text(value);
            }
        }

        foreach (var name in Others)
        {
            yield return name;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(NameSet? other) =>
        other is not null && Intervals.AsSpan().SequenceEqual(other.Intervals.AsSpan()) && Others.AsSpan().SequenceEqual(other.Others.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as NameSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var interval in Intervals)
        {
            hash.Add(interval);
        }

        foreach (var name in Others)
        {
            hash.Add(name, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>For people: "{1..100, 7000, Rock and Roll}".</summary>
    public override string ToString() => "{" + string.Join(", ", Intervals.Select(i => i.ToString()).Concat(Others)) + "}";

    /// <summary>For callers that hand over disjoint, ascending intervals and sorted, distinct names.</summary>
    internal static NameSet Make(ImmutableArray<NameInterval> intervals, ImmutableArray<string> others) =>
        intervals.IsEmpty && others.IsEmpty ? Empty : new(intervals, others);

    private static NameSet Build(List<NameInterval> intervals, List<string> others)
    {
        intervals.Sort(static (a, b) => a.First.CompareTo(b.First));
        var merged = ImmutableArray.CreateBuilder<NameInterval>();
        foreach (var interval in intervals)
        {
            if (merged.Count > 0 && interval.First <= merged[^1].Last + 1)
            {
                merged[^1] = new(merged[^1].First, Math.Max(merged[^1].Last, interval.Last));
            }
            else
            {
                merged.Add(interval);
            }
        }

        others.Sort(StringComparer.Ordinal);
        var names = ImmutableArray.CreateBuilder<string>(others.Count);
        foreach (var name in others)
        {
            if (names.Count == 0 || !string.Equals(names[^1], name, StringComparison.Ordinal))
            {
                names.Add(name);
            }
        }

        return Make(merged.ToImmutable(), names.ToImmutable());
    }

    private bool ContainsInteger(long value)
    {
        int low = 0, high = Intervals.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (Intervals[middle].Last < value)
            {
                low = middle + 1;
            }
            else if (Intervals[middle].First > value)
            {
                high = middle - 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static void RequireCanonical(long value)
    {
        const long Limit = 99_999_999_999_999_999;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -Limit);
    }

    internal static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
