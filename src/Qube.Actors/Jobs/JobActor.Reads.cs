using Akka.Actor;
using Qube.Actors.Callbacks;
using Qube.Actors.Paging;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;
using Status = Qube.Contracts.Status;

namespace Qube.Actors.Jobs;

/// <content>Queries, the read model's row, timers, and how a finished job goes to sleep.</content>
public sealed partial class JobActor
{
    private readonly List<JobOutbox> waitingForRevival = [];
    private readonly List<(IActorRef Asker, object Question)> readers = [];
    private IActorRef? callbacks;
    private string reason = "";
    private ITimer? timer;
    private ITimer? hold;
    private ITimer? summaryTimer;
    private bool holding;
    private long timerDueMs;
    private readonly List<JobOutbox> waitingForErasure = [];
    private bool settling;
    private bool settled;
    private bool askedForIdle;
    private bool erased;
    private int flushesDue;

    /// <summary>Removed, and no callback of its own has anything left to do about it.</summary>
    private bool IsErasable => state!.Removed && callbacks is null;

    private void OnQuery(object message)
    {
        switch (message)
        {
            case JobMessages.CreateJob:
                Sender.Tell(new JobMessages.JobCreated { JobId = id });
                break;
            case JobMessages.WakeJob:
                // Already awake: the recovery that this message caused, or an earlier one, did all there is to do.
                Settle();
                break;
            case JobMessages.GetSource or JobMessages.GetJob or ExplainMessages.GetSubject or CallbackActor.GetOwner:
                readers.Add((Sender, message));
                Flush(settings.NowMs(), force: true);
                break;
            case JobMessages.GetHistory:
                ShowHistory();
                break;
            case LedgerMessages.GetFirings or LedgerMessages.Refire or ExplainMessages.GetTriggers:
                AskCallbacks(message);
                break;
            case HistoryRead { Reply: JobMessages.HistoryReply reply } read:
                Pages.Reply(Context, read.Asker, reply);
                break;
            case HistoryRead failed:
                failed.Asker.Tell(failed.Reply);
                break;
            case DispatchMessages.PendingReason pending:
                reason = pending.Reason;
                SummarySoon();
                break;
            case DispatchMessages.RollCall:
                SayDemand();
                break;
            case SummaryDue:
                summaryTimer = null;
                PushSummary();
                break;
            case ReadModelMessages.Flushed:
                flushesDue--;
                OnFlushed();
                break;
            case CallbackActor.Idle:
                decider!.OnCallbacksIdle(settings.NowMs());
                Flush(settings.NowMs(), force: true);
                break;
            case CallbackActor.Resting resting:
                OnResting(resting);
                break;
            case FarmMessages.JobRevivedAck:
                OnRevived();
                break;
            case ReceiveTimeout:
                if (settled && IsDone && CallbacksRestOrAsk())
                {
                    farm.Dispatcher.Tell(decider!.Demand() with { Gone = true });
                    Passivate();
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Readers are answered with the state of a commit, after it: nobody is shown what a crash could take back, and a source's
    /// cursor never lies behind the state that is told with it.</summary>
    private void TakeReaders(JobOutbox outbox, long sequenceNr)
    {
        foreach (var (asker, question) in readers)
        {
            switch (question)
            {
                case JobMessages.GetSource:
                    outbox.Answers.Add((asker, JobSource.Of(state!, sequenceNr)));
                    break;
                case ExplainMessages.GetSubject get:
                    outbox.Answers.Add((asker, JobSubject.Of(state!, get.Item)));
                    break;
                case CallbackActor.GetOwner get:
                    outbox.Answers.Add((asker, new CallbackActor.Owner(get.Firing, JobView.JsonOf(state!, Reason(), get.Item, get.Instance))));
                    break;
                case JobMessages.GetJob when IsErasable:
                    outbox.Answers.Add((asker, new JobMessages.JobReply { JobId = id }));
                    break;
                case JobMessages.GetJob { Callbacks: true } get when callbacks is not null:
                    callbacks.Tell(new CallbackActor.Describe(Json(get)), asker);
                    break;
                case JobMessages.GetJob get:
                    outbox.Answers.Add((asker, Json(get)));
                    break;
            }
        }

        readers.Clear();
    }

    private JobMessages.JobReply Json(JobMessages.GetJob get) => new()
    {
        JobId = id,
        Exists = true,
        Json = JobView.Json(state!, Reason(), get.Agenda, get.Subjobs),
    };

    private void ShowHistory()
    {
        var asker = Sender;
        History(state!.Spec, state.Agenda).PipeTo(
            self,
            success: reply => new HistoryRead(asker, reply),
            failure: cause => new HistoryRead(asker, new Akka.Actor.Status.Failure(cause)));
    }

    private async Task<JobMessages.HistoryReply> History(JobSpec spec, Agenda? agenda)
    {
        var entries = await settings.ReadLog(PersistenceId, 1);
        return new JobMessages.HistoryReply
        {
            JobId = id,
            Lines = entries.SelectMany(entry => entry.Event switch
            {
                JobEvents.Created created => JobHistory.Of(created),
                JobEvents.Batch batch => JobHistory.Of(batch, spec, agenda),
                _ => [],
            }).ToArray(),
        };
    }

    /// <summary>Why a pending job is pending: the dispatcher's reason, while it wants something.</summary>
    private string Reason() => state!.Status == Status.Pending ? reason : "";

    private void PushSummary()
    {
        summaryTimer?.Dispose();
        summaryTimer = null;
        if (IsErasable)
        {
            farm.ReadModel.Tell(new ReadModelMessages.JobRemoved { JobId = id });
        }
        else
        {
            farm.ReadModel.Tell(new ReadModelMessages.JobChanged { Summary = JobView.Summary(state!, LastSequenceNr, Reason()) });
        }
    }

    private void SummarySoon() => summaryTimer ??= settings.Once(() => self.Tell(SummaryDue.Instance), TimeSpan.FromMilliseconds(settings.SummaryIntervalMs));

    /// <summary>Waits a moment for company: nothing is idle because of it.</summary>
    private void Hold()
    {
        if (!holding)
        {
            holding = true;
            hold?.Dispose();
            hold = settings.Once(() => self.Tell(FlushNow.Instance), TimeSpan.FromMilliseconds(settings.FlushHoldMs));
        }
    }

    private void Arm()
    {
        var due = decider!.NextTimerMs();
        if (due is null || (timer is not null && timerDueMs <= due))
        {
            return;
        }

        timer?.Dispose();
        timerDueMs = due.Value;
        timer = settings.Once(() => self.Tell(TimerDue.Instance), TimeSpan.FromMilliseconds(Math.Max(1, due.Value - settings.NowMs())));
    }

    /// <summary>A finished job whose callbacks rest is not woken at the next start and leaves memory, once the read model has its last row.</summary>
    private void Settle()
    {
        if (state!.Removed)
        {
            Erase();
        }

        var done = IsDone;
        if (done && !settling && waitingForRevival.Count == 0 && CallbacksRestOrAsk() && state.Instances.All(instance => instance.Host is null))
        {
            settling = true;
            PushSummary();
            AskForFlush();
        }
        else if (!done)
        {
            settling = false;
        }
    }

    private void AskForFlush()
    {
        flushesDue++;
        farm.ReadModel.Tell(new ReadModelMessages.Flush { JobId = id });
    }

    /// <summary>A removed job stays to be looked at while its own callbacks see to its end (spec/callbacks.md §13.1); then nothing more is known of
    /// it to queries, and its label is free.</summary>
    private void Erase()
    {
        if (state!.Erased && callbacks is not null)
        {
            Context.Stop(callbacks);
            callbacks = null;
        }

        if (callbacks is not null)
        {
            if (!askedForIdle)
            {
                askedForIdle = true;
                callbacks.Tell(new CallbackActor.WhenIdle(LastSequenceNr));
            }
        }
        else if (!erased)
        {
            erased = true;
            PushSummary();
            AskForFlush();
            farm.Groups.Tell(new FarmMessages.LeaveGroup { Pgrp = state.Spec.Pgrp, JobId = id });
        }
    }

    private void OnFlushed()
    {
        if (erased && flushesDue == 0)
        {
            waitingForErasure.ForEach(outbox => Tell(outbox.Replies));
            waitingForErasure.Clear();
        }

        if (settling && !CallbacksRest)
        {
            settling = false;
            Settle();
        }
        else if (settling)
        {
            settled = true;
            farm.Farm.Tell(new FarmMessages.JobSettled { JobId = id });
            Context.SetReceiveTimeout(TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>Answers those who commanded; when a finished job came alive again, only after the live index knows of it.</summary>
    private void Answer(JobOutbox outbox)
    {
        if (IsErasable && (!erased || flushesDue > 0))
        {
            // Whoever removed it never finds it in a list afterwards, whatever dies.
            waitingForErasure.Add(outbox);
        }
        else if (MustRevive || waitingForRevival.Count > 0)
        {
            // Said again with each: the first may have been lost.
            Revive(outbox);
        }
        else
        {
            Tell(outbox.Replies);
        }
    }

    private static void Tell(List<(object To, object Message)> answers)
    {
        foreach (var (to, message) in answers)
        {
            Pages.Reply(Context, (IActorRef)to, message);
        }
    }

    private sealed record HistoryRead(IActorRef Asker, object Reply) : INoSerializationVerificationNeeded;

    private sealed class TimerDue : INoSerializationVerificationNeeded
    {
        public static readonly TimerDue Instance = new();
    }

    private sealed class FlushNow : INoSerializationVerificationNeeded
    {
        public static readonly FlushNow Instance = new();
    }

    private sealed class SummaryDue : INoSerializationVerificationNeeded
    {
        public static readonly SummaryDue Instance = new();
    }
}
