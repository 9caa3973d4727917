using System.Collections.Immutable;
using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Submissions;

/// <summary>One job's dictionary as read (spec/jobs.md §1). Null: not given, the farm's default holds.</summary>
public sealed record JobDraft
{
    /// <summary>How messages name it: <c>job 2 (label render)</c>.</summary>
    public string Title { get; init; } = "";

    /// <summary>The label, else the 1-based place: <see cref="SubmissionError.Job"/>.</summary>
    public string Key { get; init; } = "";

    /// <summary>Empty: one is given automatically.</summary>
    public string Label { get; init; } = "";

    public string? Name { get; init; }

    public string Prototype { get; init; } = "";

    public string? User { get; init; }

    public long Pgrp { get; init; }

    public long Pid { get; init; } = 1;

    public long? Priority { get; init; }

    public string? Cluster { get; init; }

    public string? Restrictions { get; init; }

    public string? Requirements { get; init; }

    public string? Reservations { get; init; }

    public string? Hosts { get; init; }

    public string? OmitHosts { get; init; }

    public string? Groups { get; init; }

    public string? OmitGroups { get; init; }

    public string? HostOrder { get; init; }

    public string? Account { get; init; }

    public string? Kind { get; init; }

    public JobFlags? Flags { get; init; }

    public long Cpus { get; init; } = 1;

    public int RetryWork { get; init; } = -1;

    public int RetrySubjob { get; init; } = -1;

    public int RetryWorkDelaySeconds { get; init; }

    /// <summary>Seconds; 0 for none (spec/callbacks.md §18).</summary>
    public int TimeoutSeconds { get; init; }

    public int AgendaTimeoutSeconds { get; init; }

    public int TimeLimitSeconds { get; init; }

    public int AgendaTimeLimitSeconds { get; init; }

    public bool Blocked { get; init; }

    /// <summary>Null for a job without items.</summary>
    public Agenda? Agenda { get; init; }

    /// <summary>First, last… of the sequence numbers of items submitted <c>blocked</c>.</summary>
    public ImmutableArray<int> BlockedItems { get; init; } = [];

    public ImmutableArray<ItemOverride> ItemOverrides { get; init; } = [];

    public CommandSpec Command { get; init; } = new();

    public ImmutableArray<CallbackDraft> Callbacks { get; init; } = [];

    public string Dependency { get; init; } = "";

    /// <summary>The deprecated <c>waitfor</c>, already in the language of <see cref="Dependency"/>.</summary>
    public string WaitFor { get; init; } = "";

    /// <summary>The dictionary as submitted without agenda and callbacks: its values are the client's own text.</summary>
    public string Body { get; init; } = "{}";

    /// <summary>What was taken otherwise than written, so far.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
