using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>The rules of one job. Every input is decided against the state and applied at once; what follows from it waits in the outbox until
/// the batch is in the journal. So one commit carries everything that arrived while the last one was in flight (design §4 step 8).
/// A failed commit throws the decider away together with its actor.</summary>
public sealed partial class JobDecider
{
    private readonly JobDeciderOptions options;
    private readonly List<Transition> batch = [];

    /// <summary>Answers of this life, for clients whose connection was lost before they heard them.</summary>
    private readonly Dictionary<string, string[]> answered = [];
    private readonly Dictionary<string, string> incarnations = [];
    private long[] parkedSinceMs;
    private JobOutbox outbox = new();
    private double averageItemMs = -1;

    public JobDecider(JobState state, JobDeciderOptions options)
    {
        State = state;
        this.options = options;
        parkedSinceMs = new long[state.Instances.Length];
        asks = new Ask[state.Instances.Length];
    }

    public JobState State { get; }

    /// <summary>There is something to write or to say.</summary>
    public bool HasOutput => batch.Count > 0 || !outbox.IsEmpty || IsUrgent || DemandChanged;

    /// <summary>Something waits for this batch: a slot without work, a callback, a person. When false it may be held a few milliseconds.</summary>
    public bool IsUrgent { get; private set; }

    /// <summary>What the dispatcher should know has changed since it was last asked for.</summary>
    public bool DemandChanged { get; private set; } = true;

    private JobId Id => State.Spec.JobId;

    /// <summary>A life begins: fences off all that was sent before.</summary>
    public void Start(long nowMs)
    {
        Emit(new Transition { Kind = TransitionKind.EpochStarted, Attempt = State.Epoch + 1 }, nowMs);
        IsUrgent = true;
    }

    /// <summary>Closes the batch: derived states last, then the messages that follow.</summary>
    public (JobEvents.Batch? Batch, JobOutbox Outbox) Take(long nowMs)
    {
        Settle(nowMs);

        // Items came or went: the dispatcher hears of it only when that changes how many instances it is to place.
        DemandChanged |= Wanted() != wantedSaid;
        ArmAsks(nowMs);
        outbox.Close();
        var taken = (batch.Count == 0 ? null : new JobEvents.Batch { AtMs = nowMs, Transitions = [.. batch] }, outbox);
        batch.Clear();
        outbox = new JobOutbox();
        IsUrgent = false;
        return taken;
    }

    /// <summary>When <see cref="OnTimer"/> has something to do, or null.</summary>
    public long? NextTimerMs()
    {
        var next = State.Items.NextDueMs;
        if (State.HasLimits)
        {
            next = Sooner(next, NextLimitMs());
        }

        if (State.AvoidedHosts.Count > 0)
        {
            next = Sooner(next, State.AvoidedHosts.Values.Min());
        }

        foreach (var instance in State.Instances)
        {
            if (instance is { Status: Status.Waiting, Host: not null } && parkedSinceMs[instance.Id] > 0)
            {
                next = Sooner(next, parkedSinceMs[instance.Id] + (options.IdleLingerSeconds * 1000L));
            }

            if (asks[instance.Id].DueMs is > 0 and var askDue)
            {
                next = Sooner(next, askDue);
            }
        }

        return next;
    }

    private static long? Sooner(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    public void OnTimer(long nowMs)
    {
        if (State.AvoidedHosts.Count > 0 && State.ReleaseAvoided(nowMs))
        {
            DemandChanged = true;
        }

        if (State.HasLimits)
        {
            JudgeTimes(nowMs);
        }

        if (State.Items.HasDue(nowMs))
        {
            State.Items.ReleaseDue(nowMs);
            IsUrgent = true;
            DemandChanged = true;
        }

        foreach (var instance in State.Instances)
        {
            if (IsParked(instance) && nowMs - parkedSinceMs[instance.Id] >= options.IdleLingerSeconds * 1000L)
            {
                Unpark(instance, nowMs);
            }
        }

        AskAgain(nowMs);
    }

    public void OnYieldParked(string host, long nowMs)
    {
        foreach (var instance in State.Instances)
        {
            if (IsParked(instance) && instance.Host == host)
            {
                Unpark(instance, nowMs);
            }
        }
    }

    private static bool IsParked(JobInstance instance) => instance is { Status: Status.Waiting, Host: not null, InHand.Count: 0 };

    /// <summary>Gives a parked instance's slot back; it starts again when something is runnable.</summary>
    private void Unpark(JobInstance instance, long nowMs)
    {
        if (WantsPostflights(instance))
        {
            End(instance, Status.Pending, JobVerb.None, 0, nowMs);
            return;
        }

        LeaveHost(instance, nowMs);
        SetInstance(instance, Status.Pending, nowMs);
    }

    private void LeaveHost(JobInstance instance, long nowMs)
    {
        if (instance.Host is not { } host)
        {
            return;
        }

        outbox.HandOut(instance, Id, State.Epoch, [], [], leave: true);
        Emit(new Transition { Kind = TransitionKind.InstanceLeft, Instance = instance.Id }, nowMs);
        DemandChanged = true;
    }

    private void SetInstance(JobInstance instance, Status status, long nowMs, bool byItself = false, int depth = 0, JobVerb verb = JobVerb.None)
    {
        if (instance.Status == status && (status != Status.Blocked || instance.Held != byItself))
        {
            return;
        }

        parkedSinceMs[instance.Id] = status == Status.Waiting ? nowMs : 0;
        Emit(
            new Transition
            {
                Kind = TransitionKind.InstanceStatus,
                Instance = instance.Id,
                Status = status,
                ExitCode = (int)instance.Status,
                Ahead = byItself,
                Depth = depth,
                Verb = JobVerbs.HasEvent(verb) ? verb : JobVerb.None,
            },
            nowMs);
        DemandChanged = true;
    }

    private void Emit(Transition transition, long nowMs)
    {
        State.Apply(transition, nowMs);
        batch.Add(transition);
    }
}
