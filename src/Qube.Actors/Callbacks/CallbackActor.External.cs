using Akka.Actor;
using Qube.Contracts;
using Qube.Contracts.Actions;
using Qube.Domain.Execution;

namespace Qube.Actors.Callbacks;

/// <content>Mails and web hooks: written first, then sent beside everything else, none waiting for another, each under its firing's id until it
/// is done or given up. What was in hand when the node died begins again with the recovery of its firing.</content>
public sealed partial class CallbackActor
{
    /// <summary>Firings whose action is on its way.</summary>
    private readonly Dictionary<string, FiringRecord> external = [];

    /// <summary>Asks the job what it looks like: its state as committed, the event that fired included.</summary>
    private void StartExternal(FiringRecord record)
    {
        if (settings.Actions is null)
        {
            Finish(record, "not sent: this farm sends no mail and calls no URL", record.AtMs);
        }
        else if (external.TryAdd(record.Id, record) && isGlobal)
        {
            OnOwner(new Owner(record.Id, "{}"));
        }
        else if (!isGlobal)
        {
            Context.Parent.Tell(new GetOwner(record.Id, record.Item, record.Instance));
        }
    }

    private void OnOwner(Owner owner)
    {
        if (!external.TryGetValue(owner.Firing, out var record))
        {
            return;
        }

        var run = new ActionRun
        {
            FiringId = record.Key,
            Language = record.Callback.Language,
            Code = record.Callback.Code,
            JobId = spec.JobId.Value,
            CallbackId = record.Callback.Id,
            Triggers = record.Callback.Triggers,
            EventText = record.EventText,
            AtMs = record.AtMs,
            User = record.User,
            Item = record.Item,
            Instance = record.Instance,
            JobJson = owner.JobJson,
            OutputPath = LogPaths.Callbacks(settings.LogPath, spec.JobId.Value),
            SupervisorUrl = settings.SupervisorUrl,
        };
        CrashPoints.Pass(CrashPointNames.CallbackBeforeScript);
        settings.Actions!.RunAsync(run, text => self.Tell(new AttemptFailed(record, text)), stopping.Token).ContinueWith(
            ended => new ExternalEnded(record, ended.IsCompletedSuccessfully ? ended.Result : null, ended.Exception?.GetBaseException().Message),
            TaskContinuationOptions.ExecuteSynchronously).PipeTo(self);
    }

    private void OnExternalEnded(ExternalEnded ended)
    {
        external.Remove(ended.Record.Id);
        if (ended is { Outcome: null, Error: null })
        {
            // Cut off, as when the node stops: not done. Whoever recovers these callbacks does it again.
            return;
        }

        // What was sent is not to be sent again because its end was not written yet.
        mayWait = false;
        CrashPoints.Pass(CrashPointNames.CallbackAfterScript);
        var end = ended.Outcome switch
        {
            { IsDone: true } => FiringEnd.Done,
            { IsDeadLetter: true } => FiringEnd.Dead,
            _ => FiringEnd.Failed,
        };
        Finish(ended.Record, ended.Outcome?.Text ?? $"could not be done: {ended.Error}", ended.Record.AtMs, end);
    }

    /// <summary>The next attempt counts from now: it waits for its turn as long as it must.</summary>
    private void OnAttemptFailed(AttemptFailed failed)
    {
        Finish(failed.Record, failed.Text, failed.Record.AtMs, FiringEnd.Retrying);
        NoteStart(failed.Record);
    }

    /// <summary>Callbacks → their job: how do you look now, with this item and instance. Answered with <see cref="Owner"/> once it is committed.</summary>
    internal sealed record GetOwner(string Firing, string? Item, int? Instance) : INoSerializationVerificationNeeded;

    /// <summary>Job → its callbacks.</summary>
    internal sealed record Owner(string Firing, string JobJson) : INoSerializationVerificationNeeded;

    private sealed record ExternalEnded(FiringRecord Record, ActionOutcome? Outcome, string? Error) : INoSerializationVerificationNeeded;

    private sealed record AttemptFailed(FiringRecord Record, string Text) : INoSerializationVerificationNeeded;
}
