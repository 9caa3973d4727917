using System.Collections.Immutable;
using System.Globalization;

namespace Qube.Triggers;

/// <summary>
/// Reads triggers (callbacks.md §3, design.md §5). `&amp;&amp;`, `&amp;`, `and` bind tighter than `||`, `|`, `or`; parentheses
/// override; `!` and `not` stand before a single event, `any(n, a, b)` is written like a function. Never throws on any text: the first error comes back with its column.
/// </summary>
public static class TriggerParser
{
    /// <summary>Deeper texts are refused: every later walk over the tree recurses as deep.</summary>
    public const int MaxParenthesisDepth = 100;

    private const string ExpectedOperand = "an event such as complete-job-self, or (";

    /// <summary>Parses one trigger.</summary>
    /// <param name="text">The trigger.</param>
    /// <param name="labels">The labels of the process group: they may hold dashes and blanks, so the text alone does not end them.</param>
    public static TriggerParseResult Parse(string text, IReadOnlyCollection<string> labels)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(labels);
        var run = new Run(text, labels, TriggerLexer.Split(text));
        var expression = run.ReadAny(0);
        if (expression is not null && run.Current.Kind != TriggerTokenKind.End)
        {
            expression = run.Fail("&& or ||, or the end");
        }

        var error = expression is null ? run.Error : NegationRules.Check(expression, run.Negations);
        return error is null ? new(expression, null) : new(null, error);
    }

    /// <summary>Parses `triggers` given as a list: its elements are or-ed (callbacks.md §3). An error names its element.</summary>
    public static TriggerParseResult ParseList(IReadOnlyList<string> texts, IReadOnlyCollection<string> labels)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
        {
            return new(null, TriggerError.At(0, TriggerError.End, ExpectedOperand));
        }

        var operands = ImmutableArray.CreateBuilder<TriggerExpression>();
        for (var i = 0; i < texts.Count; i++)
        {
            var result = Parse(texts[i], labels);
            if (!result.IsValid)
            {
                return new(null, result.Error with { Element = i });
            }

            // The Python layer joins with ` || `, so an element's own alternatives stand beside its neighbours'.
            if (result.Expression is AnyOf any && texts.Count > 1)
            {
                operands.AddRange(any.Operands);
            }
            else
            {
                operands.Add(result.Expression);
            }
        }

        return new(operands.Count == 1 ? operands[0] : new AnyOf(operands.ToImmutable()), null);
    }

    private sealed class Run(string text, IReadOnlyCollection<string> labels, List<TriggerToken> tokens)
    {
        private int _next;

        public TriggerError? Error { get; private set; }

        /// <summary>Where each `!` of the tree stands.</summary>
        public Dictionary<Not, int> Negations { get; } = new(ReferenceEqualityComparer.Instance);

        public TriggerToken Current => tokens[_next];

        public TriggerExpression? ReadAny(int depth) =>
            ReadOperands(TriggerTokenKind.Or, () => ReadAll(depth), operands => new AnyOf(operands));

        public TriggerExpression? Fail(string expected)
        {
            var token = Current;
            var found = token.Kind == TriggerTokenKind.End ? TriggerError.End : text[token.Start..token.End];
            Error ??= TriggerError.At(token.Start, found, expected);
            return null;
        }

        private TriggerExpression? ReadAll(int depth) =>
            ReadOperands(TriggerTokenKind.And, () => ReadPrimary(depth), operands => new AllOf(operands));

        private TriggerExpression? ReadOperands(
            TriggerTokenKind separator,
            Func<TriggerExpression?> read,
            Func<ImmutableArray<TriggerExpression>, TriggerExpression> combine)
        {
            var operands = ImmutableArray.CreateBuilder<TriggerExpression>();
            while (true)
            {
                var operand = read();
                if (operand is null)
                {
                    return null;
                }

                operands.Add(operand);
                if (Current.Kind != separator)
                {
                    return operands.Count == 1 ? operands[0] : combine(operands.ToImmutable());
                }

                _next++;
            }
        }

        private TriggerExpression? ReadPrimary(int depth)
        {
            var token = Current;
            switch (token.Kind)
            {
                case TriggerTokenKind.Open when depth == MaxParenthesisDepth:
                    return Fail($"at most {MaxParenthesisDepth} parentheses inside each other");
                case TriggerTokenKind.Open:
                    _next++;
                    var inner = ReadAny(depth + 1);
                    if (inner is not null && Current.Kind != TriggerTokenKind.Close)
                    {
                        return Fail("&& or ||, or )");
                    }

                    _next += inner is null ? 0 : 1;
                    return inner;
                case TriggerTokenKind.OpenAny when depth == MaxParenthesisDepth:
                    return Fail($"at most {MaxParenthesisDepth} parentheses inside each other");
                case TriggerTokenKind.OpenAny:
                    _next++;
                    return ReadAtLeast(depth + 1);
                case TriggerTokenKind.Not:
                    return ReadNot(depth);
                case TriggerTokenKind.Event:
                    var (pattern, error) = EventReader.Read(text[token.Start..token.End], token.Start, labels);
                    Error ??= error;
                    _next += pattern is null ? 0 : 1;
                    return pattern;
                default:
                    return Fail(ExpectedOperand);
            }
        }

        private AtLeast? ReadAtLeast(int depth)
        {
            var number = Current;
            if (number.Kind != TriggerTokenKind.Event
                || !int.TryParse(text.AsSpan(number.Start, number.End - number.Start), NumberStyles.None, CultureInfo.InvariantCulture, out var needed)
                || needed < 1)
            {
                Fail("how many of the events are enough, as in any(2, a, b, c)");
                return null;
            }

            _next++;
            var operands = ImmutableArray.CreateBuilder<TriggerExpression>();
            while (Current.Kind == TriggerTokenKind.Comma)
            {
                _next++;
                if (ReadAny(depth) is not { } operand)
                {
                    return null;
                }

                operands.Add(operand);
            }

            if (Current.Kind != TriggerTokenKind.Close)
            {
                Fail(operands.Count == 0 ? "',' and an event" : "',' and an event, && or ||, or )");
                return null;
            }

            if (operands.Count < 2)
            {
                Fail("',' and an event: any(…) has at least two");
                return null;
            }

            if (needed > operands.Count)
            {
                Error ??= TriggerError.At(number.Start, text[number.Start..number.End], $"a number from 1 to {operands.Count}", "so many events are in any(…)");
                return null;
            }

            _next++;
            return new(needed, operands.ToImmutable());
        }

        private Not? ReadNot(int depth)
        {
            var column = Current.Start;
            _next++;
            var token = Current;
            if (token.Kind == TriggerTokenKind.Not)
            {
                Fail("a single event after !");
                return null;
            }

            var operand = ReadPrimary(depth);
            if (operand is EventPattern pattern)
            {
                var negated = new Not(pattern);
                Negations.Add(negated, column);
                return negated;
            }

            if (operand is not null)
            {
                Error ??= TriggerError.At(token.Start, text[token.Start..token.End], "a single event after !", "an expression cannot be negated");
            }

            return null;
        }
    }
}
