using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Qube.Actors.Paging;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;

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
            if (IsVerb(record))
            {
                Act(record);
            }
            else
            {
                afterCommit.Add(record);
            }
        }

        BeginClocks();
        SweepLater();
        Flush();
        TellIfSpent();
    }

    /// <summary>The backstop (design §4 step 12): should every word of an event have been lost, it is found in the log.</summary>
    private void SweepSources()
    {
        foreach (var source in sources.Values.Where(source => source.Bound && (source.Cursor > 0 || !source.IsJob)))
        {
            Read(source);
        }

        LayBy();
        AskForLabels();
        AskForHosts();
        SweepLater();
    }

    /// <summary>Jittered, so that ten thousand jobs do not look at their logs in one moment.</summary>
    private void SweepLater() => Timers.StartSingleTimer("sweep", Sweep.Instance, SweepInterval * (0.5 + Random.Shared.NextDouble()));

    /// <summary>Asks the jobs whose past counts, or whose items' names are not known yet, until they answer.</summary>
    private void AskSources()
    {
        var open = false;
        foreach (var source in sources.Values.Where(source => !source.Bound || (!source.KnowsAgenda && source.Cursor > 0)))
        {
            open = true;
            farm.Jobs.Tell(new JobMessages.GetSource { JobId = new JobId(source.Source) });
        }

        if (open)
        {
            Timers.StartSingleTimer("ask", AskAgain.Instance, AnswerLimit);
        }
    }

    private void OnSource(JobMessages.Source seen)
    {
        if (!sources.TryGetValue(seen.JobId.Value, out var source))
        {
            return;
        }

        if (seen.Exists)
        {
            Learn(source, seen.Agenda);
        }

        Note(source, seen);

        if (source.Bound)
        {
            Heard(source.Source, seen.LastSequenceNr);
            Read(source);
            return;
        }

        source.Bound = true;
        var bound = new CallbackEvents.SourceBound { Source = source.Source, Cursor = seen.LastSequenceNr, Matches = [.. fold.CatchupOf(source, seen)], AtMs = settings.NowMs() };
        PersistAsync(bound, committed =>
        {
            foreach (var record in Bind(committed))
            {
                if (IsVerb(record))
                {
                    Act(record);
                }
                else
                {
                    afterCommit.Add(record);
                }
            }

            Heard(source.Source, source.Known);
            Flush();
        });
        source.Bound = true;
        source.Reading = true;
    }

    private List<FiringRecord> Bind(CallbackEvents.SourceBound bound)
    {
        if (!sources.TryGetValue(bound.Source, out var source))
        {
            return [];
        }

        source.Bound = true;
        source.Reading = false;
        source.Cursor = Math.Max(source.Cursor, bound.Cursor);
        return Apply(bound.Matches, bound.AtMs > 0 ? bound.AtMs : settings.NowMs());
    }

    private static void Learn(SourceLog source, AgendaSpec? agenda)
    {
        source.KnowsAgenda = true;
        source.Agenda = agenda is null ? null : Agenda.FromSpec(agenda).Required();
    }

    private void OnEnvelope(BusMessages.Envelope envelope)
    {
        if (envelope.Created is { } created && created.Spec.Pgrp == spec.Pgrp)
        {
            Joined(created.Spec.Label, envelope.Source.Value);
        }

        if (SourceOf(envelope) is not { Bound: true } source)
        {
            return;
        }

        source.Known = Math.Max(source.Known, envelope.SequenceNr);
        if (source.Reading || envelope.SequenceNr <= source.Cursor)
        {
            return;
        }

        if (Follows(source, envelope) && (source.KnowsAgenda || envelope.Created is not null))
        {
            Fold(source, envelope.SequenceNr, envelope.Entry);
        }
        else
        {
            Read(source);
        }
    }

    private void Heard(long id, long position)
    {
        if (sources.TryGetValue(id, out var source))
        {
            source.Known = Math.Max(source.Known, position);
            if (source is { Bound: true, Reading: false } && source.Known > source.Cursor)
            {
                Read(source);
            }
        }
        else
        {
            HeardOfUnknown(id, position);
        }
    }

    /// <summary>Fills the hole from the log itself: everything after the cursor.</summary>
    private void Read(SourceLog source)
    {
        if (source.Reading || (source.Cursor > 0 && !source.KnowsAgenda))
        {
            return;
        }

        source.Reading = true;
        var known = source.Known;
        settings.ReadLog(source.Log, source.Cursor + 1).ContinueWith(
            read => new LogRead(source.Source, known, read.IsCompletedSuccessfully ? read.Result : null, read.Exception?.GetBaseException()),
            TaskContinuationOptions.ExecuteSynchronously).PipeTo(self);
    }

    private void OnLogRead(LogRead read)
    {
        if (!sources.TryGetValue(read.Source, out var source))
        {
            return;
        }

        source.Reading = false;
        if (read.Entries is null)
        {
            Log.Warning(read.Error, "callbacks of job {0}: {1} could not be read; it is tried again", spec.JobId, source.Log);
            Timers.StartSingleTimer("sweep", Sweep.Instance, AnswerLimit);
            return;
        }

        foreach (var entry in read.Entries)
        {
            if (entry.SequenceNr == source.Cursor + 1)
            {
                Fold(source, entry.SequenceNr, entry.Event);
            }
        }

        // Heard of more than was there: it was published after this read began, and is read now.
        if (source.Known > source.Cursor && (read.Entries.Count > 0 || source.Known > read.Known))
        {
            Read(source);
        }
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
