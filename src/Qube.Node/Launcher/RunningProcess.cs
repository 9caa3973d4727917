namespace Qube.Node.Launcher;

/// <summary>A process that the launcher looks after. Guarded by the launcher's one lock.</summary>
internal sealed class RunningProcess(StartedRecord record, long leaseUntilBootMs)
{
    internal StartedRecord Record { get; set; } = record;

    /// <summary>Until when its own lease runs: a start is a grant of one lease.</summary>
    internal long LeaseUntilBootMs { get; } = leaseUntilBootMs;

    /// <summary>When SIGKILL is due; <see cref="long.MaxValue"/> while no kill was asked for.</summary>
    internal long ForceAtBootMs { get; set; } = long.MaxValue;

    /// <summary>Why the launcher itself kills it, if it does.</summary>
    internal KillCause Cause { get; set; }

    /// <summary>
    /// For a process of a dead launcher that would not die in time: the descriptor by which its end is seen. -1: it is our child.
    /// </summary>
    internal int PidFd { get; set; } = -1;

    /// <summary>An item of a dead launcher's back end: its exit says nothing about the item.</summary>
    internal bool IsUnreported { get; init; }
}

/// <summary>Why a launcher killed a process by force.</summary>
internal enum KillCause
{
    /// <summary>It did not, or was asked to.</summary>
    None,

    /// <summary>The host's lease had run out.</summary>
    Lease,

    /// <summary>Whoever looked after it died or shut down.</summary>
    Abandoned,
}
