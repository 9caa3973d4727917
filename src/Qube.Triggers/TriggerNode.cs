namespace Qube.Triggers;

/// <summary>A node of a compiled expression. Leaves are numbered from left to right, so a subtree covers the ordinals [First, End).</summary>
internal sealed class TriggerNode
{
    /// <summary>How many of its children must be satisfied: all of an `&amp;&amp;`, one of an `||`, n of an `any(n, …)`.</summary>
    public required int Needed { get; init; }

    /// <summary>An `any(n, …)`: after it fired nothing beneath is kept, gates included.</summary>
    public bool IsAtLeast { get; init; }

    /// <summary>A leaf behind `!`.</summary>
    public bool IsNegated { get; init; }

    public required TriggerNode[] Children { get; init; }

    /// <summary>Position of its counter among the operators of the whole expression.</summary>
    public required int Counter { get; init; }

    public required int First { get; init; }

    public required int End { get; init; }

    /// <summary>True when a joined wildcard stands beneath: it can be true for one name and not for another.</summary>
    public required bool HasJoined { get; set; }

    /// <summary>True when a `!` stands directly beneath.</summary>
    public bool HasNegated { get; init; }

    public TriggerNode? Parent { get; set; }

    public bool IsLeaf => Children.Length == 0;
}
