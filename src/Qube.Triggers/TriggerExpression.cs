namespace Qube.Triggers;

/// <summary>
/// A trigger as an immutable tree. <see cref="object.ToString"/> gives the canonical text, which parses to an equal tree (with the same
/// labels known). Parentheses that only repeat the precedence are not kept; those that group equals, as in `(a &amp;&amp; b) &amp;&amp; c`, are.
/// </summary>
public abstract record TriggerExpression
{
    private protected TriggerExpression()
    {
    }

    /// <summary>The event patterns from left to right, negated ones included. Their positions are the ordinals used everywhere else.</summary>
    public IEnumerable<EventPattern> Patterns() => Leaves().Select(leaf => leaf.Pattern);

    /// <summary>The same with what stands before each.</summary>
    public IEnumerable<TriggerLeaf> Leaves()
    {
        var leaves = new List<TriggerLeaf>();
        Collect(this, leaves);
        return leaves;
    }

    private static void Collect(TriggerExpression expression, List<TriggerLeaf> leaves)
    {
        switch (expression)
        {
            case EventPattern pattern:
                leaves.Add(new(leaves.Count, pattern, IsNegated: false));
                break;
            case Not negated:
                leaves.Add(new(leaves.Count, negated.Pattern, IsNegated: true));
                break;
            case OperatorExpression operation:
                foreach (var operand in operation.Operands)
                {
                    Collect(operand, leaves);
                }

                break;
        }
    }
}
