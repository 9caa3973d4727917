using System.Collections.Immutable;

namespace Qube.Domain.Explaining;

/// <summary>A leaf or an operator of a trigger as it stands.</summary>
public sealed record ExplainedNode
{
    /// <summary><c>event</c>, <c>and</c>, <c>or</c>, <c>any</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The leaf as written; for an operator what it needs, in words.</summary>
    public required string Text { get; init; }

    /// <summary>One of <see cref="LeafState"/>.</summary>
    public required string State { get; init; }

    /// <summary>How many operands it has, how many of them it needs and how many it has got; 0 for a leaf.</summary>
    public int Operands { get; init; }

    public int Needed { get; init; }

    public int Satisfied { get; init; }

    /// <summary>Events still missing, by the shortest way.</summary>
    public int Missing { get; init; }

    /// <summary>The job listened to, where it is known.</summary>
    public long? Source { get; init; }

    /// <summary>Items that a wildcard remembers.</summary>
    public long Names { get; init; }

    public ExplainedMark? Last { get; init; }

    /// <summary>Why it will not happen; empty otherwise.</summary>
    public string Why { get; init; } = "";

    /// <summary>What is missing stands first.</summary>
    public ImmutableArray<ExplainedNode> Children { get; init; } = [];

    /// <summary>Operands not listed: those that have matched, and those that are missing.</summary>
    public int HiddenMatched { get; init; }

    public int HiddenMissing { get; init; }
}
