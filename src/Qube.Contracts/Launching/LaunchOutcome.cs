namespace Qube.Contracts.Launching;

/// <summary>How a process ended.</summary>
public enum LaunchOutcome
{
    /// <summary>It exited by itself; the code is its exit code. 127 or 126: it could not be found or started.</summary>
    Exited = 1,

    /// <summary>A signal ended it; the code is the signal's number.</summary>
    Signaled = 2,

    /// <summary>How it ended is not known, and no process of it can still be alive: the item may run again.</summary>
    Lost = 3,

    /// <summary>The launcher killed it because the host's lease had run out; it may run again.</summary>
    LeaseExpired = 4,
}
