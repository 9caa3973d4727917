using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>An item whose process was asked for and has not ended.</summary>
public sealed class RunningItem(LaunchKey key, WorkerMessages.RunItem item)
{
    public LaunchKey Key { get; } = key;

    /// <summary>For one that another incarnation started: number and attempt alone, until its job names it.</summary>
    public WorkerMessages.RunItem Item { get; internal set; } = item;

    /// <summary>Unix milliseconds; 0 while the launcher has not said.</summary>
    public long StartedUnixMs { get; internal set; }

    /// <summary>Sizes of its logs when it started; -1 where this incarnation does not know.</summary>
    public long OutOffset { get; internal set; } = -1;

    public long ErrOffset { get; internal set; } = -1;

    /// <summary>When its job first asked for its end, Unix milliseconds; -1 when it did not.</summary>
    internal long StopUnixMs { get; set; } = -1;

    /// <summary>From SIGTERM to SIGKILL, once its end was asked for.</summary>
    internal TimeSpan Grace { get; set; }

    /// <summary>Its job does not know of it: it is being killed, and the instance's next item waits for its end.</summary>
    internal bool IsUnwanted { get; set; }

    internal bool IsStartSent { get; set; }
}
