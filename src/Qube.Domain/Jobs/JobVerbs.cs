using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>Which states a verb accepts and what it makes of them (spec/jobs.md §6.1).</summary>
public static class JobVerbs
{
    public static string Name(JobVerb verb) => verb.ToString().ToLowerInvariant();

    /// <summary>What an item becomes, or null where the verb leaves items alone.</summary>
    public static Status? ItemTarget(JobVerb verb) => verb switch
    {
        JobVerb.Block or JobVerb.Requeue => Status.Blocked,
        JobVerb.Unblock or JobVerb.Retry => Status.Pending,
        JobVerb.Kill => Status.Killed,
        JobVerb.Fail => Status.Failed,
        JobVerb.Retire => Status.Complete,
        _ => null,
    };

    public static bool AcceptsItem(JobVerb verb, Status status) => verb switch
    {
        JobVerb.Block => status is Status.Pending or Status.Registering or Status.Running or Status.Waiting,
        JobVerb.Unblock => status == Status.Blocked,
        JobVerb.Retry or JobVerb.Requeue => status.IsTerminal(),
        JobVerb.Kill or JobVerb.Fail or JobVerb.Retire => !status.IsTerminal(),
        _ => false,
    };

    /// <summary>Whether the verb has an event of its own, before that of the status which an instance comes to by it (spec/callbacks.md §4, §20).</summary>
    public static bool HasEvent(JobVerb verb) => verb is JobVerb.Preempt or JobVerb.Interrupt or JobVerb.Migrate or JobVerb.Resume or JobVerb.Retry;

    public static Status InstanceTarget(JobVerb verb) => verb switch
    {
        JobVerb.Block or JobVerb.Requeue => Status.Blocked,
        JobVerb.Kill => Status.Killed,
        JobVerb.Fail => Status.Failed,
        JobVerb.Retire => Status.Complete,
        _ => Status.Pending,
    };

    public static bool AcceptsInstance(JobVerb verb, Status status) => verb switch
    {
        JobVerb.Unblock => status == Status.Blocked,
        JobVerb.Retry or JobVerb.Requeue => status.IsTerminal(),
        JobVerb.Interrupt or JobVerb.Preempt or JobVerb.Migrate => status is Status.Running or Status.Registering or Status.Waiting or Status.Suspended,
        JobVerb.Suspend => status is Status.Running or Status.Registering or Status.Waiting,
        JobVerb.Resume => status == Status.Suspended,
        JobVerb.Block => !status.IsTerminal() && status != Status.Blocked,
        _ => !status.IsTerminal(),
    };
}
