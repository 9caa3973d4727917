using System.Text.Json;
using Akka.Actor;
using Qube.Contracts;
using Qube.Contracts.Scripts;
using Qube.Domain.Execution;

namespace Qube.Actors.Callbacks;

/// <content>What firings do: verbs to the owner at once, scripts one after another from an outbox.</content>
#pragma warning disable CA1001 // An actor's end is PostStop: what it owns is disposed there.
public sealed partial class CallbackActor
#pragma warning restore CA1001
{
    private readonly Queue<FiringRecord> scripts = new();
    private readonly CancellationTokenSource stopping = new();
    private FiringRecord? running;

    /// <summary>The script whose start is in the write to come, and which runs after it.</summary>
    private FiringRecord? starting;

    /// <summary>Done by the job itself, once for its id.</summary>
    private static bool IsVerb(FiringRecord record) => record.Callback.Language is "qube" or "dependency" && !record.IsMailVerb;

    private static bool IsScript(FiringRecord record) => record.Callback.Language is "python" or "perl";

    /// <summary>The starts that this write can tell of: what begins as soon as it is committed. Verbs have none, they end at once; of scripts the
    /// first, when none runs.</summary>
    private void NoteStarts()
    {
        foreach (var record in afterCommit)
        {
            if (!IsVerb(record) && !IsScript(record))
            {
                NoteStart(record);
            }
        }

        if (running is null && scripts.Count == 0 && afterCommit.Find(IsScript) is { } first)
        {
            afterCommit.Remove(first);
            Begin(first);
        }
    }

    private void Begin(FiringRecord script)
    {
        running = script;
        starting = script;
        NoteStart(script);
    }

    /// <summary>A verb at once: repeated it changes nothing. All else is on file before it begins.</summary>
    private void ActWhenOnFile(FiringRecord record)
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

    private void Act(FiringRecord record)
    {
        switch (record.Callback.Language)
        {
            case "qube" or "dependency" when VerbCommand.Of(spec.JobId, record) is { } command:
                Context.Parent.Tell(command);
                break;
            case "python" or "perl":
                scripts.Enqueue(record);
                StartScript();
                break;
            case "mail" or "webhook":
            case "qube" when record.IsMailVerb:
                StartExternal(record);
                break;
            default:
                Finish(record, $"nothing runs language {record.Callback.Language} with code '{record.Callback.Code}'", record.AtMs);
                break;
        }
    }

    private void OnVerbDone(JobMessages.ControlDone done)
    {
        if (fold.ByKey(done.RequestId) is { Done: false } record && record.Key == done.RequestId)
        {
            Finish(record, done.Error.Length > 0 ? done.Error : $"changed {done.Affected.Length}", record.AtMs, done.Error.Length > 0 ? FiringEnd.Failed : FiringEnd.Done);
        }
    }

    /// <summary>One script of this job at a time, in order; those of other jobs run beside it. It runs when the write that tells of its start,
    /// which tells of the end of the one before as well, is committed.</summary>
    private void StartScript()
    {
        if (running is null && scripts.TryDequeue(out var record))
        {
            Begin(record);
        }
    }

    private void RunScript(FiringRecord record)
    {
        var started = settings.NowMs();
        var run = new ScriptRun
        {
            FiringId = record.Key,
            Language = record.Callback.Language,
            Code = record.Callback.Code,
            JobId = spec.JobId.Value,
            CallbackId = record.Callback.Id,
            Item = record.Item,
            Instance = record.Instance,
            EventText = record.EventText,
            User = record.Callback.User,
            OutputPath = LogPaths.Callbacks(settings.LogPath, spec.JobId.Value),
            SupervisorUrl = settings.SupervisorUrl,
            TimeLimitSeconds = settings.ScriptTimeLimitSeconds,
            OutputCapBytes = settings.ScriptOutputCapBytes,
            MemoryLimitBytes = settings.ScriptMemoryLimitBytes,
            ProcessLimit = settings.ScriptProcessLimit,
        };
        CrashPoints.Pass(CrashPointNames.CallbackBeforeScript);
        Run(settings.Scripts, run, stopping.Token).ContinueWith(
            ended => ended.IsCompletedSuccessfully
                ? new ScriptEnded(record, started, ended.Result.Outcome, null, ended.Result.Offset)
                : new ScriptEnded(record, started, null, ended.Exception?.GetBaseException().Message, 0),
            TaskContinuationOptions.ExecuteSynchronously).PipeTo(self);
    }

    /// <summary>Where its output begins is where the file ends now: nothing else of this job writes there meanwhile.</summary>
    private static async Task<(ScriptOutcome Outcome, long Offset)> Run(IScriptRunner runner, ScriptRun run, CancellationToken cancel)
    {
        // Off the actor's thread from here on: the log folder may be slow.
        await Task.Yield();
        var file = new FileInfo(run.OutputPath);
        var offset = file.Exists ? file.Length : 0;
        return (await runner.RunAsync(run, cancel).ConfigureAwait(false), offset);
    }

    private void OnScriptEnded(ScriptEnded ended)
    {
        running = null;
        if (ended is { Outcome: null, Error: null })
        {
            // Cut off, as when the node stops: not done. Whoever recovers these callbacks runs it again.
            return;
        }

        // A script that has ended is not to run again because its end was not written yet.
        mayWait = false;
        CrashPoints.Pass(CrashPointNames.CallbackAfterScript);
        var outcome = ended.Outcome is { } known ? Words(known.Exit) : $"could not be run: {ended.Error}";
        Finish(ended.Record, outcome, ended.StartedMs, ended.Outcome is { IsSuccess: true } ? FiringEnd.Done : FiringEnd.Failed, ended.OutputOffset, ended.Outcome?.OutputBytes ?? 0);
        StartScript();
    }

    private static string Words(ScriptExit exit) => exit switch
    {
        ScriptExit.Completed => "completed",
        ScriptExit.Failed failed => $"failed: {failed.Exception}",
        ScriptExit.Exited exited => $"exited with code {exited.Code}",
        ScriptExit.Crashed crashed => $"crashed with signal {crashed.Signal}",
        ScriptExit.Stopped stopped => $"killed: {stopped.Reason}",
        _ => "timed out",
    };

    private void WriteCallbacks(Utf8JsonWriter writer)
    {
        var firings = fold.Firings.Values.ToLookup(record => record.Callback.Id);
        foreach (var callback in spec.Callbacks)
        {
            var known = fold.Set.CallbackIds.Contains(callback.Id);
            writer.WriteStartObject();
            writer.WriteNumber("id", callback.Id);
            writer.WriteNumber("pid", spec.JobId.Value);
            writer.WriteString("triggers", callback.Triggers);
            writer.WriteString("language", callback.Language);
            writer.WriteString("code", callback.Code);
            writer.WriteString("user", callback.User);
            writer.WriteNumber("count", known ? fold.Set.FiredCount(callback.Id) : firings[callback.Id].Count());
            writer.WriteNumber("max", callback.Max);
            writer.WriteNumber("maximum", callback.Max);
            writer.WriteString("ready", known ? fold.Set.Ready(callback.Id) : "");
            writer.WriteBoolean("suspended", fold.Suspended.Contains(callback.Id));
            writer.WriteStartArray("firings");
            foreach (var record in firings[callback.Id])
            {
                writer.WriteStartObject();
                writer.WriteString("id", record.Id);
                writer.WriteNumber("time", record.AtMs / 1000);
                writer.WriteBoolean("done", record.Done);
                writer.WriteString("outcome", record.Outcome);
                writer.WriteString("state", FiringStates.Word(record.State));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private sealed record ScriptEnded(FiringRecord Record, long StartedMs, ScriptOutcome? Outcome, string? Error, long OutputOffset) : INoSerializationVerificationNeeded;
}
