using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>Time limits (spec/callbacks.md §18). A timeout is told once per run; a limit is told and then fails what is too late, as far as retry counts
/// do not give it another try. Times spent suspended do not count for items and runs. All of it is read off the job's state, so that a
/// recovered job goes on with the clocks that it had; it costs jobs without limits nothing.</content>
public sealed partial class JobDecider
{
    /// <summary>When the nearest limit is reached, or null.</summary>
    private long? NextLimitMs()
    {
        var spec = State.Spec;
        long? next = null;
        foreach (var instance in State.Instances)
        {
            if (!RunsOn(instance))
            {
                continue;
            }

            foreach (var seq in instance.InHand)
            {
                next = Sooner(next, ItemLimitMs(instance, seq));
                next = Sooner(next, ItemTimeoutMs(instance, seq));
            }

            next = Sooner(next, RunTimeoutMs(instance));
        }

        if (State.Status == Status.Running)
        {
            next = Sooner(next, After(State.RunningSinceMs, spec.TimeLimitSeconds));
            next = Sooner(next, State.TimedOut ? null : After(State.RunningSinceMs, spec.TimeoutSeconds));
        }

        return next;
    }

    /// <summary>Tells and judges what is too late: items, then instances, then the job (spec/callbacks.md §20).</summary>
    private void JudgeTimes(long nowMs)
    {
        if (State.Removed || State.Status.IsTerminal())
        {
            return;
        }

        foreach (var instance in State.Instances)
        {
            if (RunsOn(instance))
            {
                JudgeItems(instance, nowMs);
            }
        }

        foreach (var instance in State.Instances)
        {
            if (RunsOn(instance) && RunTimeoutMs(instance) <= nowMs)
            {
                TellLate(-1, instance.Id, Status.Unknown, false, nowMs);
            }
        }

        // The job's status is that of the last batch: what was decided since may have ended it.
        if (State.Status != Status.Running || State.DerivedStatus() != Status.Running)
        {
            return;
        }

        if (After(State.RunningSinceMs, State.Spec.TimeLimitSeconds) <= nowMs)
        {
            EndLateJob(nowMs);
        }
        else if (!State.TimedOut && After(State.RunningSinceMs, State.Spec.TimeoutSeconds) <= nowMs)
        {
            TellLate(-1, -1, Status.Unknown, false, nowMs);
        }
    }

    private static long? After(long sinceMs, int seconds) => sinceMs > 0 && seconds > 0 ? sinceMs + (seconds * 1000L) : null;

    /// <summary>On a host and at work; a suspended one's clocks stand still.</summary>
    private static bool RunsOn(JobInstance instance) => instance.Host is not null && instance.IsActive && instance.Status != Status.Suspended;

    private long? RunTimeoutMs(JobInstance instance) =>
        instance.TimedOut || instance.StartedMs == 0 ? null : After(instance.StartedMs + instance.PausedMs, State.Spec.TimeoutSeconds);

    private long? ItemTimeoutMs(JobInstance instance, int seq) =>
        seq >= 0 && State.Items.StatusOf(seq) == Status.Running && State.Items.RecordOf(seq) is { TimedOut: false } record
            ? After(record.StartedMs + instance.ItemPausedMs, State.Spec.AgendaTimeoutSeconds)
            : null;

    private long? ItemLimitMs(JobInstance instance, int seq) =>
        seq >= 0 && State.Items.StatusOf(seq) == Status.Running ? After(State.Items.RecordOf(seq).StartedMs + instance.ItemPausedMs, State.Spec.AgendaTimeLimitSeconds) : null;

    private void JudgeItems(JobInstance instance, long nowMs)
    {
        foreach (var seq in instance.InHand)
        {
            if (ItemLimitMs(instance, seq) <= nowMs)
            {
                EndLateItem(instance, seq, nowMs);
            }
            else if (ItemTimeoutMs(instance, seq) <= nowMs)
            {
                TellLate(seq, instance.Id, Status.Unknown, false, nowMs);
            }
        }
    }

    private void TellLate(int seq, int instance, Status verdict, bool toldBefore, long nowMs)
    {
        Emit(new Transition { Kind = TransitionKind.TimedOut, Seq = seq, Instance = instance, Status = verdict, Ahead = toldBefore }, nowMs);
        IsUrgent = true;
    }

    private void EndLateItem(JobInstance instance, int seq, long nowMs)
    {
        var verdict = FailedItem(seq);
        TellLate(seq, instance.Id, verdict, State.Items.RecordOf(seq).TimedOut, nowMs);
        Stop(instance, [seq]);
        if (verdict == Status.Pending)
        {
            MigrateOnRetry(instance, nowMs);
        }
    }

    /// <summary>The job's own limit: what runs has failed. Where a try is left to any of it the job goes on, else all of it has failed.</summary>
    private void EndLateJob(long nowMs)
    {
        var running = State.Instances.Where(RunsOn).ToList();
        var goesOn = HasAgenda
            ? running.Exists(instance => instance.InHand.Exists(seq => State.Items.StatusOf(seq) == Status.Running && FailedItem(seq) == Status.Pending))
            : running.Exists(HasTryLeft);
        TellLate(-1, -1, goesOn ? Status.Pending : Status.Failed, State.TimedOut, nowMs);
        if (!goesOn)
        {
            OnInstances(new JobMessages.ControlJob { JobId = Id, Verb = JobVerb.Fail, User = "qube supervisor" }, [], nowMs);
            return;
        }

        foreach (var instance in running)
        {
            if (!HasAgenda)
            {
                EndLateRun(instance, nowMs);
                continue;
            }

            foreach (var seq in instance.InHand.Where(seq => State.Items.StatusOf(seq) == Status.Running).ToList())
            {
                // Told of the job, not of the item.
                TellLate(seq, instance.Id, FailedItem(seq), toldBefore: true, nowMs);
                Stop(instance, [seq]);
            }
        }
    }

    private bool HasTryLeft(JobInstance instance) => instance.Count + 1 <= State.Spec.RetrySubjob;

    private void EndLateRun(JobInstance instance, long nowMs)
    {
        var retry = HasTryLeft(instance);
        if (retry)
        {
            // The end of its process will not count again.
            TellLate(-1, instance.Id, Status.Pending, toldBefore: true, nowMs);
        }

        SetInstance(instance, retry ? Status.Pending : Status.Failed, nowMs, verb: retry ? JobVerb.Retry : JobVerb.None);
        Stop(instance, null);
    }
}
