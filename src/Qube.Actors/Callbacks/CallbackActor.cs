using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Qube.Actors.Paging;
using Qube.Contracts;
using Qube.Contracts.Telemetry;
using Qube.Domain.Jobs;

namespace Qube.Actors.Callbacks;

/// <summary>All callbacks of one job: follows the logs they name without ever passing a hole, persists cursors, matches and outcomes in one write,
/// and acts (design §4 steps 10 and 11). A child of its job.</summary>
public sealed partial class CallbackActor : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(2);

    private readonly JobSpec spec;
    private readonly FarmRefs farm;
    private readonly FarmSettings settings;
    private readonly IActorRef self;
    private readonly CallbackFold fold;
    private readonly Dictionary<long, SourceLog> sources = [];
    private readonly List<CallbackEvents.Match> matches = [];
    private readonly List<CallbackEvents.Finished> finished = [];
    private readonly List<int> suspended = [];
    private readonly List<FiringRecord> afterCommit = [];
    private readonly HashSet<long> moved = [];
    private ITimer? hold;
    private bool holding;
    private bool mayWait = true;
    private bool writing;

    public CallbackActor(JobSpec spec, FarmRefs farm, FarmSettings settings)
    {
        this.spec = spec;
        this.farm = farm;
        this.settings = settings;
        self = Self;
        fold = new CallbackFold(spec);
        NameSources();
    }

    public override string PersistenceId => isGlobal ? Names.GlobalCallback(spec.Callbacks[0].Id) : Names.Callbacks(spec.JobId);

    public ITimerScheduler Timers { get; set; } = null!;

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props Props(JobSpec spec, FarmRefs farm, FarmSettings settings) => Akka.Actor.Props.Create(() => new CallbackActor(spec, farm, settings));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case CallbackEvents.SourceBound bound:
                Bind(bound);
                break;
            case CallbackEvents.Folded folded:
                for (var index = 0; index + 1 < folded.Cursors.Length; index += 2)
                {
                    RecoverCursor(folded.Cursors[index], folded.Cursors[index + 1]);
                }

                fold.Replay(folded);
                break;
            case CallbackEvents.LabelBound bound:
                Bind(bound);
                break;
            case RecoveryCompleted:
                Begin();
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case BusMessages.Envelope envelope:
                OnEnvelope(envelope);
                break;
            case BusMessages.Heads heads:
                for (var index = 0; index + 1 < heads.Positions.Length; index += 2)
                {
                    Heard(heads.Positions[index], heads.Positions[index + 1]);
                }

                break;
            case JobMessages.Source seen:
                OnSource(seen);
                break;
            case JobMessages.Page page:
                Pages.Whole(page, self).PipeTo(self);
                break;
            case LogRead read:
                OnLogRead(read);
                break;
            case LookedBack read:
                OnLookedBack(read);
                break;
            case FarmMessages.ProcessGroup group:
                foreach (var (id, label) in group.JobIds.Zip(group.Labels))
                {
                    Joined(label, id);
                }

                break;
            case EventMessages.HostNames known:
                OnHostNames(known);
                break;
            case AskAgain:
                AskSources();
                break;
            case Sweep:
                SweepSources();
                break;
            case JobMessages.ControlDone done:
                OnVerbDone(done);
                break;
            case ScriptEnded ended:
                OnScriptEnded(ended);
                break;
            case Owner owner:
                OnOwner(owner);
                break;
            case AttemptFailed failed:
                OnAttemptFailed(failed);
                break;
            case ExternalEnded ended:
                OnExternalEnded(ended);
                break;
            case ClockDue:
                OnClockDue();
                break;
            case WhenIdle ask:
                OnWhenIdle(ask);
                break;
            case AskRest ask:
                restAsked = ask.SequenceNr;
                break;
            case FlushNow:
                holding = false;
                Flush(isHoldOver: true);
                return;
            case LedgerMessages.GetFirings query:
                OnGetFirings(query);
                break;
            case LedgerMessages.Refire request:
                OnRefire(request);
                break;
            case ExplainMessages.GetTriggers query:
                OnGetTriggers(query);
                break;
            case OldFiring found:
                OnOldFiring(found);
                break;
            case Describe describe:
                Pages.Reply(Context, Sender, describe.Job with { Json = JobView.WithCallbacks(describe.Job.Json, WriteCallbacks) });
                break;
            default:
                Unhandled(message);
                break;
        }

        Flush();
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Log.Error(cause, "callbacks of job {0}: write {1} failed; they stop and are recovered", spec.JobId, sequenceNr);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void PostStop()
    {
        clock?.Dispose();
        hold?.Dispose();
        foreach (var source in sources.Values)
        {
            FarmMeter.CaughtUp(source);
        }

        stopping.Cancel();
        stopping.Dispose();
        base.PostStop();
    }

    private void Begin()
    {
        CrashPoints.Pass(CrashPointNames.CallbacksRecovered);
        Listen();
        foreach (var source in sources.Values.Where(source => source.Bound && (source.Cursor > 0 || source.Source != spec.JobId.Value)))
        {
            Read(source);
        }

        AskSources();
        AskForLabels();
        AskForHosts();
        foreach (var record in fold.Firings.Values.Where(record => !record.Done))
        {
            ActWhenOnFile(record);
        }

        BeginClocks();
        SweepLater();
        Flush();
        TellIfSpent();
    }

    private void Fold(SourceLog source, long sequenceNr, object? entry)
    {
        if (entry is JobEvents.Created created)
        {
            Learn(source, created.Spec.Agenda);
        }

        if (entry is not null && !IsTooOld(source, entry))
        {
            foreach (var match in fold.MatchesOf(source, sequenceNr, entry))
            {
                matches.Add(match);
                moved.Add(source.Source);
                foreach (var record in Apply([match], settings.NowMs()))
                {
                    if (IsVerb(record) && !fold.ReadsSeveral(record.Callback.Id))
                    {
                        CrashPoints.Pass(CrashPointNames.CallbackBeforeVerb);
                        Act(record);
                        CrashPoints.Pass(CrashPointNames.CallbackAfterVerb);
                    }
                    else
                    {
                        afterCommit.Add(record);
                    }
                }
            }
        }

        source.Cursor = sequenceNr;
        if (entry is not null)
        {
            Note(source, sequenceNr, entry);
            if (AtMs(entry) is > 0 and var atMs)
            {
                FarmMeter.CallbackLag.Record(Math.Max(0, settings.NowMs() - atMs) / 1000.0);
            }
        }
    }

    /// <summary>Folds matches into firings and keeps runaways from going on.</summary>
    private List<FiringRecord> Apply(IEnumerable<CallbackEvents.Match> news, long atMs)
    {
        var fired = new List<FiringRecord>();
        foreach (var match in news)
        {
            fired.AddRange(fold.Apply(match, atMs));
        }

        if (IsRecovering)
        {
            return fired;
        }

        foreach (var callback in fold.Runaways)
        {
            suspended.Add(callback);
            Log.Warning("job {0}: callback {1} is suspended: it recurs in one causal chain", spec.JobId, callback);
        }

        fold.Runaways.Clear();
        return fired;
    }

    /// <summary>One write at a time: cursors, matches and outcomes together. A cursor that merely moved past what nobody waits for needs none.
    /// Where all that was fired are verbs that folding again would send again under the same ids, the write waits a few milliseconds: the
    /// verb's own commit must not queue behind it, and its outcome becomes part of it.</summary>
    private void Flush(bool isHoldOver = false)
    {
        if (writing)
        {
            return;
        }

        if (!HasNews && afterCommit.Count == 0)
        {
            TellAnswers();
            TellWhoWaits();
            return;
        }

        if (mayWait && !isHoldOver && afterCommit.Count + suspended.Count + started.Count + refired.Count == 0 && settings.FlushHoldMs > 0)
        {
            Hold();
            return;
        }

        mayWait = true;
        NoteStarts();
        if (!HasNews)
        {
            ActNow();
            return;
        }

        var folded = new CallbackEvents.Folded
        {
            AtMs = settings.NowMs(),
            Cursors = [.. moved.SelectMany(source => (long[])[source, CursorOf(source)])],
            Matches = [.. matches],
            Finished = [.. finished],
            Suspended = [.. suspended],
            Started = [.. started],
            Refired = [.. refired],
            Node = started.Count + finished.Count > 0 ? settings.NodeName : "",
        };
        var (scriptToRun, answersToTell) = TakeLedger();
        var acts = afterCommit.ToArray();
        foreach (var callback in suspended)
        {
            fold.Suspend(callback);
        }

        matches.Clear();
        finished.Clear();
        suspended.Clear();
        afterCommit.Clear();
        moved.Clear();
        writing = true;
        CrashPoints.Pass(CrashPointNames.CallbackBeforeCommit);
        PersistAsync(folded, committed =>
        {
            CrashPoints.Pass(CrashPointNames.CallbackAfterCommit);
            writing = false;
            AfterWrite(scriptToRun, answersToTell);
            foreach (var record in acts)
            {
                Act(record);
            }

            TellIfSpent();
            if (committed.Finished.Length > 0 && !isGlobal)
            {
                Context.Parent.Tell(new JobMessages.ForgetCommands { JobId = spec.JobId, RequestIds = [.. committed.Finished.Select(done => FiringRecord.KeyOf(done.Firing, done.Run))] });
            }

            Flush();
        });
    }

    private void Hold()
    {
        if (!holding)
        {
            holding = true;
            hold?.Dispose();
            hold = settings.Once(() => self.Tell(FlushNow.Instance), TimeSpan.FromMilliseconds(settings.FlushHoldMs));
        }
    }

    /// <summary>Job → callbacks, for a client: put the callbacks' list into this reply and send it.</summary>
    internal sealed record Describe(JobMessages.JobReply Job) : INoSerializationVerificationNeeded;

    private sealed record LogRead(long Source, long Known, IReadOnlyList<LogEntry>? Entries, Exception? Error) : INoSerializationVerificationNeeded;

    private sealed class FlushNow : INoSerializationVerificationNeeded
    {
        public static readonly FlushNow Instance = new();
    }

    private sealed class Sweep : INoSerializationVerificationNeeded
    {
        public static readonly Sweep Instance = new();
    }

    private sealed class AskAgain : INoSerializationVerificationNeeded
    {
        public static readonly AskAgain Instance = new();
    }
}
