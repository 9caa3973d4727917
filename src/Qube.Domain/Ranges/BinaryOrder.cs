namespace Qube.Domain.Ranges;

/// <summary>First, last, then middles: the order in which a few frames tell the most about a shot (jobs.md §7, <c>binarySort</c>).</summary>
public static class BinaryOrder
{
    /// <summary>Positions 0 … count-1 in binary order; the middle of n elements is the one at (n-1)/2.</summary>
    public static int[] Positions(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] order = new int[count];
        int filled = 0;
        if (count > 0)
        {
            order[filled++] = 0;
        }

        if (count > 1)
        {
            order[filled++] = count - 1;
        }

        // Breadth first, so that the picture gets evenly finer. Both ends of a gap are already taken.
        Queue<(int Low, int High)> gaps = new();
        gaps.Enqueue((0, count - 1));
        while (gaps.TryDequeue(out (int Low, int High) gap))
        {
            if (gap.High - gap.Low < 2)
            {
                continue;
            }

            int middle = gap.Low + ((gap.High - gap.Low) / 2);
            order[filled++] = middle;
            gaps.Enqueue((gap.Low, middle));
            gaps.Enqueue((middle, gap.High));
        }

        return order;
    }

    public static IReadOnlyList<T> Sort<T>(IReadOnlyList<T> list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return Array.ConvertAll(Positions(list.Count), position => list[position]);
    }
}
