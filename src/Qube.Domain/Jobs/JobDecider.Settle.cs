using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>What follows from a batch of changes: the next items, instances that end, park or fall back, and the job's own status.</content>
public sealed partial class JobDecider
{
    private void Settle(long nowMs)
    {
        if (State.Removed)
        {
            LeaveWhenDry(nowMs);
            return;
        }

        if (HasAgenda)
        {
            SettleInstances(nowMs);
        }
        else
        {
            SettleRuns(nowMs);
        }

        SettleStatus(State.DerivedStatus(), nowMs);
    }

    private void SettleStatus(Status derived, long nowMs)
    {
        if (derived != State.Status)
        {
            // Resumed is what made it run again; a suspended job may also run because another instance was started.
            var resumed = State.Status == Status.Suspended && batch.Exists(transition => transition.Verb == JobVerb.Resume);
            Emit(
                new Transition
                {
                    Kind = TransitionKind.JobStatus,
                    Status = derived,
                    Attempt = (int)State.Status,
                    Depth = DepthOfNow(),
                    Verb = resumed ? JobVerb.Resume : JobVerb.None,
                },
                nowMs);
            IsUrgent = true;
        }
    }

    /// <summary>Of a removed job a process may still be on its way out; with it goes what holds the slot.</summary>
    private void LeaveWhenDry(long nowMs)
    {
        foreach (var instance in State.Instances)
        {
            if (instance is { Host: not null, InHand.Count: 0 })
            {
                LeaveHost(instance, nowMs);
            }
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
        // Decided by a verb while its process is still going away: it leaves with its last item.
        if (!instance.IsActive)
        {
            if (instance.InHand.Count == 0)
            {
                LeaveHost(instance, nowMs);
            }

            return;
        }

        if (instance.Status == Status.Suspended)
        {
            // It keeps its slot, unless there is nothing left to do.
            if (instance.InHand.Count == 0 && State.Items.AllTerminal)
            {
                LeaveHost(instance, nowMs);
                SetInstance(instance, Status.Complete, nowMs);
            }

            return;
        }

        if (IsBusyChecking(instance) || (instance is { Phase: FlightPhase.None, Ending: null } && IsGathering))
        {
            return;
        }

        if (instance.Ending is { } ending)
        {
            if (instance.InHand.Count == 0 && WantsPostflights(instance))
            {
                SendPostflights(instance, nowMs);
            }
            else if (instance.InHand.Count == 0)
            {
                var (verb, depth) = (instance.EndingVerb, instance.EndingDepth);
                LeaveHost(instance, nowMs);

                // Its last item was the last of all: there is nothing that it was kept from.
                var isOver = ending == Status.Pending && State.Items.AllTerminal && !State.Spec.Flags.HasFlag(JobFlags.DisableAutoComplete);

                // It had nothing left to do; since then, while it was checked, there is.
                var goesOn = ending == Status.Complete && verb == JobVerb.None && !State.Items.AllTerminal;
                SetInstance(instance, isOver ? Status.Complete : goesOn ? Status.Pending : ending, nowMs, depth: depth, verb: isOver ? JobVerb.None : verb);
            }

            return;
        }

        var before = instance.InHand.Count;
        if (Begin(instance, nowMs))
        {
            SendAssigned(instance, before);
            if (instance.Status == Status.Waiting)
            {
                SetInstance(instance, Status.Running, nowMs);
            }
        }
        else if (instance.InHand.Count == 0)
        {
            if (State.Items.AllTerminal && WantsPostflights(instance))
            {
                End(instance, Status.Complete, JobVerb.None, 0, nowMs);
                SendPostflights(instance, nowMs);
            }
            else if (State.Items.AllTerminal)
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
