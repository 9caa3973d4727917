namespace Qube.Domain.Security;

/// <summary>What a user may do: Qube!'s bits with its numbers (spec/scheduling.md §13), which stand in journals and in sites' configurations.</summary>
[Flags]
public enum Permissions
{
    None = 0,
    SubmitJob = 1,
    SubmitCallback = 2,
    SubmitGlobalCallback = 4,

    /// <summary>To put a job before or behind others of its priority (top, bottom).</summary>
    Bump = 8,
    Kill = 16,
    Remove = 32,
    Modify = 64,
    Preempt = 128,
    Block = 256,
    Interrupt = 512,
    Complete = 1024,
    Unblock = 2048,
    Suspend = 4096,
    Resume = 8192,
    Retry = 16384,
    Requeue = 32768,
    Migrate = 65536,
    Shove = 131072,
    Fail = 262144,
    Retire = 524288,
    Reset = 1048576,
    LockHost = 0x8000000,

    /// <summary>Whoever has it deals with anybody's jobs.</summary>
    SudoAdmin = 0x10000000,

    /// <summary>Whoever has it may ask for things in another user's name.</summary>
    Impersonate = 0x20000000,

    /// <summary>Everything, and what no other bit is for: users, modes, resources.</summary>
    Admin = 0x40000000,
}
