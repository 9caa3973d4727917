using System.Collections.Immutable;

namespace Qube.Triggers;

/// <summary>`a &amp;&amp; b &amp;&amp; …`: fires when all operands have fired since it last did; then they start afresh.</summary>
public sealed record AllOf : OperatorExpression
{
    public AllOf(ImmutableArray<TriggerExpression> operands)
        : base(operands)
    {
    }

    public bool Equals(AllOf? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() =>
        string.Join(" && ", Operands.Select(operand => operand is AllOf or AnyOf ? $"({operand})" : operand.ToString()));
}
