namespace Qube.Domain.Placement;

/// <summary>A farm as it stands, for <see cref="Planner.Plan"/>.</summary>
public sealed record PlacementView
{
    public IReadOnlyCollection<PlacementHost> Hosts { get; init; } = [];

    public IReadOnlyCollection<Demand> Demands { get; init; } = [];

    public IReadOnlyCollection<GlobalResource> Globals { get; init; } = [];

    public QueueAlgorithm Algorithm { get; init; }
}
