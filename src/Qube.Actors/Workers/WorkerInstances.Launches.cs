using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <content>What the launcher says, and what is made of it.</content>
public sealed partial class WorkerInstances
{
    public void OnStarted(LaunchEvent.Started started, WorkerClock now)
    {
        if (started.Key.IsBackEnd)
        {
            OnBackEndStarted(started.Key, now);
            return;
        }

        var instance = GetInstance(started.Key, started.Epoch, now);
        var running = instance.FindRunning(started.Key.Seq, started.Key.Attempt);
        if (running is null)
        {
            if (instance.FindEnded(started.Key.Seq, started.Key.Attempt) is not null)
            {
                return;
            }

            running = Stray(started.Key);
            instance.AddRunning(running);
        }

        if (running is { StartedUnixMs: 0, StopUnixMs: >= 0 })
        {
            // The launcher may have been asked for its end before it had the start.
            Outbox.Kills.Add(new KillOrder(running.Key, running.Grace));
        }

        if (instance.IsSuspended == true)
        {
            // Asked for before its job had it stopped.
            Outbox.Suspends.Add(running.Key);
        }

        running.StartedUnixMs = started.StartedUnixMs;
        MarkStarted(instance);
    }

    public void OnEnded(LaunchEvent.Ended end, WorkerClock now)
    {
        if (end.Key.IsBackEnd)
        {
            OnBackEndEnded(end.Key);
            return;
        }

        var instance = GetInstance(end.Key, end.Epoch, now);
        var running = instance.FindRunning(end.Key.Seq, end.Key.Attempt);
        if (running is null && instance.FindEnded(end.Key.Seq, end.Key.Attempt) is not null)
        {
            return;
        }

        if (running is not null)
        {
            instance.Remove(running);
        }

        // Also of one that nobody wanted: whether it interests its job is its job's to say, by recording it.
        var ended = new EndedItem(end, running);
        instance.AddEnded(ended);
        Judge(instance, ended);
        AfterEnd(instance);
    }

    public void OnRefused(LaunchEvent.Refused refused, WorkerClock now)
    {
        var instance = Find(refused.Key.JobId, refused.Key.Instance);
        var running = instance?.FindRunning(refused.Key.Seq, refused.Key.Attempt);
        if (instance is null || running is null)
        {
            return;
        }

        if (refused.Reason == LaunchRefusal.StaleEpoch)
        {
            // Only a later life of its job can have been here: nothing starts before that one has spoken.
            var job = instance.Job;
            job.IsFenced = true;
            job.Epoch = Math.Max(job.Epoch, refused.HighestEpoch);
            _epochs.Set(job.Id, job.Epoch);
            instance.Remove(running);
            if (!running.IsUnwanted)
            {
                instance.Requeue(running.Item);
            }

            Outbox.Messages.Add(new WorkerMessages.EpochRefused { JobId = new JobId(job.Id), Epoch = job.Epoch });
            return;
        }

        if (refused.Reason == LaunchRefusal.AlreadyRecorded)
        {
            // A late repetition of what its job has long recorded; or, after a restart of this node, of what was given back. Not run either way.
            instance.Remove(running);
            instance.Return(running.Key.Seq, running.Key.Attempt);
            AfterEnd(instance);
            return;
        }

        if (running.StartedUnixMs == 0)
        {
            // A kill that came before its start: the start's own answer is still to come.
            return;
        }

        // The launcher holds nothing of it, so nothing of it is alive; how it went, nobody can say any more.
        OnEnded(
            new LaunchEvent.Ended(refused.Key, refused.Epoch, LaunchOutcome.Lost, 0, running.StartedUnixMs, now.UnixMs, default), now);
    }

    /// <summary>What the output of an ended item says, as asked for by <see cref="WorkerOutbox.Reads"/>.</summary>
    public void Judge(LaunchKey key, OutputVerdict output)
    {
        var instance = Find(key.JobId, key.Instance);
        if (instance?.FindEnded(key.Seq, key.Attempt) is { Verdict: null } ended)
        {
            ended.Verdict = Verdict(ended, output, IsUnreported(instance, ended));
            MarkDirty(instance, isUrgent: instance.WaitingCount == 0);
        }
    }

    private static RunningItem Stray(LaunchKey key) =>
        new(key, new WorkerMessages.RunItem { Seq = key.Seq, Attempt = key.Attempt }) { IsStartSent = false };

    /// <summary>Whether it ended by itself, before its job asked for its end.</summary>
    private static bool IsNatural(EndedItem ended) =>
        ended.Running is not { StopUnixMs: >= 0 } running
        || (ended.End.Outcome == LaunchOutcome.Exited && ended.End.EndedUnixMs <= running.StopUnixMs);

    private static WorkerMessages.ItemEnd Verdict(EndedItem ended, OutputVerdict output, bool isUnreported = false)
    {
        var end = ended.End;
        var outcome = end.Outcome switch
        {
            _ when !IsNatural(ended) => EndOutcome.Stopped,
            LaunchOutcome.Exited when end.Code == 0 && output.FailedBy is null => EndOutcome.Succeeded,
            LaunchOutcome.Exited or LaunchOutcome.Signaled => EndOutcome.Failed,
            _ => EndOutcome.Lost,
        };
        var reason = end.Outcome switch
        {
            _ when output.Check is not null && outcome == EndOutcome.Failed => output.Check,
            LaunchOutcome.LeaseExpired => "killed by its launcher: the lease had run out",
            LaunchOutcome.Exited when output.FailedBy is not null => $"regex_errors: {output.FailedBy}",
            LaunchOutcome.Exited or LaunchOutcome.Signaled when isUnreported && outcome == EndOutcome.Failed => "its back end ended without reporting it",
            LaunchOutcome.Exited when end.Code is 126 or 127 && outcome == EndOutcome.Failed => "could not be found or started",
            _ => "",
        };
        return new WorkerMessages.ItemEnd
        {
            Seq = end.Key.Seq,
            Attempt = end.Key.Attempt,
            Outcome = outcome,
            ExitCode = end.Outcome == LaunchOutcome.Signaled ? -end.Code : end.Code,
            StartedMs = end.StartedUnixMs,
            EndedMs = end.EndedUnixMs,
            UserMs = end.Usage.UserMs,
            SystemMs = end.Usage.SystemMs,
            MaxRssKilobytes = end.Usage.MaxRssKiB,
            Result = end.Result is "" or "{}" ? output.Result ?? "" : end.Result,
            Reason = reason.Length > MaxReasonLength ? reason[..MaxReasonLength] : reason,
        };
    }

    private WorkerInstance GetInstance(LaunchKey key, int epoch, WorkerClock now)
    {
        if (Find(key.JobId, key.Instance) is { } known)
        {
            return known;
        }

        var job = GetJob(key.JobId, epoch);
        _epochs.Set(key.JobId, Math.Max(_epochs.GetValueOrDefault(key.JobId), epoch));
        // Gone again as soon as its job has recorded what it left behind; being named by it makes it an instance like others.
        var instance = new WorkerInstance(job, key.Instance)
        {
            IsLeaving = true,
            IsSuspended = null,
            ResendAtMs = now.MonotonicMs + options.UnclaimedMs,
            ResendDelayMs = options.ResendMaxMs,
        };
        job.Instances.Add(key.Instance, instance);
        return instance;
    }

    private void AfterEnd(WorkerInstance instance)
    {
        StartNext(instance);
        MarkDirty(instance, isUrgent: instance.WaitingCount == 0);
        Retire(instance);
    }

    private void JudgeAll(WorkerInstance instance)
    {
        foreach (var ended in instance.Ended)
        {
            Judge(instance, ended);
        }
    }

    /// <summary>What flight checks write says nothing about an item.</summary>
    public static bool ReadsOutput(WorkerInstance instance, LaunchKey key)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return instance.Job.ReadsOutput && !IsCheck(key);
    }

    private static bool IsCheck(LaunchKey key) => key is { Seq: -1, Attempt: < 0 };

    private bool MayHaveFailedCheck(WorkerInstance instance, LaunchEvent.Ended end) => end.Code != 0
        && (IsCheck(end.Key)
            || (end.Key.Seq >= 0
                && (options.FlightCheckPath.Length > 0 || instance.Job.Command.AgendaPreflights.Length > 0 || instance.Job.Command.AgendaPostflights.Length > 0)));

    /// <summary>Judges at once what needs no reading. What nobody has claimed waits: how to read it is its job's to say.</summary>
    private void Judge(WorkerInstance instance, EndedItem ended)
    {
        if (ended.Verdict is not null || ended.IsBeingRead || !instance.Job.IsKnown)
        {
            return;
        }

        if (ended.End.Outcome == LaunchOutcome.Exited && IsNatural(ended) && (ReadsOutput(instance, ended.End.Key) || MayHaveFailedCheck(instance, ended.End)))
        {
            ended.IsBeingRead = true;
            Outbox.Reads.Add(new ReadOrder(instance, ended));
            return;
        }

        ended.Verdict = Verdict(ended, default, IsUnreported(instance, ended));
    }

    private static bool IsUnreported(WorkerInstance instance, EndedItem ended) =>
        instance.Job.Command.Prototype.Length > 0 && ended.End is { Result: "", Key.Seq: >= 0 };
}
