namespace Qube.Contracts.Scripts;

/// <summary>One firing of a script callback: what to run and within which bounds.</summary>
public sealed record ScriptRun
{
    public const double DefaultTimeLimitSeconds = 60;

    public const long DefaultOutputCapBytes = 10_000_000;

    public const long DefaultMemoryLimitBytes = 1L << 30;

    public const int DefaultProcessLimit = 64;

    /// <summary>Idempotency key: the same for every repetition of this run. Sent as <c>X-Qube-Firing</c> with the script's calls.</summary>
    public required string FiringId { get; init; }

    /// <summary><c>python</c> or <c>perl</c>.</summary>
    public required string Language { get; init; }

    public required string Code { get; init; }

    /// <summary>The job that owns the callback: <c>qb.jobid()</c>.</summary>
    public required long JobId { get; init; }

    /// <summary>Number of the callback within its job, for the header line and tracebacks.</summary>
    public int CallbackId { get; init; }

    /// <summary>The item that fired it: <c>qb.workname()</c>.</summary>
    public string? Item { get; init; }

    /// <summary>The instance that fired it: <c>qb.subid()</c>.</summary>
    public int? Instance { get; init; }

    /// <summary>The event that fired it, such as <c>complete-work-ribgen-5</c>: <c>qb.event()</c>.</summary>
    public string EventText { get; init; } = "";

    /// <summary>Whose permissions its calls have (spec/callbacks.md §13, Qube identity).</summary>
    public string User { get; init; } = "";

    /// <summary>The job's <c>.cb</c> file: a header line per run, then standard output and error as written. Its folder is made if missing.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Where the script's calls go: <c>QB_SUPERVISOR</c>.</summary>
    public required string SupervisorUrl { get; init; }

    /// <summary>Seconds from its start after which its process group is killed, with whatever it left running.</summary>
    public double TimeLimitSeconds { get; init; } = DefaultTimeLimitSeconds;

    /// <summary>Bytes of output kept; the rest is dropped with a line that says so.</summary>
    public long OutputCapBytes { get; init; } = DefaultOutputCapBytes;

    /// <summary>Address space of each of its processes in bytes; 0 is unlimited.</summary>
    public long MemoryLimitBytes { get; init; } = DefaultMemoryLimitBytes;

    /// <summary>Processes that it may have at once, itself included; with more it is killed. 0 is unlimited.</summary>
    public int ProcessLimit { get; init; } = DefaultProcessLimit;
}
