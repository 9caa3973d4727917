using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>What was submitted with single items of an agenda.</summary>
public static class ItemOverrides
{
    /// <summary>The item's dictionary as submitted, in JSON; null when it said nothing beside its name.</summary>
    /// <param name="overrides">In the order of their items.</param>
    /// <param name="seq">The item.</param>
    public static string? JsonOf(ItemOverride[] overrides, int seq)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        var (low, high) = (0, overrides.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var one = overrides[middle];
            if (seq < one.Seq)
            {
                high = middle - 1;
            }
            else if (seq > one.Seq + one.More)
            {
                low = middle + 1;
            }
            else
            {
                return one.Json;
            }
        }

        return null;
    }
}
