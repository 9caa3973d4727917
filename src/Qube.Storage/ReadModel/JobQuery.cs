using System.Collections.Immutable;

namespace Qube.Storage.ReadModel;

/// <summary>Which jobs, in which order. Everything empty: all of them, newest id first.</summary>
public sealed record JobQuery
{
    /// <summary>Only these ids; empty: any.</summary>
    public ImmutableArray<long> Ids { get; init; } = [];

    /// <summary>A job must pass each of them.</summary>
    public ImmutableArray<JobFilter> Filters { get; init; } = [];

    /// <summary>Columns with or without <c>ASC</c> or <c>DESC</c>, between commas: <c>priority, id DESC</c>.</summary>
    public string OrderBy { get; init; } = "id DESC";

    /// <summary>At most so many; 0: no limit.</summary>
    public int Limit { get; init; }

    /// <summary>Skip so many first.</summary>
    public int Offset { get; init; }

    /// <summary>Off: <see cref="JobRow.Body"/> is not read and stays <c>{}</c>.</summary>
    public bool WithBody { get; init; } = true;
}
