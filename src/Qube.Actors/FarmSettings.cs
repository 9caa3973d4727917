using Qube.Actors.Jobs;
using Qube.Contracts.Actions;
using Qube.Contracts.Scripts;
using Qube.Domain.Jobs;

namespace Qube.Actors;

/// <summary>What the actors of a farm are given from outside.</summary>
public sealed record FarmSettings
{
    public required TimeProvider Time { get; init; }

    /// <summary>Where job logs go: <c>&lt;path&gt;/job/&lt;group&gt;/&lt;id&gt;/</c> (spec/jobs.md §8.1).</summary>
    public required string LogPath { get; init; }

    /// <summary>The API of this supervisor, as scripts and processes reach it.</summary>
    public required string SupervisorUrl { get; init; }

    public JobDeciderOptions Jobs { get; init; } = new();

    /// <summary>Reads a log from a sequence number on, everything acknowledged before the call included.</summary>
    public required Func<string, long, Task<IReadOnlyList<LogEntry>>> ReadLog { get; init; }

    /// <summary>Says that no event of this persistence id can exist yet, which spares its recovery a query.</summary>
    public required Action<string> KnownNew { get; init; }

    /// <summary>Takes back what <see cref="KnownNew"/> said: its first event is about to be written.</summary>
    public Action<string> NotNew { get; init; } = static _ => { };

    /// <summary>Whether <see cref="KnownNew"/> was said of it, and not yet used or taken back.</summary>
    public Func<string, bool> IsKnownNew { get; init; } = static _ => false;

    /// <summary>No other process ever writes to this farm's journal: what this one has not written is not there. Then jobs and process groups are begun
    /// without asking the journal for what they were.</summary>
    public bool IsAlone { get; init; }

    /// <summary>The jobs of this process that answer a roll call.</summary>
    public JobRoll Roll { get; init; } = new();

    /// <summary>Runs callback scripts, each in a process of its own.</summary>
    public required IScriptRunner Scripts { get; init; }

    /// <summary>Seconds that one run of a script may take (spec/callbacks.md §13).</summary>
    public double ScriptTimeLimitSeconds { get; init; } = ScriptRun.DefaultTimeLimitSeconds;

    /// <summary>Bytes of output kept of one run.</summary>
    public long ScriptOutputCapBytes { get; init; } = ScriptRun.DefaultOutputCapBytes;

    /// <summary>Address space of each of its processes, bytes; 0 is unlimited.</summary>
    public long ScriptMemoryLimitBytes { get; init; } = ScriptRun.DefaultMemoryLimitBytes;

    /// <summary>Processes of one run; 0 is unlimited.</summary>
    public int ScriptProcessLimit { get; init; } = ScriptRun.DefaultProcessLimit;

    /// <summary>Sends mails and web hooks; null where a farm has no way out, and their firings say so.</summary>
    public IActionRunner? Actions { get; init; }

    /// <summary>This supervisor, in the ledger of what callbacks did.</summary>
    public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>How long a report may wait for company while every slot has work queued, in milliseconds: fewer commits, slightly later news.</summary>
    public int FlushHoldMs { get; init; } = 5;

    /// <summary>How often the read model hears of a running job that no one commanded, in milliseconds.</summary>
    public int SummaryIntervalMs { get; init; } = 250;

    /// <summary>A job's state is saved at most once in so many commits, so that a recovery replays little more; 0 is never.</summary>
    public int SnapshotCommits { get; init; } = 500;

    public long NowMs() => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Fires <paramref name="callback"/> once; the actor scheduler's tick is too coarse for milliseconds (findings.md).</summary>
    internal ITimer Once(Action callback, TimeSpan after) => Time.CreateTimer(_ => callback(), null, after, Timeout.InfiniteTimeSpan);
}
