using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>Time limits, hosts that are avoided, and how many instances there are.</content>
public sealed partial class JobState
{
    /// <summary>No modification makes more instances than this.</summary>
    public const int MaxInstances = 100_000;

    private readonly SortedDictionary<string, long> avoided = new(StringComparer.Ordinal);

    /// <summary>Since when the job's time limits count: its first run after it was submitted, retried or revived; 0 before that.</summary>
    public long RunningSinceMs { get; private set; }

    /// <summary>It was told that the job takes too long.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>Any of the limits of spec/callbacks.md §18 is set.</summary>
    public bool HasLimits => Spec.TimeoutSeconds > 0 || Spec.AgendaTimeoutSeconds > 0 || Spec.TimeLimitSeconds > 0 || Spec.AgendaTimeLimitSeconds > 0;

    /// <summary>Hosts that it was migrated from, each with the time from which it may go back.</summary>
    public IReadOnlyDictionary<string, long> AvoidedHosts => avoided;

    /// <summary>Forgets hosts whose time is over. True when there were any.</summary>
    public bool ReleaseAvoided(long nowMs)
    {
        var due = avoided.Where(entry => entry.Value <= nowMs).Select(entry => entry.Key).ToList();
        due.ForEach(host => avoided.Remove(host));
        return due.Count > 0;
    }

    private void TimeOut(Transition t, long atMs)
    {
        if (HasItem(t.Seq))
        {
            ref var record = ref Items.Touch(t.Seq);
            record.TimedOut = true;
            if (t.Status == Status.Pending)
            {
                // Its process still runs and is being ended: that end will not count again.
                record.Count++;
                Items.DelayUntil(t.Seq, Spec.RetryWorkDelaySeconds > 0 ? atMs + (Spec.RetryWorkDelaySeconds * 1000L) : 0);
            }

            if (t.Status != Status.Unknown)
            {
                Items.SetStatus(t.Seq, t.Status);
            }
        }
        else if (t.Seq < 0 && InstanceOf(t) is { } instance)
        {
            instance.TimedOut = true;
            instance.Count += t.Status == Status.Pending ? 1 : 0;
        }
        else if (t is { Seq: < 0, Instance: < 0 })
        {
            // Retried: what comes now is measured anew.
            (TimedOut, RunningSinceMs) = t.Status == Status.Pending ? (false, atMs) : (true, RunningSinceMs);
        }
    }

    /// <summary>More instances, or fewer: what ran once keeps its record, and its logs their number.</summary>
    private void Resize(Transition t)
    {
        var count = Math.Clamp(t.Attempt, 1, MaxInstances);
        Spec = Spec with { Instances = count };
        var length = Math.Max(count, Array.FindLastIndex(Instances, instance => instance.Run > 0 || instance.Host is not null) + 1);
        Instances =
        [
            .. Instances.Take(length),
            .. Enumerable.Range(Instances.Length, Math.Max(0, length - Instances.Length))
                .Select(id => new JobInstance(id) { Status = t.Status, Held = t.Status == Status.Blocked && !t.Ahead }),
        ];
    }
}
