namespace Qube.Contracts.Actions;

/// <summary>One firing of a callback that mails or calls a URL.</summary>
public sealed record ActionRun
{
    /// <summary>Idempotency key: the same for every attempt and every repetition after a crash.</summary>
    public required string FiringId { get; init; }

    /// <summary><c>mail</c> or <c>webhook</c>; <c>qube</c> for the verbs <c>mail-…</c>.</summary>
    public required string Language { get; init; }

    /// <summary>A URL, a verb, or empty.</summary>
    public required string Code { get; init; }

    public required long JobId { get; init; }

    public int CallbackId { get; init; }

    /// <summary>The callback's triggers.</summary>
    public string Triggers { get; init; } = "";

    /// <summary>The event that fired it, such as <c>complete-work-ribgen-5</c>.</summary>
    public string EventText { get; init; } = "";

    /// <summary>When it fired, unix milliseconds: the same in every attempt.</summary>
    public long AtMs { get; init; }

    public string User { get; init; } = "";

    /// <summary>The item of the job whose event it was, or null.</summary>
    public string? Item { get; init; }

    /// <summary>The instance of the job whose event it was, or null.</summary>
    public int? Instance { get; init; }

    /// <summary>The owning job's dictionary in JSON, as its state is now, with the one item in <c>agenda</c> and the one instance in <c>subjobs</c>.</summary>
    public required string JobJson { get; init; }

    /// <summary>The job's <c>.cb</c> file: a line for each attempt.</summary>
    public required string OutputPath { get; init; }

    /// <summary>The supervisor's API.</summary>
    public required string SupervisorUrl { get; init; }
}
