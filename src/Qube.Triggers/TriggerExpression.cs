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

    /// <summary>The event patterns from left to right. Their positions are the ordinals used everywhere else.</summary>
    public IEnumerable<EventPattern> Patterns()
    {
        switch (this)
        {
            case EventPattern pattern:
                yield return pattern;
                break;
            case OperatorExpression operation:
                foreach (var pattern in operation.Operands.SelectMany(operand => operand.Patterns()))
                {
                    yield return pattern;
                }

                break;
        }
    }
}
