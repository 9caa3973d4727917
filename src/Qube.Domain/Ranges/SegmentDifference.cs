namespace Qube.Domain.Ranges;

/// <summary>What is left of one run when another is taken away, in the run's own order, by arithmetic on indexes.</summary>
internal static class SegmentDifference
{
    /// <summary>Indexes of <paramref name="run"/> whose numbers are also in <paramref name="other"/>: first, last, and their distance.</summary>
    /// <returns>False when they share no number.</returns>
    public static bool TryOverlap(RangeSegment run, RangeSegment other, out long first, out long last, out long distance)
    {
        first = last = 0;
        distance = 1;
        if (run.IsName || other.IsName || run.Max < other.Min || other.Max < run.Min)
        {
            return false;
        }

        // run.First + i * step lies within [other.Min, other.Max] for i in [low, high].
        (long near, long far) = run.Step > 0 ? (other.Min, other.Max) : (other.Max, other.Min);
        long low = Math.Max(0, CeilingDivide(near - run.First, run.Step));
        long high = Math.Min(run.Count - 1, FloorDivide(far - run.First, run.Step));

        // ... and on other's grid for i ≡ residue (mod distance).
        long grid = Math.Abs(other.Step);
        long common = GreatestCommonDivisor(Math.Abs(run.Step), grid);
        long offset = other.Min - run.First;
        if (offset % common != 0)
        {
            return false;
        }

        distance = grid / common;
        long residue = distance == 1
            ? 0
            : (long)(Modulo((Int128)(offset / common) * InverseModulo(Modulo(run.Step / common, distance), distance), distance));
        first = low + Modulo(residue - low, distance);
        last = high - Modulo(high - residue, distance);
        return first <= last;
    }

    /// <summary>Adds what <paramref name="run"/> has beyond <paramref name="other"/> to <paramref name="rest"/>.</summary>
    /// <returns>False, with <paramref name="rest"/> incomplete, when more than <paramref name="limit"/> segments would be needed.</returns>
    public static bool TrySubtract(RangeSegment run, RangeSegment other, List<RangeSegment> rest, int limit)
    {
        if (!TryOverlap(run, other, out long first, out long last, out long distance))
        {
            rest.Add(run);
            return rest.Count <= limit;
        }

        if (first > 0)
        {
            rest.Add(run.Slice(0, first));
        }

        long gaps = (last - first) / distance;
        if (distance == 2 && gaps > 0)
        {
            // Every second number goes: what stays is itself a run, twice as wide.
            rest.Add(RangeSegment.Between(run.ElementAt(first + 1), run.ElementAt(last - 1), Math.Abs(run.Step) * 2));
        }
        else if (distance > 2)
        {
            if (gaps > limit - rest.Count)
            {
                return false;
            }

            for (long at = first; at < last; at += distance)
            {
                rest.Add(run.Slice(at + 1, distance - 1));
            }
        }

        if (last < run.Count - 1)
        {
            rest.Add(run.Slice(last + 1, run.Count - 1 - last));
        }

        return rest.Count <= limit;
    }

    private static long FloorDivide(long dividend, long divisor)
    {
        (long quotient, long remainder) = Math.DivRem(dividend, divisor);
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient;
    }

    private static long CeilingDivide(long dividend, long divisor) => -FloorDivide(-dividend, divisor);

    private static long Modulo(long value, long modulus) => ((value % modulus) + modulus) % modulus;

    private static Int128 Modulo(Int128 value, long modulus) => ((value % modulus) + modulus) % modulus;

    private static long GreatestCommonDivisor(long left, long right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }

    private static long InverseModulo(long value, long modulus)
    {
        (Int128 coefficient, Int128 next) = (1, 0);
        (long remainder, long divisor) = (value, modulus);
        while (divisor != 0)
        {
            long quotient = remainder / divisor;
            (remainder, divisor) = (divisor, remainder % divisor);
            (coefficient, next) = (next, coefficient - (quotient * next));
        }

        return (long)Modulo(coefficient, modulus);
    }
}
