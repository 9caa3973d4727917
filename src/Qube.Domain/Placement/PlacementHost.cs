using System.Collections.Immutable;
using Qube.Domain.Expressions;

namespace Qube.Domain.Placement;

/// <summary>What placement knows of a host (scheduling.md §2).</summary>
public sealed record PlacementHost
{
    public required string Name { get; init; }

    /// <summary>False for a host that is down, in panic or leaving: nothing starts there.</summary>
    public bool IsUp { get; init; } = true;

    /// <summary>Its state as shown and as <c>host.state</c>.</summary>
    public string State { get; init; } = "active";

    /// <summary>Locked slots on which nothing runs: they are unavailable, not used (scheduling.md, S5).</summary>
    public int LockedSlots { get; init; }

    /// <summary>By full name, <c>host.processors</c> for the slots.</summary>
    public ImmutableDictionary<string, HostResource> Resources { get; init; } = ImmutableDictionary<string, HostResource>.Empty;

    /// <summary>By full name, <c>host.os</c>.</summary>
    public ImmutableDictionary<string, string> Properties { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableArray<string> Groups { get; init; } = [];

    public string Cluster { get; init; } = "/";

    /// <summary>Clusters of jobs that may run here.</summary>
    public ClusterExpression Restrictions { get; init; } = ClusterExpression.Any;

    /// <summary>Installed job types, those that every host knows included.</summary>
    public ImmutableArray<string> JobTypes { get; init; } = [];

    /// <summary>Names of the host's flags.</summary>
    public ImmutableArray<string> Flags { get; init; } = [];

    /// <summary>Instances already running here that nobody told the board of: what <c>host.duty.*</c> sees; their use is in Resources.</summary>
    public ImmutableArray<Duty> Duties { get; init; } = [];

    public int TotalSlots => Resources.TryGetValue(Reservations.Processors, out HostResource slots) ? slots.Total : 0;

    /// <summary>A host with so many slots and nothing else special: for tests and demonstrations.</summary>
    public static PlacementHost WithSlots(string name, int slots) => new()
    {
        Name = name,
        Resources = ImmutableDictionary<string, HostResource>.Empty.Add(Reservations.Processors, new HostResource(0, slots)),
    };
}
