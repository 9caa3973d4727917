using System.Collections.Immutable;

namespace Qube.Triggers;

/// <summary>`any(n, a, b, …)`: fires when n of its operands have fired since it last did; then all start afresh.</summary>
public sealed record AtLeast : OperatorExpression
{
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one or more than all of them are needed.</exception>
    public AtLeast(int needed, ImmutableArray<TriggerExpression> operands)
        : base(operands)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(needed, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, operands.Length);
        Needed = needed;
    }

    public int Needed { get; }

    public bool Equals(AtLeast? other) => base.Equals(other) && Needed == other.Needed;

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Needed);

    public override string ToString() => $"any({Needed}, {string.Join(", ", Operands)})";
}
