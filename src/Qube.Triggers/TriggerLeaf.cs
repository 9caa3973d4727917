namespace Qube.Triggers;

/// <summary>One leaf of a trigger: its place among all, its pattern, and whether that must not have happened (`!`).</summary>
public readonly record struct TriggerLeaf(int Ordinal, EventPattern Pattern, bool IsNegated)
{
    public override string ToString() => IsNegated ? $"!{Pattern}" : Pattern.ToString();
}
