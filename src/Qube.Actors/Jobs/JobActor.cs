using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Qube.Actors.Callbacks;
using Qube.Actors.Frames;
using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Contracts.Telemetry;
using Qube.Domain.Jobs;

namespace Qube.Actors.Jobs;

/// <summary>A job: persists what its decider decides, says what follows, and is the parent of its frames and callbacks. One write is in flight at a
/// time; what arrives meanwhile makes up the next (design §4 step 8).</summary>
public sealed partial class JobActor : UntypedPersistentActor
{
    private readonly FarmRefs farm;
    private readonly FarmSettings settings;
    private readonly JobId id;
    private readonly IActorRef self;
    private JobState? state;
    private JobDecider? decider;
    private readonly Dictionary<string, (JobMessages.ModifyJob Modify, IActorRef Asker)> joining = [];
    private readonly HashSet<int> framesWritten = [];
    private bool isFirstLife;
    private bool writing;
    private bool stopping;

    public JobActor(JobId id, FarmRefs farm, FarmSettings settings)
    {
        this.id = id;
        this.farm = farm;
        this.settings = settings;
        self = Self;
    }

    public override string PersistenceId => Names.Job(id);

    /// <summary>What is new has no snapshot to be looked for.</summary>
    public override Recovery Recovery => settings.IsKnownNew(PersistenceId) ? new Recovery(SnapshotSelectionCriteria.None) : Recovery.Default;

    public static Props Props(JobId id, FarmRefs farm, FarmSettings settings) => Akka.Actor.Props.Create(() => new JobActor(id, farm, settings));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case JobEvents.Created created:
                state = new JobState(created);
                break;
            case JobEvents.Batch batch:
                state?.Apply(batch);
                CountCommit(batch);
                break;
            case SnapshotOffer offer:
                OnOffer(offer);
                break;
            case RecoveryCompleted when isLogAwaited:
                ReadWholeLog();
                break;
            case RecoveryCompleted when state is not null:
                Begin(isRecovered: true);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        if (isLogAwaited)
        {
            OnWhileLogAwaited(message);
            return;
        }

        if (message is JobMessages.Page page)
        {
            Paging.Pages.Whole(page, Self).PipeTo(Self, Sender);
            return;
        }

        if (decider is null)
        {
            BeforeCreation(message);
            return;
        }

        var now = settings.NowMs();
        switch (message)
        {
            case WorkerMessages.Report report:
                decider.OnReport(report, now);
                break;
            case DispatchMessages.Grant grant:
                decider.OnGrant(grant, now);
                break;
            case JobMessages.ControlJob command:
                decider.OnControl(command, Sender, now);
                break;
            case EventMessages.RaiseOfJob raise:
                decider.OnRaise(raise, Sender, now);
                break;
            case JobMessages.ForgetCommands forget:
                decider.OnForget(forget, now);
                break;
            case JobMessages.ModifyJob modify when decider.GroupFor(modify) is { } join:
                joining[modify.RequestId] = (modify, Sender);
                farm.Groups.Tell(join);
                return;
            case JobMessages.ModifyJob modify:
                decider.OnModify(modify, Sender, now);
                break;
            case FarmMessages.GroupJoined joined:
                if (joining.Remove(joined.RequestId, out var asked))
                {
                    decider.OnModify(asked.Modify, asked.Asker, now, joined);
                }

                break;
            case DispatchMessages.HostArrived arrived:
                decider.OnHostArrived(arrived.Host, arrived.Incarnation);
                break;
            case DispatchMessages.HostLost lost:
                decider.OnHostLost(lost.Host, lost.Reason, now);
                break;
            case DispatchMessages.YieldParked yield:
                decider.OnYieldParked(yield.Host, now);
                break;
            case WorkerMessages.EpochRefused refused:
                OnEpochRefused(refused);
                break;
            case FrameActor.Recorded recorded:
                OnAttemptRecorded(recorded);
                return;
            case TimerDue:
                timer = null;
                decider.OnTimer(now);
                break;
            case Terminated gone:
                OnCallbacksGone(gone.ActorRef);
                return;
            case ReviveCallbacks:
                OnReviveCallbacks();
                return;
            case SaveSnapshotSuccess or SaveSnapshotFailure:
                // The store has said in the log what went wrong; the next that is due is tried as if nothing had.
                isSaving = false;
                return;
            case HandOff:
                stopping = true;
                StopWhenWritten();
                return;
            case FlushNow:
                holding = false;
                Flush(now, force: true);
                return;
            default:
                OnQuery(message);
                return;
        }

        Flush(now, force: false);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // The base class stops the actor: that is the fence. What was decided and not committed goes with it, and was told to nobody.
        Log.Error(cause, "job {0}: its write {1} failed; the job stops and is recovered from its journal", id, sequenceNr);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void PostStop()
    {
        timer?.Dispose();
        hold?.Dispose();
        summaryTimer?.Dispose();
        revival?.Dispose();
        settings.Roll.Remove(id, self);
        base.PostStop();
    }

    /// <summary>A life begins, first or recovered: fence, callbacks, demand.</summary>
    private void Begin(bool isRecovered)
    {
        Context.SetReceiveTimeout(null);
        isFirstLife = !isRecovered;
        BeginInIndex(isRecovered);
        decider ??= new JobDecider(state!, settings.Jobs);
        if (isRecovered)
        {
            // The dispatcher may know it from the life before.
            JoinRoll();
        }

        if (state!.Spec.Callbacks.Length > 0 && !state.Erased)
        {
            StartCallbacks();
        }

        CrashPoints.Pass(CrashPointNames.JobRecovered);
        if (isRecovered)
        {
            decider.Start(settings.NowMs());
            Flush(settings.NowMs(), force: true);
        }
    }

    /// <summary>Writes what was decided, or says what needs no write. While a write is in flight everything waits for the next.</summary>
    private void Flush(long nowMs, bool force)
    {
        if (writing || (!decider!.HasOutput && readers.Count == 0))
        {
            if (!writing)
            {
                Arm();
            }

            return;
        }

        if (!force && !decider.IsUrgent && readers.Count == 0 && settings.FlushHoldMs > 0)
        {
            Hold();
            return;
        }

        var (batch, outbox) = decider.Take(nowMs);
        TakeReaders(outbox, batch is null ? LastSequenceNr : LastSequenceNr + 1);
        if (batch is null)
        {
            Say(outbox);
            Arm();
            return;
        }

        writing = true;
        CountCommit(batch);
        var frozen = FreezeWhenDue();
        CrashPoints.Pass(CrashPointNames.JobBeforeCommit);
        PersistAsync(batch, committed => OnCommitted(committed, outbox, frozen, isListed: false));
    }

    /// <param name="committed">What is in the log now.</param>
    /// <param name="outbox">What was waiting for it.</param>
    /// <param name="frozen">The snapshot of exactly this commit, when one is due.</param>
    /// <param name="isListed">The list of jobs says of it what it says of itself.</param>
    private void OnCommitted(JobEvents.Batch committed, JobOutbox outbox, Func<JobSnapshot>? frozen, bool isListed)
    {
        CrashPoints.Pass(CrashPointNames.JobAfterCommit);
        writing = false;
        Measure(committed);
        if (frozen is not null)
        {
            Save(frozen);
        }

        Publish(new BusMessages.Envelope { Source = id, SequenceNr = LastSequenceNr, Batch = committed });
        if (!isListed)
        {
            SummarySoon();
        }

        CrashPoints.Pass(CrashPointNames.JobAfterPublish);
        Say(outbox);
        Settle();
        Flush(settings.NowMs(), force: false);
        StopWhenWritten();
    }

    private void Measure(JobEvents.Batch committed)
    {
        foreach (var ended in committed.Transitions)
        {
            // A job without agenda is one command, its instance's own.
            if (ended.Kind == TransitionKind.ItemEnded || (ended.Kind == TransitionKind.InstanceStatus && ended.Status.IsTerminal() && state!.Spec.Agenda is null))
            {
                FarmMeter.FramesEnded.Add(1, KeyValuePair.Create("status", (object?)ended.Status.ItemName()));
            }
        }
    }

    /// <summary>Tells workers, askers, frames and the dispatcher what is now true.</summary>
    private void Say(JobOutbox outbox)
    {
        foreach (var (host, message) in outbox.ToWorkers)
        {
            farm.Gate.Tell(new ToWorker(host, message));
        }

        foreach (var message in outbox.ToOthers ?? [])
        {
            (message is HostMessages.LockHost ? farm.Hosts : farm.Groups).Tell(message);
        }

        CrashPoints.Pass(CrashPointNames.JobAfterHandout);
        foreach (var attempt in outbox.Attempts)
        {
            FrameOf(attempt.Seq, attempt.Attempt.Attempt).Tell(new FrameActor.Record(attempt.Run, attempt.Attempt));
        }

        Tell(outbox.Answers);
        if (outbox.Replies.Count > 0)
        {
            if (outbox.Replies.Exists(reply => !Equals(reply.To, callbacks)))
            {
                // Who commanded is never shown a list of jobs from before; our own callbacks read no lists, and may command a thousand times a second.
                PushSummary();
            }

            Answer(outbox);
        }

        if (decider!.DemandChanged)
        {
            SayDemand();
        }
    }

    private void Publish(BusMessages.Envelope envelope)
    {
        // The callbacks' own source, without a detour; the bus serves everyone else.
        callbacks?.Tell(envelope);
        farm.Bus.Tell(envelope);
    }

    private IActorRef FrameOf(int seq, int attempt)
    {
        var name = $"frame-{seq}";
        var child = Context.Child(name);
        if (!child.IsNobody())
        {
            return child;
        }

        // In no life before this one, and not yet in this: a report that is repeated finds what the first one wrote.
        if (attempt == 1 && isFirstLife && framesWritten.Add(seq))
        {
            settings.KnownNew(Names.Frame(id, seq));
        }

        return Context.ActorOf(FrameActor.Props(id, seq), name);
    }

    private void OnAttemptRecorded(FrameActor.Recorded recorded)
    {
        farm.Gate.Tell(new ToWorker(recorded.Attempt.Host, new WorkerMessages.HandOut
        {
            JobId = id,
            Epoch = state!.Epoch,
            Instance = recorded.Attempt.Instance,
            Run = recorded.Run,
            Recorded = [recorded.Seq, recorded.Attempt.Attempt],
        }));
        Context.Stop(Sender);
    }

    /// <summary>A worker has seen a higher epoch than ours: another life of this job exists, and this one must not go on.</summary>
    private void OnEpochRefused(WorkerMessages.EpochRefused refused)
    {
        if (refused.Epoch > state!.Epoch)
        {
            Log.Error("job {0}: a worker knows epoch {1}, this life is {2}; it stops", id, refused.Epoch, state.Epoch);
            Context.Stop(Self);
        }
    }

    private static void Passivate() => Context.Parent.Tell(new Akka.Cluster.Sharding.Passivate(HandOff.Instance));

    /// <summary>A write in flight is applied and told first; what has not been written is said again by its senders.</summary>
    private void StopWhenWritten()
    {
        if (stopping && !writing)
        {
            if (decider is not null && !settled)
            {
                // Passivated it would be settled: this is a hand-over, and where it goes nobody speaks to it as a matter of course.
                farm.Farm.Tell(new FarmMessages.JobMoved { JobId = id });
            }

            SaveAtEnd();
            Context.Stop(Self);
        }
    }

    /// <summary>The region's hand-off and passivation message.</summary>
    public sealed record HandOff : INoSerializationVerificationNeeded
    {
        public static readonly HandOff Instance = new();
    }
}
