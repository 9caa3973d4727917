using System.Collections.Immutable;

namespace Qube.Triggers;

/// <summary>`a || b || …`: fires when an operand does.</summary>
public sealed record AnyOf : OperatorExpression
{
    public AnyOf(ImmutableArray<TriggerExpression> operands)
        : base(operands)
    {
    }

    public bool Equals(AnyOf? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() =>
        string.Join(" || ", Operands.Select(operand => operand is AnyOf ? $"({operand})" : operand.ToString()));
}
