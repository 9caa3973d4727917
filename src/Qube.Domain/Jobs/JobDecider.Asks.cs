using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>What was said to a worker and may be lost is said again until its reports show that it arrived. All of it is idempotent there.</content>
public sealed partial class JobDecider
{
    private const int FirstAskMs = 5_000;
    private const int MaxAskMs = 60_000;

    private Ask[] asks;

    /// <summary>The process may be dying, or never have been told to: a verb has decided on what is still in hand.</summary>
    private bool IsDecided(JobInstance instance, int seq) => seq < 0
        ? !instance.IsActive || (instance.Ending is not null && !instance.IsChecking) || IsPreempted(instance)
        : State.Items.StatusOf(seq) is not (Status.Running or Status.Registering);

    /// <summary>Nothing was heard of it in this life of the job; or a start or an end that ought to come soon has not come.</summary>
    private bool AwaitsWord(JobInstance instance) => instance.Host is not null
        && (!asks[instance.Id].IsHeard
            || (instance.InHand.Count > 0 && instance.InHand[0] is >= 0 and var first && State.Items.StatusOf(first) == Status.Registering)
            || instance.InHand.Exists(seq => IsDecided(instance, seq)));

    private void ArmAsks(long nowMs)
    {
        foreach (var instance in State.Instances)
        {
            ref var ask = ref asks[instance.Id];
            if (!AwaitsWord(instance))
            {
                (ask.DueMs, ask.DelayMs) = (0, 0);
            }
            else if (ask.DueMs == 0)
            {
                ask.DelayMs = FirstAskMs;
                ask.DueMs = nowMs + FirstAskMs;
            }
        }
    }

    private void AskAgain(long nowMs)
    {
        foreach (var instance in State.Instances)
        {
            ref var ask = ref asks[instance.Id];
            if (ask.DueMs == 0 || ask.DueMs > nowMs)
            {
                continue;
            }

            if (!AwaitsWord(instance))
            {
                ask.DueMs = 0;
                continue;
            }

            SayAgain(instance);
            ask.DelayMs = Math.Min(ask.DelayMs * 2, MaxAskMs);
            ask.DueMs = nowMs + ask.DelayMs;
        }
    }

    /// <summary>The instance as it should be, and then what of it is to stop.</summary>
    private void SayAgain(JobInstance instance)
    {
        outbox.ToWorkers.Add((instance.Host!, Sync([instance], whole: false)));
        int[] decided = [.. instance.InHand.Where(seq => IsDecided(instance, seq))];
        if (decided.Length > 0)
        {
            Stop(instance, decided);
        }
    }

    /// <summary>An item comes back that never started. Unasked, its host is on its way out: the instance goes on elsewhere, or the item would go
    /// there and back for ever.</summary>
    private void OnReturned(JobInstance instance, int seq, long nowMs)
    {
        var isAsked = instance.Ending is not null || IsDecided(instance, seq);
        if (seq < 0 && instance is { Phase: FlightPhase.Postflights, IsActive: true })
        {
            SkipPostflights(instance, nowMs);
            return;
        }

        var isCheck = seq < 0 && instance.IsChecking;
        Return(instance, seq, nowMs);
        if (!isAsked && (seq >= 0 || isCheck))
        {
            Emit(new Transition { Kind = TransitionKind.InstanceEnding, Instance = instance.Id, Status = Status.Pending }, nowMs);
        }
    }

    private struct Ask
    {
        /// <summary>A report of this run was heard in this life of the job.</summary>
        public bool IsHeard;

        /// <summary>0 when nothing is awaited.</summary>
        public long DueMs;

        public int DelayMs;
    }
}
