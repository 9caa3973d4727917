using Akka.Actor;
using Qube.Contracts;

namespace Qube.Actors.Callbacks;

/// <content>The ledger: attempts as they begin and end, what clients ask of it, and firings done again by hand.</content>
public sealed partial class CallbackActor
{
    private readonly List<CallbackEvents.Started> started = [];
    private readonly List<CallbackEvents.Refired> refired = [];
    private readonly List<(IActorRef To, object Message)> answers = [];

    /// <summary>Notes the start of a firing's next attempt in the write that is to come. To be called before the attempt begins, and the attempt to
    /// begin after that write: so that one which a crash cuts off is known to have begun.</summary>
    private void NoteStart(FiringRecord record)
    {
        var start = new CallbackEvents.Started
        {
            Firing = record.Id,
            Attempt = record.Attempts.Count + 1,
            Run = record.Run,
            AtMs = settings.NowMs(),
            IsAgain = record.Attempts is [.., { EndedMs: 0 }],
        };
        started.Add(start);
        fold.Start(start, settings.NodeName);
    }

    /// <summary>Notes how an attempt ended, in the write that is to come.</summary>
    /// <param name="record">Whose attempt.</param>
    /// <param name="outcome">In words, for people.</param>
    /// <param name="startedMs">When it began, where <see cref="NoteStart"/> did not tell.</param>
    /// <param name="end">Unknown: as the words say.</param>
    /// <param name="outputOffset">Where its output begins in the <c>.cb</c> file.</param>
    /// <param name="outputBytes">How much it wrote there.</param>
    private void Finish(FiringRecord record, string outcome, long startedMs, FiringEnd end = FiringEnd.Unknown, long outputOffset = 0, long outputBytes = 0)
    {
        var ended = new CallbackEvents.Finished
        {
            Firing = record.Id,
            Outcome = outcome,
            StartedMs = startedMs,
            EndedMs = settings.NowMs(),
            End = end == FiringEnd.Unknown ? CallbackFold.EndOf(outcome) : end,
            Attempt = record.CurrentAttempt,
            Run = record.Run,
            OutputOffset = outputOffset,
            OutputBytes = outputBytes,
        };
        finished.Add(ended);
        fold.Finish(ended, settings.NodeName);
    }

    private bool HasNews => matches.Count + finished.Count + suspended.Count + started.Count + refired.Count > 0;

    /// <summary>What was committed before and has only waited for its turn.</summary>
    private void ActNow()
    {
        FiringRecord[] acts = [.. afterCommit];
        afterCommit.Clear();
        foreach (var record in acts)
        {
            Act(record);
        }

        TellAnswers();
    }

    private (FiringRecord? Script, (IActorRef To, object Message)[] Answers) TakeLedger()
    {
        var taken = (starting, answers.ToArray());
        starting = null;
        answers.Clear();
        started.Clear();
        refired.Clear();
        return taken;
    }

    private void AfterWrite(FiringRecord? script, (IActorRef To, object Message)[] told)
    {
        foreach (var (to, message) in told)
        {
            to.Tell(message);
        }

        if (script is not null)
        {
            RunScript(script);
        }
    }

    private void TellAnswers()
    {
        AfterWrite(null, [.. answers]);
        answers.Clear();
    }

    private void OnGetFirings(LedgerMessages.GetFirings query)
    {
        LedgerMessages.FiringRow[] known = [.. fold.Firings.Values.Where(record => FiringRows.IsAsked(record, query)).Reverse()
            .Take(Math.Max(1, query.Limit) + 1).Select(record => FiringRows.Of(record, fold.PatternText))];
        if (fold.Forgotten == 0 || known.Length > Math.Max(1, query.Limit) || (query.Firing.Length > 0 && known.Length > 0))
        {
            Sender.Tell(FiringRows.Page(known, query, spec.JobId, mayBeMore: false));
            return;
        }

        ReadLedger(query).ContinueWith(
            read => read.IsCompletedSuccessfully
                ? read.Result.Page(known)
                : new LedgerMessages.Firings { JobId = spec.JobId, Exists = true, Error = $"the log could not be read: {read.Exception?.GetBaseException().Message}" },
            TaskContinuationOptions.ExecuteSynchronously).PipeTo(Sender, self);
    }

    private Task<LedgerReader> ReadLedger(LedgerMessages.GetFirings query)
    {
        var (job, log) = (spec, PersistenceId);
        return settings.ReadLog(log, 1).ContinueWith(read => new LedgerReader(job, query).Read(read.Result), TaskScheduler.Default);
    }

    private void OnRefire(LedgerMessages.Refire request)
    {
        if (fold.FiringOrder.TryGetValue(request.Firing, out var order))
        {
            Refire(fold.Firings[order], request, Sender);
            return;
        }

        if (fold.Forgotten == 0)
        {
            Refuse(request, Sender, $"there is no firing {request.Firing}");
            return;
        }

        var asker = Sender;
        ReadLedger(new LedgerMessages.GetFirings { JobId = spec.JobId, Firing = request.Firing, Limit = 1 }).ContinueWith(
            read => new OldFiring(request, asker, read.IsCompletedSuccessfully ? read.Result.Only : null, read.Exception?.GetBaseException().Message),
            TaskContinuationOptions.ExecuteSynchronously).PipeTo(self);
    }

    private void OnOldFiring(OldFiring found)
    {
        if (fold.FiringOrder.TryGetValue(found.Request.Firing, out var order))
        {
            Refire(fold.Firings[order], found.Request, found.Asker);
        }
        else if (found.Record is { } record)
        {
            Refire(record, found.Request, found.Asker);
        }
        else
        {
            Refuse(found.Request, found.Asker, found.Error ?? $"there is no firing {found.Request.Firing}");
        }
    }

    private void Refire(FiringRecord record, LedgerMessages.Refire request, IActorRef asker)
    {
        if (request.RequestId.Length > 0 && fold.Answered(request.RequestId) is { } before)
        {
            // Told after whatever is being written, which may be the event that it speaks of.
            answers.Add((asker, before));
            return;
        }

        if (!record.Done)
        {
            Refuse(request, asker, $"firing {record.Id} is still {(record.State == FiringState.Running ? "running" : "pending")}");
            return;
        }

        var again = CallbackFold.RefiredOf(record, request, settings.NowMs());
        refired.Add(again);
        mayWait = false;
        if (fold.Refire(again) is { } open)
        {
            afterCommit.Add(open);
            answers.Add((asker, new LedgerMessages.FiringRefired { JobId = spec.JobId, Firing = open.Id, Attempt = open.CurrentAttempt }));
        }
    }

    private void Refuse(LedgerMessages.Refire request, IActorRef asker, string error) =>
        asker.Tell(new LedgerMessages.FiringRefired { JobId = spec.JobId, Firing = request.Firing, Error = error });

    private sealed record OldFiring(LedgerMessages.Refire Request, IActorRef Asker, FiringRecord? Record, string? Error) : INoSerializationVerificationNeeded;
}
