using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>Attributes changed after submission, and the removal of a job (spec/jobs.md §1, §6.1).</content>
public sealed partial class JobDecider
{
    /// <summary>What has to be asked of a process group before a modification may be decided: the job moves there, or takes another label.
    /// Null when nothing has to.</summary>
    public FarmMessages.JoinGroup? GroupFor(JobMessages.ModifyJob modify)
    {
        if ((modify.RequestId.Length > 0 && State.WasApplied(modify.RequestId)) || (modify.IsLimited && !modify.Owners.Contains(State.Spec.User, StringComparer.Ordinal)))
        {
            return null;
        }

        var read = JobModification.Read(State, modify.Params);
        if (read.Error.Length > 0 || !IsModifiable || (read.Pgrp is null && read.Label is null))
        {
            return null;
        }

        return new FarmMessages.JoinGroup
        {
            Pgrp = read.Pgrp ?? State.Spec.Pgrp,
            JobId = Id,
            Label = read.Label ?? State.Spec.Label,
            IsAutomatic = read.Label is null && JobModification.HasAutomaticLabel(State),
            RequestId = modify.RequestId,
        };
    }

    /// <summary>Changes attributes, once per request; an attribute that has the value already is no change.</summary>
    /// <param name="modify">Whose attributes.</param>
    /// <param name="replyTo">Who is answered after the commit.</param>
    /// <param name="nowMs">When.</param>
    /// <param name="joined">The group's answer to <see cref="GroupFor"/>; null when it was not asked.</param>
    public void OnModify(JobMessages.ModifyJob modify, object replyTo, long nowMs, FarmMessages.GroupJoined? joined = null)
    {
        IsUrgent = true;
        if (IsRepeated(modify.RequestId, replyTo))
        {
            return;
        }

        if (batch.Count > 0)
        {
            Settle(nowMs);
        }

        if (modify.IsLimited && !State.Removed && IsDenied(modify.Owners, "modify", modify.User, modify.RequestId, replyTo, nowMs))
        {
            GiveBack(joined);
            return;
        }

        Remember(modify.RequestId, isClients: true, nowMs);
        if (!IsModifiable)
        {
            GiveBack(joined);
            Answer(replyTo, modify.RequestId, []);
            return;
        }

        var read = JobModification.Read(State, modify.Params);
        var problem = read.Error.Length > 0 ? read.Error : joined is { Problem.Length: > 0 } ? $"job {Id}, label: {joined.Problem}" : "";
        if (problem.Length > 0)
        {
            GiveBack(joined);
            Answer(replyTo, modify.RequestId, [], problem);
            return;
        }

        Change(read, joined, modify, nowMs);
        Answer(replyTo, modify.RequestId, [Id.ToString()]);
    }

    private bool IsModifiable => !State.Removed && !State.Status.IsTerminal();

    private void Change(ModificationRead read, FarmMessages.GroupJoined? joined, JobMessages.ModifyJob modify, long nowMs)
    {
        var changes = joined is null ? read.Changes : JobModification.With(read.Changes, joined.Pgrp, joined.Label, State.Spec);
        if (read.Instances is { } count)
        {
            SetInstances(count, nowMs);
        }

        if (changes.Length > JobModification.Nothing.Length)
        {
            var before = State.Spec.Pgrp;
            Emit(new Transition { Kind = TransitionKind.Modified, Text = changes }, nowMs);
            Emit(new Transition { Kind = TransitionKind.Noted, Text = $"{modify.User}: modify" }, nowMs);
            DemandChanged = true;
            if (joined is not null && before != State.Spec.Pgrp)
            {
                outbox.TellOther(new FarmMessages.LeaveGroup { Pgrp = before, JobId = Id });
            }
        }
    }

    /// <summary>The group has made room for what does not come after all.</summary>
    private void GiveBack(FarmMessages.GroupJoined? joined)
    {
        if (joined is null or { Problem.Length: > 0 })
        {
            return;
        }

        outbox.TellOther(joined.Pgrp == State.Spec.Pgrp
            ? new FarmMessages.JoinGroup { Pgrp = joined.Pgrp, JobId = Id, Label = State.Spec.Label }
            : new FarmMessages.LeaveGroup { Pgrp = joined.Pgrp, JobId = Id });
    }

    /// <summary>Grows at once. Shrinks as instances come to the end of their current items; those that never ran are no more.</summary>
    private void SetInstances(int count, long nowMs)
    {
        foreach (var instance in State.Instances.Where(instance => instance.Id >= count && !instance.Status.IsTerminal() && (instance.Run > 0 || instance.Host is not null)).ToList())
        {
            OnInstance(instance, new JobMessages.ControlJob { Verb = JobVerb.Retire }, nowMs);
        }

        // What is held as a whole holds its new ones too.
        var before = State.Spec.Instances;
        var held = State.Instances.FirstOrDefault(instance => !instance.Status.IsTerminal());
        var begins = held is { Status: Status.Blocked } && State.Instances.All(instance => instance.Status.IsTerminal() || instance.Status == Status.Blocked) ? Status.Blocked : Status.Pending;
        Emit(new Transition { Kind = TransitionKind.InstancesSet, Attempt = count, Status = begins, Ahead = begins == Status.Blocked && !held!.Held }, nowMs);
        Array.Resize(ref parkedSinceMs, State.Instances.Length);
        Array.Resize(ref asks, State.Instances.Length);

        // One that had been let go takes part again; without an agenda its work is done.
        foreach (var instance in State.Instances)
        {
            if (HasAgenda && instance.Id >= before && instance.Id < count && instance.Status == Status.Complete && !State.Items.AllTerminal)
            {
                SetInstance(instance, begins, nowMs, byItself: begins == Status.Blocked && !held!.Held);
            }
        }

        DemandChanged = true;
    }

    /// <summary>The removed job's callbacks are done: it is gone for good.</summary>
    public void OnCallbacksIdle(long nowMs)
    {
        if (State is { Removed: true, Erased: false })
        {
            Emit(new Transition { Kind = TransitionKind.Erased }, nowMs);
            IsUrgent = true;
        }
    }

    private void Remove(JobMessages.ControlJob command, List<string> affected, long nowMs)
    {
        if (State.Status.IsTerminal())
        {
            Emit(new Transition { Kind = TransitionKind.Removed, Text = command.User, Depth = command.Depth }, nowMs);
            affected.Add(Id.ToString());
            DemandChanged = true;
        }
    }
}
