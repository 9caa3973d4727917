using Qube.Contracts;

namespace Qube.Actors.Workers;

/// <content>What jobs are told, and told again.</content>
public sealed partial class WorkerInstances
{
    /// <summary>A reason is a line of somebody's log: its beginning says enough.</summary>
    private const int MaxReasonLength = 1000;

    /// <summary>Characters of results and reasons in one report; with what surrounds them it stays below the 64 kB of design.md §8.</summary>
    private const int MaxReportText = 16_000;

    /// <summary>Ends in one report; each takes some 60 bytes beside its text.</summary>
    private const int MaxReportEnds = 250;

    private readonly List<WorkerInstance> _dirty = [];
    private bool _isUrgent;

    /// <summary>Reports are waiting for company.</summary>
    public bool HoldsReports => _dirty.Count > 0;

    /// <summary>Writes the reports that are due, one per instance.</summary>
    /// <param name="isHoldOver">The hold has passed: also those of instances that still have work.</param>
    /// <param name="now">When.</param>
    public void Collect(bool isHoldOver, WorkerClock now)
    {
        if (!isHoldOver && !_isUrgent)
        {
            return;
        }

        foreach (var instance in _dirty)
        {
            instance.IsDirty = false;
            Report(instance, now);
            Retire(instance);
        }

        _dirty.Clear();
        _isUrgent = false;
    }

    /// <summary>Says again what is not recorded, of every instance whose time has come.</summary>
    public void OnTick(WorkerClock now)
    {
        foreach (var job in _jobs.Values)
        {
            foreach (var instance in job.Instances.Values)
            {
                if (now.MonotonicMs >= instance.ResendAtMs && HasSomethingToRepeat(instance))
                {
                    instance.ResendDelayMs = Math.Min(instance.ResendDelayMs * 2, options.ResendMaxMs);
                    RepeatLater(instance, now);
                    MarkUnsent(instance);
                }
            }
        }
    }

    /// <summary>Another gate, or the same one after a gap: whatever was said meanwhile may be lost.</summary>
    public void OnGateChanged(WorkerClock now)
    {
        foreach (var job in _jobs.Values)
        {
            foreach (var instance in job.Instances.Values)
            {
                if (instance.Run != 0)
                {
                    ReportAgain(instance, now);
                }
            }
        }
    }

    /// <summary>A dry instance repeats itself too: the hand-out that it waits for may have been lost.</summary>
    private static bool HasSomethingToRepeat(WorkerInstance instance) =>
        instance.Run == 0 || instance.Ended.Count > 0 || (instance.IsDry && !instance.IsLeaving);

    private void ReportAgain(WorkerInstance instance, WorkerClock now)
    {
        instance.ResendDelayMs = options.ResendFirstMs;
        RepeatLater(instance, now);
        MarkUnsent(instance);
    }

    private void MarkUnsent(WorkerInstance instance)
    {
        foreach (var running in instance.Running)
        {
            running.IsStartSent = false;
        }

        foreach (var ended in instance.Ended)
        {
            ended.IsSent = false;
        }

        instance.MustReport = true;
        MarkDirty(instance, isUrgent: false);
    }

    private void MarkDirty(WorkerInstance instance, bool isUrgent)
    {
        _isUrgent |= isUrgent;
        if (!instance.IsDirty)
        {
            instance.IsDirty = true;
            _dirty.Add(instance);
        }
    }

    private static void RepeatLater(WorkerInstance instance, WorkerClock now) => instance.ResendAtMs = now.MonotonicMs + instance.ResendDelayMs;

    private void Report(WorkerInstance instance, WorkerClock now)
    {
        // Unclaimed and young: its job is probably about to speak.
        if (instance.Run == 0 && !instance.MustReport)
        {
            return;
        }

        if (instance.Run == 0)
        {
            JudgeUnread(instance);
        }

        var started = TakeStarted(instance);
        var returned = instance.Returned.ToArray();
        instance.Returned.Clear();
        var inHand = instance.InHand;
        var from = 0;
        do
        {
            var ended = TakeEnded(instance, ref from);
            if (started.Length + ended.Length + returned.Length == 0 && !instance.MustReport)
            {
                return;
            }

            Outbox.Messages.Add(new WorkerMessages.Report
            {
                JobId = new JobId(instance.Job.Id),
                Epoch = instance.Job.Epoch,
                Host = host,
                Instance = instance.Id,
                Run = instance.Run,
                Started = started,
                Ended = ended,
                Returned = returned,
                InHand = inHand,
            });
            if (ended.Length > 0 && instance.Run != 0 && !instance.MustReport)
            {
                instance.ResendDelayMs = options.ResendFirstMs;
                RepeatLater(instance, now);
            }

            instance.MustReport = false;
            (started, returned) = ([], []);
        }
        while (from < instance.Ended.Count);
    }

    /// <summary>By the exit code alone: its job, which alone could say how its output is read, has not spoken for too long.</summary>
    private static void JudgeUnread(WorkerInstance instance)
    {
        foreach (var ended in instance.Ended)
        {
            if (!ended.IsBeingRead)
            {
                ended.Verdict ??= Verdict(ended, default);
            }
        }
    }

    private static WorkerMessages.ItemStart[] TakeStarted(WorkerInstance instance)
    {
        foreach (var running in instance.Running)
        {
            // One item runs; strangers that are being killed have no start to tell of.
            if (running is { StartedUnixMs: > 0, IsStartSent: false, IsUnwanted: false })
            {
                running.IsStartSent = true;
                return [new WorkerMessages.ItemStart { Seq = running.Key.Seq, Attempt = running.Key.Attempt, AtMs = running.StartedUnixMs }];
            }
        }

        return [];
    }

    private static WorkerMessages.ItemEnd[] TakeEnded(WorkerInstance instance, ref int from)
    {
        var (count, text, at) = (0, 0, from);
        for (; at < instance.Ended.Count && count < MaxReportEnds; at++)
        {
            if (instance.Ended[at] is { IsSent: false, Verdict: { } verdict })
            {
                var length = verdict.Result.Length + verdict.Reason.Length;
                if (count > 0 && text + length > MaxReportText)
                {
                    break;
                }

                text += length;
                count++;
            }
        }

        if (count == 0)
        {
            from = at;
            return [];
        }

        var ended = new WorkerMessages.ItemEnd[count];
        for (var filled = 0; from < at; from++)
        {
            if (instance.Ended[from] is { IsSent: false, Verdict: { } verdict } item)
            {
                item.IsSent = true;
                ended[filled++] = verdict;
            }
        }

        return ended;
    }
}
