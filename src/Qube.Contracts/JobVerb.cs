namespace Qube.Contracts;

/// <summary>Actions of spec/jobs.md §6.1.</summary>
public enum JobVerb : byte
{
    None = 0,
    Block,
    Unblock,
    Kill,
    Retry,
    Requeue,
    Interrupt,
    Preempt,
    Migrate,
    Suspend,
    Resume,

    /// <summary>Complete: an instance after its current item, an item at once.</summary>
    Retire,
    Fail,
    Remove,
    Shove,
    Top,
    Bottom,
}
