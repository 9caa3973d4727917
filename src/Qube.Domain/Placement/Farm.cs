namespace Qube.Domain.Placement;

/// <summary>The working state behind the board and its runs.</summary>
internal sealed class Farm(QueueAlgorithm algorithm)
{
    public DemandOrder Order { get; } = new(algorithm);

    public Dictionary<string, HostState> Hosts { get; } = new(StringComparer.Ordinal);

    /// <summary>Every host.</summary>
    public HostList ByName { get; } = new();

    /// <summary>Hosts with a free slot. Not kept up during a run: a run asks each host.</summary>
    public HostList Open { get; } = new();

    public Dictionary<string, DemandGroup> Groups { get; } = new(StringComparer.Ordinal);

    public Dictionary<long, PendingDemand> Demands { get; } = [];

    public GlobalLedger Globals { get; } = new();

    public LimitLedger Limits { get; } = new();

    public bool CanServe(PendingDemand pending, HostState host, bool mayOvercommit) =>
        (!pending.Group.NeedsSlot || host.HasRoom)
        && pending.Group.MayUse(host, Globals)
        && Limits.RestFor(pending.Demand.LimitKeys) > 0
        && Matching.Fit(pending.Demand, host, Globals, 1, mayOvercommit, out _) > 0;
}
