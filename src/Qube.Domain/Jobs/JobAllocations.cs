using System.Globalization;

namespace Qube.Domain.Jobs;

/// <summary>Reads the allocation string of an instance (spec/scheduling.md §5).</summary>
public static class JobAllocations
{
    /// <summary>The worker slots in <c>host.processors=N,…</c>; 1 where it names none.</summary>
    public static int Slots(string allocations)
    {
        foreach (var part in allocations.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("host.processors=", StringComparison.Ordinal)
                && int.TryParse(part.AsSpan("host.processors=".Length), NumberStyles.Integer, CultureInfo.InvariantCulture, out var slots))
            {
                return Math.Max(1, slots);
            }
        }

        return 1;
    }
}
