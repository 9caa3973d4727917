using System.Collections.Immutable;

namespace Qube.Triggers;

/// <summary>Two or more operands under one operator. Equal when the operands are equal, in order.</summary>
public abstract record OperatorExpression : TriggerExpression
{
    private protected OperatorExpression(ImmutableArray<TriggerExpression> operands)
    {
        if (operands.IsDefault || operands.Length < 2)
        {
            throw new ArgumentException("an operator has at least two operands", nameof(operands));
        }

        Operands = operands;
    }

    public ImmutableArray<TriggerExpression> Operands { get; }

    public virtual bool Equals(OperatorExpression? other) =>
        other is not null && EqualityContract == other.EqualityContract && Operands.AsSpan().SequenceEqual(other.Operands.AsSpan());

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(EqualityContract);
        foreach (var operand in Operands)
        {
            hash.Add(operand);
        }

        return hash.ToHashCode();
    }
}
