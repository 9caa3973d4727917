using System.Collections.Immutable;
using Qube.Domain.Expressions;

namespace Qube.Domain.Placement;

/// <summary>A job that wants instances started, with all that decides where (scheduling.md §7, §8).</summary>
public sealed record Demand
{
    public required long JobId { get; init; }

    /// <summary>Instances that should be started now: pending ones, and no more than there is work for.</summary>
    public required int Wanted { get; init; }

    /// <summary>1 is best.</summary>
    public int Priority { get; init; } = 9999;

    /// <summary>Order among equal priorities (top, bottom); equal orders go by job id.</summary>
    public long Order { get; init; }

    public JobCluster Cluster { get; init; } = JobCluster.Root;

    public Expression Requirements { get; init; } = Expression.Always;

    public Reservations Reservations { get; init; } = Reservations.OneSlot;

    /// <summary>Only these; empty for all.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    public ImmutableArray<string> OmitHosts { get; init; } = [];

    /// <summary>Only hosts in at least one of these; empty for all.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    public ImmutableArray<string> OmitGroups { get; init; } = [];

    /// <summary>Clusters of hosts that may be used.</summary>
    public ClusterExpression Restrictions { get; init; } = ClusterExpression.Any;

    /// <summary>Job type a host must have; empty for any.</summary>
    public string Prototype { get; init; } = "";

    public HostOrder HostOrder { get; init; } = HostOrder.None;

    /// <summary>Hosts this job must not use for now: those it was migrated from, and for a host_list job those that had their instance.</summary>
    public ImmutableArray<string> ExcludedHosts { get; init; } = [];

    /// <summary>Names of the job's flags; <c>host_list</c> and <c>elite</c> change the placement.</summary>
    public ImmutableArray<string> Flags { get; init; } = [];

    /// <summary>Limits its instances count for, for example <c>user:anna</c>; see <see cref="PlacementBoard.SetLimit"/>.</summary>
    public ImmutableArray<string> LimitKeys { get; init; } = [];

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public string User { get; init; } = "";

    public string Label { get; init; } = "";

    public string Status { get; init; } = "pending";

    public long ParentId { get; init; }

    public long ProcessGroupId { get; init; }

    /// <summary>One instance on every host that fits.</summary>
    public bool IsHostList => Flags.Contains("host_list");

    /// <summary>Starts ahead of all others, on one slot more than a host has if need be.</summary>
    public bool IsElite => Flags.Contains("elite");

    public Duty ToDuty() => new()
    {
        JobId = JobId,
        Name = Name,
        Prototype = Prototype,
        Kind = Kind,
        User = User,
        Label = Label,
        Cluster = Cluster.Text,
        Priority = Priority,
        ProcessGroupId = ProcessGroupId,
        LimitKeys = LimitKeys,
    };
}
