namespace Qube.Triggers;

/// <summary>A node of a compiled expression. Leaves are numbered from left to right, so a subtree covers the ordinals [First, End).</summary>
internal sealed class TriggerNode
{
    public required bool IsAll { get; init; }

    public required TriggerNode[] Children { get; init; }

    /// <summary>Position of its counter among the operators of the whole expression.</summary>
    public required int Counter { get; init; }

    public required int First { get; init; }

    public required int End { get; init; }

    /// <summary>True when a joined wildcard stands beneath: it can be true for one name and not for another.</summary>
    public required bool HasJoined { get; init; }

    public TriggerNode? Parent { get; set; }

    public bool IsLeaf => Children.Length == 0;
}
