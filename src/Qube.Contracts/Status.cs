namespace Qube.Contracts;

/// <summary>The state of a job, an instance or an agenda item. Numbers are ours and go into the journal; Qube!'s own integers
/// (spec/jobs.md §5.1) are a presentation matter.</summary>
public enum Status : byte
{
    Unknown = 0,
    Pending = 1,
    Blocked = 2,
    Waiting = 3,

    /// <summary>An instance on its way to a host; for an item: handed out ahead and not started, which clients see as pending.</summary>
    Registering = 4,
    Running = 5,
    Suspended = 6,
    Dying = 7,
    Badlogin = 8,
    Complete = 9,
    Failed = 10,
    Killed = 11,
}
