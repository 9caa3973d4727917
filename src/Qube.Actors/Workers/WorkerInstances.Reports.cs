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

    /// <summary>Items given back in one report: some 10 bytes each.</summary>
    private const int MaxReportReturns = 2000;

    private readonly List<WorkerInstance> _dirty = [];
    private bool _isUrgent;
    private bool _holdsMore;

    /// <summary>How long what waits to be reported may still wait for company, milliseconds; null when nothing waits.</summary>
    public int? HoldMs => _dirty.Count == 0 ? null : _holdsMore ? options.ReportHoldMs : options.StartHoldMs;

    /// <summary>Writes the reports that are due, one per instance.</summary>
    /// <param name="isHoldOver">The hold has passed: also those of instances that still have work.</param>
    /// <param name="now">When.</param>
    public void Collect(bool isHoldOver, WorkerClock now)
    {
        if (!isHoldOver && !_isUrgent && HoldMs != 0)
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
        (_isUrgent, _holdsMore) = (false, false);
    }

    /// <summary>Says again what is not recorded, of every instance whose time has come.</summary>
    public void OnTick(WorkerClock now)
    {
        CloseUnclaimed(now);
        foreach (var job in _jobs.Values)
        {
            foreach (var instance in job.Instances.Values)
            {
                if (instance.Run == 0)
                {
                    if (now.MonotonicMs >= instance.ResendAtMs)
                    {
                        RepeatLater(instance, now);
                        MarkUnsent(instance);
                    }
                }
                else if (Overdue(instance, now) || IsWaitingInVain(instance, now))
                {
                    instance.ResendDelayMs = Math.Min(instance.ResendDelayMs * 2, options.ResendMaxMs);
                    RepeatLater(instance, now);
                    MarkDirty(instance, isUrgent: false);
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

    /// <summary>Marks what was reported too long ago, each by its own time: new ends must not put off the repetition of old ones.</summary>
    private static bool Overdue(WorkerInstance instance, WorkerClock now)
    {
        var any = false;
        foreach (var ended in instance.Ended)
        {
            if (ended.IsSent && now.MonotonicMs - ended.SentMs >= instance.ResendDelayMs)
            {
                (ended.IsSent, any) = (false, true);
            }
        }

        foreach (var returned in instance.Returned)
        {
            if (now.MonotonicMs - returned.SentMs >= instance.ResendDelayMs)
            {
                (returned.IsSent, any) = (false, true);
            }
        }

        return any;
    }

    /// <summary>A dry instance repeats itself too: the hand-out that it waits for may have been lost.</summary>
    private static bool IsWaitingInVain(WorkerInstance instance, WorkerClock now)
    {
        if (!instance.IsSettled || instance.IsLeaving || now.MonotonicMs < instance.ResendAtMs)
        {
            return false;
        }

        instance.MustReport = true;
        return true;
    }

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

        foreach (var returned in instance.Returned)
        {
            returned.IsSent = false;
        }

        instance.MustReport = true;
        MarkDirty(instance, isUrgent: false);
    }

    private void MarkDirty(WorkerInstance instance, bool isUrgent)
    {
        _holdsMore = true;
        _isUrgent |= isUrgent;
        MarkStarted(instance);
    }

    private void MarkStarted(WorkerInstance instance)
    {
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
        var inHand = instance.InHand;
        var from = 0;
        bool hasMore;
        do
        {
            var ended = TakeEnded(instance, ref from, now);
            var returned = TakeReturned(instance, now, out hasMore);
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
                Suspended = instance.IsSuspended == true,
            });
            if (instance.Run != 0)
            {
                RepeatLater(instance, now);
            }

            instance.MustReport = false;
            started = [];
        }
        while (from < instance.Ended.Count || hasMore);
    }

    private static int[] TakeReturned(WorkerInstance instance, WorkerClock now, out bool hasMore)
    {
        hasMore = false;
        if (instance.Returned.Count == 0)
        {
            return [];
        }

        var pairs = new List<int>();
        foreach (var item in instance.Returned)
        {
            if (item.IsSent)
            {
                continue;
            }

            if (pairs.Count >= 2 * MaxReportReturns)
            {
                hasMore = true;
                break;
            }

            (item.IsSent, item.SentMs) = (true, now.MonotonicMs);
            pairs.Add(item.Seq);
            pairs.Add(item.Attempt);
        }

        return [.. pairs];
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

    private static WorkerMessages.ItemEnd[] TakeEnded(WorkerInstance instance, ref int from, WorkerClock now)
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
                (item.IsSent, item.SentMs) = (true, now.MonotonicMs);
                ended[filled++] = verdict;
            }
        }

        return ended;
    }
}
