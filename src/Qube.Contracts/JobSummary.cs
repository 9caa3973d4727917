namespace Qube.Contracts;

/// <summary>A job as a row of the read model: what filters name most, in columns, and the whole dictionary beside it.</summary>
public sealed record JobSummary
{
    public JobId JobId { get; init; }

    /// <summary>Sequence number of the job's log that this row reflects: an older row never replaces a newer one.</summary>
    public long Version { get; init; }

    public long Pgrp { get; init; }

    public long Pid { get; init; }

    public string Status { get; init; } = "";

    public string Name { get; init; } = "";

    public string User { get; init; } = "";

    public string Label { get; init; } = "";

    public int Priority { get; init; }

    public string Cluster { get; init; } = "";

    public string Prototype { get; init; } = "";

    public string Account { get; init; } = "";

    public string Kind { get; init; } = "";

    /// <summary>Unix seconds; 946702800 (qtime 0) when it has not happened.</summary>
    public long TimeSubmit { get; init; }

    public long TimeStart { get; init; }

    public long TimeComplete { get; init; }

    public long LastUpdate { get; init; }

    public int Cpus { get; init; }

    public int Todo { get; init; }

    /// <summary>The job's dictionary in JSON, without agenda, subjobs and callbacks.</summary>
    public string Json { get; init; } = "{}";
}
