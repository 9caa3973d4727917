using System.Collections.Immutable;

namespace Qube.Domain.Placement;

/// <summary>An instance on a host, with what expressions and limits ask about it.</summary>
public sealed record Duty
{
    public required long JobId { get; init; }

    public string Name { get; init; } = "";

    public string Prototype { get; init; } = "";

    public string Kind { get; init; } = "";

    public string User { get; init; } = "";

    public string Label { get; init; } = "";

    public string Cluster { get; init; } = "";

    public int Priority { get; init; }

    public long ProcessGroupId { get; init; }

    /// <summary>The limits this instance counts for.</summary>
    public ImmutableArray<string> LimitKeys { get; init; } = [];
}
