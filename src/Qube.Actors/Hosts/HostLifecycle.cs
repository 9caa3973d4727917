using System.Globalization;
using Qube.Contracts;

namespace Qube.Actors.Hosts;

/// <summary>The events that an entry of a host's log stands for (spec/callbacks.md Q21). They depend on the entry alone, so that whoever reads it,
/// live or years later, counts the same ordinals.</summary>
public static class HostLifecycle
{
    /// <summary>A host is there again. Both names of it, and in this order, whenever it is: a callback names one of them.</summary>
    private static readonly string[] Back = ["active", "back"];

    /// <summary>A machine that restarted while nobody missed it was down all the same: what ran there is gone.</summary>
    private static readonly string[] Restarted = ["down", "active", "back"];

    /// <summary>Names in order; the ordinal of each is its place.</summary>
    public static IReadOnlyList<string> Of(object entry) => entry switch
    {
        HostEvents.StateChanged { State: "active", Was: "active" } => Restarted,
        HostEvents.StateChanged { State: "active" } => Back,
        HostEvents.StateChanged changed when changed.State != changed.Was => [changed.State],
        HostEvents.LocksChanged changed when IsLocked(changed.Locks) != IsLocked(changed.Was) => [IsLocked(changed.Locks) ? "locked" : "unlocked"],
        HostEvents.Raised raised => [raised.Name],
        _ => [],
    };

    /// <summary>When the entry was made, by the clock of who made it; 0 for what is no entry of a host's log.</summary>
    public static long AtMs(object entry) => entry switch
    {
        HostEvents.StateChanged changed => changed.AtMs,
        HostEvents.LocksChanged changed => changed.AtMs,
        HostEvents.VarsChanged changed => changed.AtMs,
        HostEvents.Raised raised => raised.AtMs,
        _ => 0,
    };

    /// <summary>At least one slot takes nothing new, always or at some hours: a calendar's hours are not events of their own.</summary>
    private static bool IsLocked(string locks) => HostLockString.Parse(locks, out _) is { } parsed
        && (parsed.IsTimed || parsed.LockedSlots(MostSlots, Noon) > 0);

    private const int MostSlots = 100_000;

    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2000-01-01T12:00:00Z", CultureInfo.InvariantCulture);
}
