using System.Text.Json;
using Akka.Actor;
using Qube.Contracts;
using Qube.Contracts.Scripts;
using Qube.Domain.Execution;

namespace Qube.Actors.Callbacks;

/// <content>What firings do: verbs to the owner at once, scripts one after another from an outbox; and the clocks.</content>
#pragma warning disable CA1001 // An actor's end is PostStop: what it owns is disposed there.
public sealed partial class CallbackActor
#pragma warning restore CA1001
{
    private readonly Queue<FiringRecord> scripts = new();
    private readonly CancellationTokenSource stopping = new();
    private FiringRecord? running;
    private ITimer? clock;
    private long clockDueSeconds;

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
            case "qube" when record.Callback.Code.StartsWith("mail-", StringComparison.Ordinal):
                StartExternal(record);
                break;
            default:
                Finish(record, $"nothing runs language {record.Callback.Language} with code '{record.Callback.Code}'", record.AtMs);
                break;
        }
    }

    private void OnVerbDone(JobMessages.ControlDone done)
    {
        if (fold.FiringOrder.TryGetValue(done.RequestId, out var order) && fold.Firings[order] is { Done: false } record)
        {
            Finish(record, done.Error.Length > 0 ? done.Error : $"changed {done.Affected.Length}", record.AtMs);
        }
    }

    private void Finish(FiringRecord record, string outcome, long startedMs)
    {
        fold.Finish(record.Id, outcome);
        finished.Add(new CallbackEvents.Finished { Firing = record.Id, Outcome = outcome, StartedMs = startedMs, EndedMs = settings.NowMs() });
    }

    /// <summary>One script of this job at a time, in order; those of other jobs run beside it.</summary>
    private void StartScript()
    {
        if (running is not null || !scripts.TryDequeue(out var record))
        {
            return;
        }

        running = record;
        var started = settings.NowMs();
        var cause = record.Firing.Cause;
        var run = new ScriptRun
        {
            FiringId = record.Id,
            Language = record.Callback.Language,
            Code = record.Callback.Code,
            JobId = spec.JobId.Value,
            CallbackId = record.Callback.Id,
            Item = record.Firing.Works.OnlyName ?? record.Firing.Current,
            Instance = int.TryParse(record.Firing.Instances.OnlyName, out var instance) ? instance : null,
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
        settings.Scripts.RunAsync(run, stopping.Token).ContinueWith(
            ended => new ScriptEnded(record, started, ended.IsCompletedSuccessfully ? ended.Result : null, ended.Exception?.GetBaseException().Message),
            TaskContinuationOptions.ExecuteSynchronously).PipeTo(self);
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
        Finish(ended.Record, outcome, ended.StartedMs);
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

    private void ArmClock()
    {
        var now = settings.NowMs() / 1000;
        clock?.Dispose();
        clock = null;
        var due = fold.DueClocks(now).Select(entry => entry.DueSeconds).DefaultIfEmpty(long.MaxValue).Min();
        if (due == long.MaxValue)
        {
            return;
        }

        clockDueSeconds = due;
        var wait = TimeSpan.FromMilliseconds(Math.Clamp((due * 1000) - settings.NowMs(), 1, int.MaxValue));
        clock = settings.Once(() => self.Tell(ClockDue.Instance), wait);
    }

    private void OnClockDue()
    {
        var now = settings.NowMs() / 1000;
        foreach (var (due, atSeconds) in fold.DueClocks(Math.Min(now, clockDueSeconds)).ToList())
        {
            if (atSeconds > now)
            {
                continue;
            }

            // The strike that is written is the last one that is due: those missed while nobody ran are one with it.
            var interval = due.IntervalSeconds ?? 0;
            var strike = CallbackFold.Strike(due, interval > 0 ? atSeconds + ((now - atSeconds) / interval * interval) : atSeconds);
            matches.Add(strike);
            afterCommit.AddRange(Apply([strike], settings.NowMs()));
        }

        ArmClock();
    }

    private void WriteCallbacks(Utf8JsonWriter writer)
    {
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
            writer.WriteNumber("count", known ? fold.Set.FiredCount(callback.Id) : fold.Firings.Values.Count(record => record.Callback.Id == callback.Id));
            writer.WriteNumber("max", callback.Max);
            writer.WriteNumber("maximum", callback.Max);
            writer.WriteString("ready", known ? fold.Set.Ready(callback.Id) : "");
            writer.WriteBoolean("suspended", fold.Suspended.Contains(callback.Id));
            writer.WriteStartArray("firings");
            foreach (var record in fold.Firings.Values.Where(record => record.Callback.Id == callback.Id))
            {
                writer.WriteStartObject();
                writer.WriteString("id", record.Id);
                writer.WriteNumber("time", record.AtMs / 1000);
                writer.WriteBoolean("done", record.Done);
                writer.WriteString("outcome", record.Outcome);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private sealed record ScriptEnded(FiringRecord Record, long StartedMs, ScriptOutcome? Outcome, string? Error) : INoSerializationVerificationNeeded;

    private sealed class ClockDue : INoSerializationVerificationNeeded
    {
        public static readonly ClockDue Instance = new();
    }
}
