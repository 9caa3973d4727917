using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>Instances pull items: grants, hand-outs, reports, and what settles when nothing is left (spec/jobs.md §6.2).</content>
public sealed partial class JobDecider
{
    private long grantSeen;

    private bool HasAgenda => State.Agenda is { Count: > 0 };

    /// <summary>Room on a host: guard first (the assignment is in the journal before the worker hears of it).</summary>
    public void OnGrant(DispatchMessages.Grant grant, long nowMs)
    {
        DemandChanged = true;
        if (grant.GrantId <= grantSeen)
        {
            // Heard twice, or behind a later one: the dispatcher has taken it back.
            return;
        }

        grantSeen = grant.GrantId;
        IsUrgent = true;
        incarnations[grant.Host] = grant.Incarnation;
        var started = new List<JobInstance>();
        foreach (var allocation in grant.Allocations)
        {
            var instance = State.Instances.FirstOrDefault(CanStart);
            if (instance is null || (HasAgenda && State.Items.Runnable.IsEmpty) || State.Removed)
            {
                break;
            }

            Emit(
                new Transition
                {
                    Kind = TransitionKind.InstanceStatus,
                    Instance = instance.Id,
                    Status = Status.Registering,
                    ExitCode = (int)instance.Status,
                    Host = grant.Host,
                    Attempt = instance.Run + 1,
                    Text = allocation,
                    Depth = instance.Depth,
                    Flight = (int)grant.FlightChecks,
                },
                nowMs);
            Begin(instance, nowMs);
            asks[instance.Id] = default;
            started.Add(instance);
        }

        if (started.Count > 0)
        {
            outbox.ToWorkers.Add((grant.Host, Sync(started, whole: false)));
        }
    }

    public void OnReport(WorkerMessages.Report report, long nowMs)
    {
        if ((uint)report.Instance >= (uint)State.Instances.Length)
        {
            return;
        }

        var instance = State.Instances[report.Instance];
        if (report.Run == 0 && instance.Host == report.Host)
        {
            // Left by an earlier incarnation of its node, which cannot tell what is still ours: it learns it here, and reports under our run.
            outbox.ToWorkers.Add((report.Host, Sync(State.Instances.Where(other => other.Host == report.Host).ToList(), whole: true)));
            return;
        }

        if (report.Run != instance.Run || instance.Host != report.Host)
        {
            // An older run, or one that has left: nothing of it counts any more, and its worker may forget it.
            outbox.ToWorkers.Add((report.Host, new WorkerMessages.HandOut
            {
                JobId = Id,
                Epoch = State.Epoch,
                Instance = report.Instance,
                Run = report.Run,
                Recorded = Record(report),
                Leave = true,
            }));
            return;
        }

        if (report.Epoch < State.Epoch)
        {
            // Answered, never applied: the worker says it again under the epoch it learns here.
            outbox.ToWorkers.Add((report.Host, Sync(State.Instances.Where(other => other.Host == report.Host).ToList(), whole: true)));
            return;
        }

        asks[instance.Id].IsHeard = report.Suspended == (instance.Status == Status.Suspended);
        var begins = instance.Status == Status.Registering && instance.Ending is null;
        if (begins)
        {
            SetInstance(instance, Status.Running, nowMs, depth: instance.Depth);
        }

        foreach (var start in report.Started)
        {
            if (instance.InHand.Contains(start.Seq) && start.Seq >= 0 && State.Items.StatusOf(start.Seq) == Status.Registering && State.Items.RecordOf(start.Seq).Try == start.Attempt)
            {
                Emit(new Transition { Kind = TransitionKind.ItemStarted, Seq = start.Seq, Instance = instance.Id, StartedMs = start.AtMs, Depth = State.Items.RecordOf(start.Seq).Depth }, nowMs);
            }
        }

        if (begins && State.DerivedStatus() == Status.Running)
        {
            // Now, not with the rest: a job whose work has ended before anything was written has run all the same.
            SettleStatus(Status.Running, nowMs);
        }

        foreach (var end in report.Ended)
        {
            if (instance.InHand.Contains(end.Seq) && TryOf(instance, end.Seq) == end.Attempt)
            {
                OnEnded(instance, end, nowMs);
            }
        }

        for (var index = 0; index + 1 < report.Returned.Length; index += 2)
        {
            var seq = report.Returned[index];
            if (instance.InHand.Contains(seq) && TryOf(instance, seq) == report.Returned[index + 1])
            {
                OnReturned(instance, seq, nowMs);
            }
        }

        if (report.Ended.Length + report.Returned.Length > 0)
        {
            outbox.HandOut(instance, Id, State.Epoch, [], Record(report), leave: false);
        }
        else if (report.Started.Length == 0 && report.InHand < instance.InHand.Count)
        {
            // It has nothing to say and less than we gave it: something of ours was lost, or crosses this; saying it again is harmless.
            SayAgain(instance);
        }

        if (instance.InHand.Count == 0)
        {
            IsUrgent = true;
        }
    }

    /// <summary>The ends that the job's own commit records. Those with something of their own to say go to their frame's journal first, again
    /// when they are reported again: a frame records an attempt once.</summary>
    private int[] Record(WorkerMessages.Report report)
    {
        var recorded = new List<int>(report.Ended.Length * 2);
        foreach (var end in report.Ended)
        {
            if (HasOwnStory(end))
            {
                outbox.Attempts.Add(new JobAttempt(end.Seq, report.Run, Attempt(report, end)));
            }
            else
            {
                recorded.Add(end.Seq);
                recorded.Add(end.Attempt);
            }
        }

        recorded.AddRange(report.Returned);
        return [.. recorded];
    }

    /// <summary>Failed, retried, longer than a second or with a result (design §3): more than a line in the job's log.</summary>
    private static bool HasOwnStory(WorkerMessages.ItemEnd end) =>
        end.Seq >= 0 && (end.Outcome != EndOutcome.Succeeded || end.EndedMs - end.StartedMs >= 1000 || end.Result.Length > 0 || end.Attempt > 1);

    private static bool CanStart(JobInstance instance) => instance is { Status: Status.Pending, Host: null };

    private int TryOf(JobInstance instance, int seq) => seq < 0 ? instance.OwnTry : State.Items.RecordOf(seq).Try;

    private void OnEnded(JobInstance instance, WorkerMessages.ItemEnd end, long nowMs)
    {
        if (end.Seq < 0 && instance.IsChecking)
        {
            OnChecked(instance, end, nowMs);
            return;
        }

        if (end.Outcome == EndOutcome.Lost || (end.Outcome == EndOutcome.Stopped && IsOpen(instance, end.Seq)))
        {
            // No verdict on the item, and no try of it: nobody knows how it went, or it was ended for what is no fault of its own.
            Return(instance, end.Seq, nowMs);
            return;
        }

        var succeeded = end.Outcome == EndOutcome.Succeeded;
        var status = end.Seq < 0 ? Status.Unknown : ItemVerdict(end.Seq, succeeded);
        var depth = end.Seq < 0 ? instance.Depth : State.Items.RecordOf(end.Seq).Depth;
        Emit(
            new Transition
            {
                Kind = TransitionKind.ItemEnded,
                Seq = end.Seq,
                Instance = instance.Id,
                Attempt = end.Attempt,
                Status = status,
                ExitCode = end.ExitCode,
                StartedMs = end.StartedMs,
                EndedMs = end.EndedMs,
                Text = end.Result.Length > 0 ? end.Result : null,
                Depth = depth,
                Ahead = end.Seq >= 0 && State.Items.StatusOf(end.Seq) == Status.Registering,
            },
            nowMs);
        var took = Math.Max(0, end.EndedMs - end.StartedMs);
        averageItemMs = averageItemMs < 0 ? took : (averageItemMs * 0.8) + (took * 0.2);
        if (end.Seq < 0)
        {
            EndRun(instance, succeeded, nowMs);
        }
        else if (!succeeded && status != Status.Unknown)
        {
            if (FlightReasons.IsOfItem(end.Reason))
            {
                Emit(new Transition { Kind = TransitionKind.Noted, Seq = end.Seq, Instance = instance.Id, Text = end.Reason }, nowMs);
            }

            if (status == Status.Pending)
            {
                MigrateOnRetry(instance, nowMs);
            }

            if (State.Spec.Flags.HasFlag(JobFlags.AutoWrangling) && instance.Host is { } host)
            {
                Wrangle(host, nowMs);
            }
        }
    }

    /// <summary>No verb has said what becomes of it, other than that it is to run again.</summary>
    private bool IsOpen(JobInstance instance, int seq) =>
        seq < 0 ? instance.IsActive && instance.Ending != Status.Complete : State.Items.StatusOf(seq) is Status.Running or Status.Registering;

    /// <summary>An item is run again by itself: elsewhere, where the job asks for that (spec/jobs.md §6.4).</summary>
    private void MigrateOnRetry(JobInstance instance, long nowMs)
    {
        if (State.Spec.Flags.HasFlag(JobFlags.MigrateOnFrameRetry) && instance.Ending is null)
        {
            Avoid(instance, nowMs);
            End(instance, Status.Pending, JobVerb.Migrate, 0, nowMs);
        }
    }

    private static FrameEvents.AttemptRecorded Attempt(WorkerMessages.Report report, WorkerMessages.ItemEnd end) => new()
    {
        Attempt = end.Attempt,
        Instance = report.Instance,
        Host = report.Host,
        ExitCode = end.ExitCode,
        Outcome = end.Reason.Length > 0 ? end.Reason : end.Outcome.ToString(),
        StartedMs = end.StartedMs,
        EndedMs = end.EndedMs,
        UserMs = end.UserMs,
        SystemMs = end.SystemMs,
        MaxRssKilobytes = end.MaxRssKilobytes,
        Result = end.Result,
    };

    /// <summary>What an ended process makes of its item; Unknown where a verb has decided meanwhile.</summary>
    private Status ItemVerdict(int seq, bool succeeded)
    {
        if (State.Items.StatusOf(seq) is not (Status.Running or Status.Registering))
        {
            return Status.Unknown;
        }

        if (succeeded)
        {
            return Status.Complete;
        }

        return FailedItem(seq);
    }

    /// <summary>What a failed try makes of its item: pending while retries are left (spec/jobs.md §6.4).</summary>
    private Status FailedItem(int seq) => State.Items.RecordOf(seq).Count + 1 <= State.Spec.RetryWork ? Status.Pending : Status.Failed;

    /// <summary>A job without agenda: the run was the instance (spec/jobs.md §4).</summary>
    private void EndRun(JobInstance instance, bool succeeded, long nowMs)
    {
        var completes = succeeded || instance.Ending == Status.Complete;
        if (instance.IsActive && WantsPostflights(instance))
        {
            End(instance, completes ? Status.Complete : Status.Failed, JobVerb.None, 0, nowMs);
            return;
        }

        LeaveHost(instance, nowMs);
        if (instance.IsActive)
        {
            var retry = !completes && instance.Count <= State.Spec.RetrySubjob;
            SetInstance(
                instance, completes ? Status.Complete : retry ? Status.Pending : Status.Failed, nowMs, depth: instance.Depth, verb: retry ? JobVerb.Retry : JobVerb.None);
        }
    }

    /// <summary>Takes an item back without a verdict.</summary>
    private void Return(JobInstance instance, int seq, long nowMs)
    {
        var isCheck = seq < 0 && instance.IsChecking;
        var decided = seq < 0 || State.Items.StatusOf(seq) is not (Status.Running or Status.Registering);
        Emit(
            new Transition
            {
                Kind = TransitionKind.ItemReturned,
                Seq = seq,
                Instance = instance.Id,
                Status = decided ? Status.Unknown : Status.Pending,
                Ahead = seq >= 0 && State.Items.StatusOf(seq) == Status.Registering,
                Flight = isCheck ? (int)BeforeChecks(instance) : 0,
            },
            nowMs);
        if (seq < 0 && instance.InHand.Count == 0 && !isCheck)
        {
            var (verb, depth) = instance.Ending is null ? (JobVerb.None, 0) : (instance.EndingVerb, instance.EndingDepth);
            LeaveHost(instance, nowMs);
            if (instance.IsActive && instance.Status != Status.Suspended)
            {
                SetInstance(instance, Status.Pending, nowMs, depth: depth, verb: verb);
            }
        }
    }

    /// <summary>Hands out what a slot should have: one item, and as many ahead as make up a little work (design §4, later).</summary>
    private bool AssignNext(JobInstance instance, long nowMs)
    {
        var wanted = 1 + Ahead();
        var any = false;
        while (instance.InHand.Count < wanted && State.Items.Runnable.TryTakeFirst(out var seq))
        {
            var ahead = instance.InHand.Count > 0;
            Emit(
                new Transition
                {
                    Kind = TransitionKind.ItemAssigned,
                    Seq = seq,
                    Instance = instance.Id,
                    Attempt = State.Items.RecordOf(seq).Try + 1,
                    StartedMs = nowMs,
                    Ahead = ahead,
                    Depth = State.Items.RecordOf(seq).Depth,
                },
                nowMs);
            any = true;
        }

        return any;
    }

    private int Ahead()
    {
        if (averageItemMs is < 0 or > 20 || State.Items.Runnable.IsEmpty)
        {
            return 0;
        }

        var working = State.Instances.Count(instance => instance.Host is not null);
        var share = State.Items.Runnable.Count / (2L * Math.Max(1, working));
        var wanted = (long)(options.AheadMs / Math.Max(0.5, averageItemMs));
        return (int)Math.Min(Math.Min(wanted, share), options.MaxAhead);
    }
}
