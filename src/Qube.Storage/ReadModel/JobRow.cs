namespace Qube.Storage.ReadModel;

/// <summary>One job as the list shows it. Times are unix seconds, 0 = not yet (spec/jobs.md §1).</summary>
public sealed record JobRow
{
    public required long Id { get; init; }

    public long Pgrp { get; init; }

    /// <summary>The parent job's id, 0 for none.</summary>
    public long Pid { get; init; }

    public string Status { get; init; } = "";

    public string Name { get; init; } = "";

    public string User { get; init; } = "";

    public string Label { get; init; } = "";

    public long Priority { get; init; }

    public string Cluster { get; init; } = "";

    public string Prototype { get; init; } = "";

    public string Account { get; init; } = "";

    public string Kind { get; init; } = "";

    public long TimeSubmit { get; init; }

    public long TimeStart { get; init; }

    public long TimeComplete { get; init; }

    public long LastUpdate { get; init; }

    public long Cpus { get; init; }

    public long Todo { get; init; }

    /// <summary>Rises with every change of the job (its log's sequence number will do); a row never gives way to an older one.</summary>
    public required long Version { get; init; }

    /// <summary>The job dictionary as JSON, one object.</summary>
    public string Body { get; init; } = "{}";
}
