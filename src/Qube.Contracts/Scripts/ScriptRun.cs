namespace Qube.Contracts.Scripts;

/// <summary>One run of a callback's script (spec/callbacks.md §13).</summary>
public sealed record ScriptRun
{
    /// <summary>The firing it belongs to: the same when it is run again after a crash.</summary>
    public required string FiringId { get; init; }

    /// <summary><c>python</c>, <c>perl</c>.</summary>
    public required string Language { get; init; }

    public required string Code { get; init; }

    /// <summary>The job that owns the callback: what <c>qb.jobid()</c> answers.</summary>
    public required JobId JobId { get; init; }

    /// <summary>The item of the causing event, or null: <c>qb.workname()</c>.</summary>
    public string? Item { get; init; }

    /// <summary>The instance of the causing event, or null: <c>qb.subid()</c>.</summary>
    public int? Instance { get; init; }

    /// <summary>The causing event as a trigger names it, <c>complete-work-ribgen-5</c>.</summary>
    public string EventText { get; init; } = "";

    public string User { get; init; } = "";

    /// <summary>The job's <c>.cb</c> file: output is appended.</summary>
    public required string OutputPath { get; init; }

    public required string SupervisorUrl { get; init; }

    public int TimeLimitSeconds { get; init; } = 60;

    public long OutputCapBytes { get; init; } = 10 << 20;

    public long MemoryLimitBytes { get; init; } = 1L << 30;
}
