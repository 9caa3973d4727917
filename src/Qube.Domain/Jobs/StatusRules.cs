using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>How the states of members make the state of the whole (spec/jobs.md §6.3).</summary>
public static class StatusRules
{
    /// <summary>The aggregate of instances or items, given how many are in each state.</summary>
    public static Status Aggregate(Func<Status, int> count)
    {
        if (count(Status.Running) + count(Status.Registering) + count(Status.Dying) > 0)
        {
            return Status.Running;
        }

        foreach (var status in (ReadOnlySpan<Status>)[Status.Pending, Status.Waiting, Status.Suspended, Status.Badlogin, Status.Blocked, Status.Failed, Status.Killed])
        {
            if (count(status) > 0)
            {
                return status;
            }
        }

        return Status.Complete;
    }

    /// <summary>The aggregate of what is to run: one handed out ahead has not started and counts as pending.</summary>
    public static Status OfAgenda(Func<Status, int> count) => Aggregate(status => status switch
    {
        Status.Registering => 0,
        Status.Pending => count(Status.Pending) + count(Status.Registering),
        _ => count(status),
    });

    /// <summary>The job's status. <paramref name="instances"/> and <paramref name="items"/> count members per state; <paramref name="items"/> is null without agenda.</summary>
    public static Status OfJob(Func<Status, int> instances, int instanceCount, Func<Status, int>? items)
    {
        if (items is null)
        {
            // One that is only assigned has not started: the job runs when an instance says that it does (spec/callbacks.md §20).
            return OfAgenda(instances);
        }

        var agenda = OfAgenda(items);
        var busy = instances(Status.Running) + instances(Status.Dying) > 0;
        if (agenda.IsTerminal() && !busy)
        {
            return agenda;
        }

        if (busy)
        {
            return Status.Running;
        }

        if (instances(Status.Blocked) == instanceCount || agenda == Status.Blocked)
        {
            return Status.Blocked;
        }

        var ended = instances(Status.Complete) + instances(Status.Failed) + instances(Status.Killed);
        if (ended == instanceCount)
        {
            return instances(Status.Failed) > 0 ? Status.Failed : instances(Status.Killed) > 0 ? Status.Killed : Status.Complete;
        }

        if (instances(Status.Suspended) > 0)
        {
            return Status.Suspended;
        }

        return Status.Pending;
    }
}
