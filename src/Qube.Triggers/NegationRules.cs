namespace Qube.Triggers;

/// <summary>
/// Where `!` may stand. Beside a positive operand of the same `&amp;&amp;` that listens to the same source, because only there is it certain
/// which of two events came first; and in an `&amp;&amp;` that is an alternative of its own, because "since it last fired" needs a
/// memory that no enclosing operator clears.
/// </summary>
internal static class NegationRules
{
    /// <param name="expression">A tree as read.</param>
    /// <param name="columns">Where each `!` stands, counted from 0.</param>
    public static TriggerError? Check(TriggerExpression expression, IReadOnlyDictionary<Not, int> columns)
    {
        if (columns.Count == 0)
        {
            return null;
        }

        foreach (var term in Flatten<AnyOf>(expression))
        {
            if (Problem(term) is { } problem)
            {
                var (negated, expected, hint) = problem;
                return TriggerError.At(columns[negated], negated.ToString(), expected, hint);
            }
        }

        return null;
    }

    internal static IEnumerable<TriggerExpression> Flatten<TOperator>(TriggerExpression expression)
        where TOperator : OperatorExpression =>
        expression is TOperator operation ? operation.Operands.SelectMany(Flatten<TOperator>) : [expression];

    private static (Not Negated, string Expected, string? Hint)? Problem(TriggerExpression term)
    {
        if (term is Not alone)
        {
            return (alone, "an event of the same source and && before !", "what has not happened is no event");
        }

        TriggerExpression[] operands = term is AllOf ? [.. Flatten<AllOf>(term)] : [term];
        foreach (var operand in operands)
        {
            if (operand is Not negated)
            {
                if (!operands.Any(other => IsOnSameSource(other, negated.Pattern)))
                {
                    return (negated, "an event of the same source beside ! in its &&", "of two sources' events it is not certain which came first");
                }
            }
            else if (Nested(operand) is { } inner)
            {
                return (inner, "! only in an && that stands by itself or between ||", "here another && or any(…) is around it");
            }
        }

        return null;
    }

    private static Not? Nested(TriggerExpression expression) => expression switch
    {
        Not negated => negated,
        OperatorExpression operation => operation.Operands.Select(Nested).FirstOrDefault(found => found is not null),
        _ => null,
    };

    /// <summary>True when whatever fires that operand is of the pattern's source.</summary>
    private static bool IsOnSameSource(TriggerExpression operand, EventPattern pattern) =>
        operand is not Not && Nested(operand) is null && operand.Patterns().All(other => HaveOneSource(other, pattern));

    private static bool HaveOneSource(EventPattern one, EventPattern other)
    {
        if (one.Type.IsClock() || other.Type.IsClock())
        {
            return one.Type.IsClock() && other.Type.IsClock();
        }

        if (one.Type == SubjectType.Host || other.Type == SubjectType.Host)
        {
            return one.Type == other.Type && one.Context == other.Context && one.Extra == other.Extra && !one.IsWildcard;
        }

        return one.Type.IsJobless() || other.Type.IsJobless()
            ? one.Type.IsJobless() && other.Type.IsJobless()
            : one.Context == other.Context && one.Context.Kind != ContextKind.Any;
    }
}
