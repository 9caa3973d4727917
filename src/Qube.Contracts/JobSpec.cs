namespace Qube.Contracts;

/// <summary>A job as accepted: what the scheduler needs in fields of its own, and everything submitted in <see cref="Body"/>.</summary>
public sealed record JobSpec
{
    public JobId JobId { get; init; }

    public long Pgrp { get; init; }

    /// <summary>The first id of the submission that this job came with: jobs from there on did not exist before it.</summary>
    public long SubmissionFirstId { get; init; }

    /// <summary>The parent link; 1 and less mean none (spec/callbacks.md Q29).</summary>
    public long Pid { get; init; } = 1;

    public string Name { get; init; } = "";

    public string Label { get; init; } = "";

    public string Prototype { get; init; } = "";

    public string User { get; init; } = "";

    public string SourceHost { get; init; } = "";

    public int Priority { get; init; } = 9999;

    public string Cluster { get; init; } = "/";

    public string Requirements { get; init; } = "";

    public string Reservations { get; init; } = "host.processors=1";

    public string Restrictions { get; init; } = "";

    public string Hosts { get; init; } = "";

    public string OmitHosts { get; init; } = "";

    public string Groups { get; init; } = "";

    public string OmitGroups { get; init; } = "";

    public string HostOrder { get; init; } = "";

    public string Account { get; init; } = "";

    public string Kind { get; init; } = "";

    public JobFlags Flags { get; init; } = JobFlags.AutoMount;

    /// <summary>How many instances it has (already shrunk to its items where that applies, spec/jobs.md §6.2.4).</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Automatic retries of an item; -1 is never (spec/jobs.md §6.4).</summary>
    public int RetryWork { get; init; } = -1;

    public int RetrySubjob { get; init; } = -1;

    public int RetryWorkDelaySeconds { get; init; }

    /// <summary>Submitted <c>blocked</c>, or held by a dependency.</summary>
    public bool Blocked { get; init; }

    /// <summary>Null for a job without agenda: each instance then runs the command once.</summary>
    public AgendaSpec? Agenda { get; init; }

    /// <summary>Items that start blocked: first, last, first, last… of their sequence numbers.</summary>
    public int[] BlockedItems { get; init; } = [];

    public ItemOverride[] ItemOverrides { get; init; } = [];

    public CommandSpec Command { get; init; } = new();

    public CallbackSpec[] Callbacks { get; init; } = [];

    public string Dependency { get; init; } = "";

    public long SubmittedAtMs { get; init; }

    /// <summary>The submitted dictionary in JSON, without agenda and callbacks: what comes back to clients, unknown keys included.</summary>
    public string Body { get; init; } = "{}";

    /// <summary>Labels of the process group when this job was accepted, each followed by its job id.</summary>
    public string[] GroupLabels { get; init; } = [];

    /// <summary>The submission's warnings about this job, kept for its history.</summary>
    public string[] Warnings { get; init; } = [];

    /// <summary>Where the farm's log stood before this job was accepted: its callbacks hear of what is raised after it.</summary>
    public long FarmCursor { get; init; }

    /// <summary>Seconds after which a run of an instance, and the job, is told to be late; 0 for never (spec/callbacks.md §18).</summary>
    public int TimeoutSeconds { get; init; }

    /// <summary>The same of an item.</summary>
    public int AgendaTimeoutSeconds { get; init; }

    /// <summary>Seconds after which the job fails, retry counts permitting; 0 for never.</summary>
    public int TimeLimitSeconds { get; init; }

    /// <summary>The same of an item.</summary>
    public int AgendaTimeLimitSeconds { get; init; }
}
