namespace Qube.Contracts;

/// <summary>What a <see cref="Transition"/> says. Numbers stand in journals: never reused.</summary>
public enum TransitionKind : byte
{
    None = 0,

    /// <summary>The actor recovered and fences off what was sent before. Attempt = the new epoch.</summary>
    EpochStarted = 1,

    /// <summary>The job's derived status changed. Status; Attempt = the status before; Verb = Resume when that is what made it run again.</summary>
    JobStatus = 2,

    /// <summary>Instance, Status; ExitCode = the status before; Host, Attempt (run) and Text (allocations) when it is assigned. Ahead: held by
    /// the job itself because nothing is runnable, not by a person. Verb: Preempt, Interrupt, Migrate, Resume or Retry, which have an event of
    /// their own before that of the status.</summary>
    InstanceStatus = 3,

    /// <summary>Handed out: Seq, Instance, Attempt, Host, StartedMs. Status Running, or Registering when handed out ahead.</summary>
    ItemAssigned = 4,

    /// <summary>An item handed out ahead has started. Seq, Instance, StartedMs.</summary>
    ItemStarted = 5,

    /// <summary>A process ended: Seq, Instance, Attempt, Status (Complete, Failed, Killed; Pending when retried), ExitCode, StartedMs, EndedMs, Text (result).</summary>
    ItemEnded = 6,

    /// <summary>Given back without a verdict (never started, host lost, interrupted): Seq, Instance, Status it falls back to. Costs no attempt.</summary>
    ItemReturned = 7,

    /// <summary>Items set to Status by a command. Items; Attempt = Blocked when that is what they were freed from; Verb = Retry when a person
    /// has them run again. Ahead: they had only been handed out, so that nobody is told that they are pending again.</summary>
    ItemsSet = 8,

    /// <summary>A command with this id (Text) has been applied and is not applied again. Ahead: it is a client's, and may be forgotten when many
    /// have come after it.</summary>
    CommandApplied = 9,

    /// <summary>The sender has recorded the answer; the id (Text) may be forgotten.</summary>
    CommandForgotten = 10,

    /// <summary>Attributes changed: Text is a JSON object.</summary>
    Modified = 11,

    /// <summary>The job was taken off the queue.</summary>
    Removed = 12,

    /// <summary>What a person did, for the history: Text.</summary>
    Noted = 13,

    /// <summary>Retry allowance of items starts anew: Items.</summary>
    AttemptsReset = 14,

    /// <summary>Nothing of the instance is on its host any more: Instance.</summary>
    InstanceLeft = 15,

    /// <summary>The instance ends after its current item and becomes Status: Instance; Verb as of InstanceStatus.</summary>
    InstanceEnding = 16,

    /// <summary>Order within equal priority (top, bottom): Attempt.</summary>
    LocalOrder = 17,

    /// <summary>A user-defined event (spec/callbacks.md §4): Text is its name; of item Seq when that is not -1, else of instance Instance when that
    /// is not, else of the job.</summary>
    Raised = 40,

    /// <summary>Ran longer than it may (spec/callbacks.md §18): the item Seq, else the instance Instance, else the job. Status: Unknown when it is
    /// only told; Failed, or Pending when it is retried, as the verdict of a limit. Ahead: it was told before.</summary>
    TimedOut = 18,

    /// <summary>Nothing of the job is to start on Host before EndedMs (migrate).</summary>
    HostAvoided = 19,

    /// <summary>The job is to have Attempt instances; new ones begin as Status (Ahead as of InstanceStatus). Those beyond that never ran are gone.</summary>
    InstancesSet = 20,

    /// <summary>The removed job's own callbacks have seen to their part: nothing of it is shown any more.</summary>
    Erased = 21,

    /// <summary>Auto-wrangling has judged Host, whose record starts anew: Verb = Block or Migrate what was done to the job, None when the host was
    /// locked.</summary>
    Wrangled = 22,
}
