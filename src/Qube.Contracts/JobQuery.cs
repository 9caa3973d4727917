namespace Qube.Contracts;

/// <summary>Which jobs, in which order: <c>POST /api/v1/jobs/query</c> without what a job itself must answer (agenda, subjobs, callbacks).
/// A blank query is every job, newest first. Bounds are inclusive; 0 is open.</summary>
public sealed record JobQuery
{
    /// <summary>Only these; empty is any.</summary>
    public long[] Ids { get; init; } = [];

    /// <summary>A job must pass each of them.</summary>
    public JobFilter[] Filters { get; init; } = [];

    public long MinId { get; init; }

    public long MaxId { get; init; }

    /// <summary>Unix seconds, of <c>lastupdate</c>.</summary>
    public long UpdatedAfter { get; init; }

    public long UpdatedBefore { get; init; }

    /// <summary>Unix seconds, of <c>timesubmit</c>.</summary>
    public long SubmittedAfter { get; init; }

    public long SubmittedBefore { get; init; }

    /// <summary>Columns with or without <c>ASC</c> or <c>DESC</c>, between commas: <c>priority, id DESC</c>. Empty is <c>id DESC</c>.</summary>
    public string OrderBy { get; init; } = "";

    /// <summary>At most so many; 0 is all.</summary>
    public int Limit { get; init; }

    /// <summary>So many are skipped first.</summary>
    public int Offset { get; init; }

    /// <summary>Leave <see cref="JobSummary.Json"/> <c>{}</c>: a list of ids or columns needs no dictionaries.</summary>
    public bool WithoutJson { get; init; }
}
