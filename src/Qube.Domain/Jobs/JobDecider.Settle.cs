using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>What follows from a batch of changes: the next items, instances that end, park or fall back, and the job's own status.</content>
public sealed partial class JobDecider
{
    private void Settle(long nowMs)
    {
        if (State.Removed)
        {
            return;
        }

        if (HasAgenda)
        {
            SettleInstances(nowMs);
        }

        var derived = State.DerivedStatus();
        if (derived != State.Status)
        {
            Emit(new Transition { Kind = TransitionKind.JobStatus, Status = derived, Attempt = (int)State.Status, Depth = DepthOfNow() }, nowMs);
            IsUrgent = true;
        }
    }

    /// <summary>The longest causal chain among what this batch says: what the job's own event continues.</summary>
    private int DepthOfNow() => batch.Count == 0 ? 0 : batch.Max(transition => transition.Depth);

    private void SettleInstances(long nowMs)
    {
        foreach (var instance in State.Instances)
        {
            if (instance.Host is not null)
            {
                SettleOnHost(instance, nowMs);
            }
        }

        var items = State.Items;
        var nothingMoves = items.Runnable.IsEmpty && items.NextDueMs is null && items.CountOf(Status.Running) + items.CountOf(Status.Registering) + items.CountOf(Status.Pending) == 0;
        foreach (var instance in State.Instances)
        {
            if (instance.Host is not null)
            {
                continue;
            }

            if (items.AllTerminal && !State.Spec.Flags.HasFlag(JobFlags.DisableAutoComplete))
            {
                // Completed in supervisor (spec/jobs.md §6.2.3), one that was held included: nothing is left for it.
                if (!instance.Status.IsTerminal())
                {
                    SetInstance(instance, Status.Complete, nowMs);
                }
            }
            else if (instance.Status == Status.Pending && nothingMoves && items.CountOf(Status.Blocked) > 0)
            {
                SetInstance(instance, Status.Blocked, nowMs, byItself: true);
            }
            else if (instance is { Status: Status.Blocked, Held: false } && items.CountOf(Status.Pending) > 0)
            {
                SetInstance(instance, Status.Pending, nowMs);
            }
        }
    }

    private void SettleOnHost(JobInstance instance, long nowMs)
    {
        if (instance.Ending is { } ending)
        {
            if (instance.InHand.Count == 0)
            {
                LeaveHost(instance, nowMs);
                SetInstance(instance, ending, nowMs);
            }

            return;
        }

        // Decided by a verb while its process is still going away: it leaves with its last item.
        if (!instance.IsWorking)
        {
            if (instance.InHand.Count == 0)
            {
                LeaveHost(instance, nowMs);
            }

            return;
        }

        var before = instance.InHand.Count;
        if (AssignNext(instance, nowMs))
        {
            SendAssigned(instance, before);
            if (instance.Status == Status.Waiting)
            {
                SetInstance(instance, Status.Running, nowMs);
            }
        }
        else if (instance.InHand.Count == 0)
        {
            if (State.Items.AllTerminal)
            {
                LeaveHost(instance, nowMs);
                SetInstance(instance, Status.Complete, nowMs);
            }
            else if (instance.Status != Status.Waiting)
            {
                SetInstance(instance, Status.Waiting, nowMs);
            }
        }
    }

    private void SendAssigned(JobInstance instance, int from) =>
        outbox.HandOut(instance, Id, State.Epoch, instance.InHand.Skip(from).Select(seq => RunItem(instance, seq)), [], leave: false);
}
