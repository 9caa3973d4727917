using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>What the rules want done. The shell empties it after every message: reads first, because a log's length must be taken before the
/// next item writes to it, then starts, because slots must not wait for words.</summary>
public sealed class WorkerOutbox
{
    public List<ReadOrder> Reads { get; } = [];

    public List<LaunchOrder> Launches { get; } = [];

    public List<KillOrder> Kills { get; } = [];

    /// <summary>To be stopped where they are, and to go on.</summary>
    public List<LaunchKey> Suspends { get; } = [];

    public List<LaunchKey> Resumes { get; } = [];

    /// <summary>Back ends that are no longer wanted.</summary>
    public List<CloseOrder> Closes { get; } = [];

    /// <summary>The launcher may forget these.</summary>
    public List<LaunchKey> Forgotten { get; } = [];

    /// <summary>To jobs, through the gate.</summary>
    public List<object> Messages { get; } = [];

    public void Clear()
    {
        Reads.Clear();
        Launches.Clear();
        Kills.Clear();
        Suspends.Clear();
        Resumes.Clear();
        Closes.Clear();
        Forgotten.Clear();
        Messages.Clear();
    }
}
