using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>An item whose process has ended, until its job has recorded that.</summary>
public sealed class EndedItem(LaunchEvent.Ended end, RunningItem? running)
{
    public LaunchEvent.Ended End { get; } = end;

    /// <summary>What was known of it while it ran; null for one that ended before this incarnation.</summary>
    public RunningItem? Running { get; } = running;

    /// <summary>What its job is told; null while its output is still to be read.</summary>
    internal WorkerMessages.ItemEnd? Verdict { get; set; }

    internal bool IsBeingRead { get; set; }

    internal bool IsSent { get; set; }

    /// <summary>When it was last reported, monotonic milliseconds.</summary>
    internal long SentMs { get; set; }

    internal bool Is(int seq, int attempt) => End.Key.Seq == seq && End.Key.Attempt == attempt;
}
