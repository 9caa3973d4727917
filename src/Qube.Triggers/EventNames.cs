using System.Collections.Frozen;

namespace Qube.Triggers;

/// <summary>The events that the farm itself emits (callbacks.md §4, Q21). Any other identifier is a user-defined event, and legal.</summary>
public static class EventNames
{
    public const string Unblocked = "unblocked";

    private static readonly string[] Lifecycle =
    [
        "submit", "complete", "failed", "killed", "done", "blocked", "running", "waiting", "assigned", "removed", "modified", "timeout",
        "unblock", Unblocked, "pending", "suspended", "resumed", "badlogin", "retry", "migrated", "preempted", "interrupted",
    ];

    private static readonly string[] OfHosts = ["active", "back", "down", "panic", "locked", "unlocked", "removed", "assigned"];

    private static readonly FrozenSet<string> LifecycleSet = Lifecycle.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> OfHostsSet = OfHosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name under which an event is looked up: lower case, and `unblock` is `unblocked`.</summary>
    public static string Canonical(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var lower = name.ToLowerInvariant();
        return lower == "unblock" ? Unblocked : lower;
    }

    /// <summary>The names the farm emits for that type; empty where any name is as good as another (clocks and global events).</summary>
    public static IReadOnlyCollection<string> KnownFor(SubjectType type) => type switch
    {
        SubjectType.Job or SubjectType.Subjob or SubjectType.Work => Lifecycle,
        SubjectType.Host => OfHosts,
        _ => [],
    };

    internal static bool IsKnown(string name, SubjectType type) => type switch
    {
        SubjectType.Job or SubjectType.Subjob or SubjectType.Work => LifecycleSet.Contains(name),
        SubjectType.Host => OfHostsSet.Contains(name),
        _ => true,
    };
}
