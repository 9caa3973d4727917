using Qube.Domain.Placement;

namespace Qube.Actors.Dispatch;

/// <summary>How the dispatcher judges hosts and grants.</summary>
public sealed record DispatcherOptions
{
    /// <summary>A host silent for this long, seconds, gets nothing new. Its heartbeats come every 2 s; shorter is fooled by a busy machine.</summary>
    public int HostSilentSeconds { get; init; } = 8;

    /// <summary>The lease of <see cref="Workers.GateOptions.LeaseSeconds"/>: no process outlives it on a host that hears nothing.</summary>
    public int LeaseSeconds { get; init; } = 120;

    /// <summary>Added to the lease before what a silent host had in hand runs elsewhere, seconds: for clocks that differ (design §4, leases).</summary>
    public int LeaseMarginSeconds { get; init; } = 10;

    /// <summary>A grant of which its job says nothing for this long, seconds, was lost on the way and is given anew.</summary>
    public int GrantSeconds { get; init; } = 5;

    /// <summary><c>supervisor_queue_algorithm</c> (spec/scheduling.md §8.1).</summary>
    public QueueAlgorithm Algorithm { get; init; } = QueueAlgorithm.Cluster;

    /// <summary>How many waiting jobs are told a reason per second: each costs a look at every host.</summary>
    public int ReasonsPerTick { get; init; } = 100;

    /// <summary>Hosts in one answer to an asker in another process, whose messages must stay small (design §8).</summary>
    public int HostsPerPage { get; init; } = 50;
}
