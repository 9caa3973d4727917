namespace Qube.Cluster.Tests.Clusters;

/// <summary>How a farm of several processes is started.</summary>
internal sealed record ClusterSetup
{
    /// <summary>1, on SQLite, or 3 or 5, on a PostgreSQL server of their own.</summary>
    public int Supervisors { get; init; } = 3;

    public int Workers { get; init; } = 2;

    /// <summary>Of each worker.</summary>
    public int Slots { get; init; } = 3;

    /// <summary>Of supervisors and workers. Long enough for a machine that is busy with other tests: a lease that runs out kills what runs.</summary>
    public int LeaseSeconds { get; init; } = 120;

    /// <summary>What a worker that is asked to go leaves to what runs.</summary>
    public int DrainSeconds { get; init; } = 1;
}
