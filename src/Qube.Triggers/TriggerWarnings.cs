namespace Qube.Triggers;

/// <summary>
/// Finds event names that are probably misspelt. They stay legal, because `qb.trigger` may raise any name: hence warnings, not errors.
/// </summary>
public static class TriggerWarnings
{
    private const int MaxDistance = 2;

    public static IReadOnlyList<TriggerWarning> For(TriggerExpression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var warnings = new List<TriggerWarning>();
        foreach (var (ordinal, pattern, isNegated) in expression.Leaves())
        {
            if (!EventNames.IsKnown(pattern.Name, pattern.Type) && Nearest(pattern.Name, EventNames.KnownFor(pattern.Type)) is { } meant)
            {
                var text = isNegated ? $"'!{pattern}' always holds" : $"'{pattern}' can never match";
                warnings.Add(new(ordinal, pattern, meant, $"{text} unless '{pattern.Name}' is raised by qb.trigger; did you mean '{meant}'?"));
            }
        }

        AddRepetitions(expression, 0, warnings);
        return warnings;
    }

    /// <summary>Equal operands of an `any(…)` are met by one event together: two of them are no two events.</summary>
    private static int AddRepetitions(TriggerExpression expression, int ordinal, List<TriggerWarning> warnings)
    {
        if (expression is not OperatorExpression operation)
        {
            return ordinal + 1;
        }

        var seen = new HashSet<TriggerExpression>();
        foreach (var operand in operation.Operands)
        {
            if (!seen.Add(operand) && operation is AtLeast some && some.Needed > 1 && operand.Patterns().First() is var first)
            {
                warnings.Add(new(ordinal, first, "", $"'{operand}' stands twice in any({some.Needed}, …), and one event counts for both"));
            }

            ordinal = AddRepetitions(operand, ordinal, warnings);
        }

        return ordinal;
    }

    internal static string? Nearest(string word, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = Math.Min(MaxDistance, word.Length - 1) + 1;
        foreach (var candidate in known)
        {
            // Two letters of four can be anything: a word shares at least half of itself with what was meant.
            if (Math.Abs(candidate.Length - word.Length) < bestDistance && Distance(word, candidate) is var distance && distance < bestDistance
                && distance * 2 <= candidate.Length)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Edit distance with neighbouring letters swapped as one edit: the commonest slip of the hand.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
