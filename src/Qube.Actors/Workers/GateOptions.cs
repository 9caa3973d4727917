namespace Qube.Actors.Workers;

/// <summary>What a gate tells the worker nodes that attach to it.</summary>
public sealed record GateOptions
{
    /// <summary>How long a host's processes may go on without the farm, seconds (design.md §4, leases). Longer survives longer outages of
    /// the supervisors, and delays the rerun of what a lost host had in hand by as much.</summary>
    public int LeaseSeconds { get; init; } = 120;

    /// <summary>Root of the job logs (spec/jobs.md §8.1); empty leaves it to each worker.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>What processes get as <c>QB_SUPERVISOR</c>.</summary>
    public string SupervisorUrl { get; init; } = "";

    /// <summary>What the processes of a user's job ask the API with; null where nothing is asked for. The same for the same job: whoever runs it is not told anew.</summary>
    public Func<string, long, string>? JobToken { get; init; }

    /// <exception cref="ArgumentException">A lease no heartbeat could keep alive.</exception>
    public GateOptions Validate() => LeaseSeconds >= 10
        ? this
        : throw new ArgumentException($"a lease of {LeaseSeconds} s is shorter than a few missed heartbeats: at least 10");
}
