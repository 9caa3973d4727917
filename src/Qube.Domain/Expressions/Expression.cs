using System.Collections.Immutable;
using Qube.Domain.Syntax;

namespace Qube.Domain.Expressions;

/// <summary>
/// A compiled requirements expression (scheduling.md §4): <c>host.os = linux and host.processor_speed ge 3000</c>. Also behind
/// <c>qbjobs --expression</c> and <c>qbhosts --resources</c>. Immutable; the same text gives an equal expression.
/// </summary>
/// <remarks>
/// One departure from the decision in §4: the word <c>not</c> binds less than comparisons, as in Perl and Python, so that
/// <c>not host.os = osx</c> means what it says; <c>!</c> binds most, as in C. Every documented sample has parentheses and
/// means the same either way.
/// </remarks>
public sealed class Expression : IEquatable<Expression>
{
    private readonly Node _root;
    private readonly ImmutableArray<Node> _requirements;

    private Expression(string text, Node root)
    {
        Text = text;
        _root = root;
        Operands = [.. root.Operands().Distinct(StringComparer.Ordinal)];
        List<Node> requirements = [];
        AddRequirements(root, requirements);
        _requirements = [.. requirements];
    }

    /// <summary>True of everything: what an empty text means.</summary>
    public static Expression Always { get; } = new("", new LiteralNode(ExpressionValue.True, 0, 0));

    public string Text { get; }

    /// <summary>Every word that may be an operand, each once.</summary>
    public ImmutableArray<string> Operands { get; }

    public static Parsed<Expression> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Always;
        }

        List<Token>? tokens = Lexer.Read(text, out SyntaxError? error);
        Node? root = tokens is null ? null : new ExpressionParser(text, tokens).ParseAll(out error);
        return root is null ? error! : new Expression(text, root);
    }

    public bool IsTrue(OperandLookup lookup) => _root.Evaluate(lookup).IsTrue;

    public ExpressionValue Evaluate(OperandLookup lookup) => _root.Evaluate(lookup);

    /// <summary>
    /// The requirements joined by <c>and</c> that are false, each with the values it saw: <c>requirement host.os = osx is false: host.os is
    /// linux</c>. Empty when the expression is true.
    /// </summary>
    public IEnumerable<string> WhyFalse(OperandLookup lookup)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        foreach (Node requirement in _requirements)
        {
            if (requirement.Evaluate(lookup).IsTrue)
            {
                continue;
            }

            string[] seen = [.. requirement.Operands().Distinct(StringComparer.Ordinal).Select(name => Describe(name, lookup)).OfType<string>()];
            string values = seen.Length > 0 ? ": " + string.Join(", ", seen) : "";
            yield return $"requirement {Text[requirement.Start..requirement.End]} is false{values}";
        }
    }

    public bool Equals(Expression? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as Expression);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static string? Describe(string name, OperandLookup lookup) => lookup(name) switch
    {
        "" => $"{name} is empty",
        { } value => $"{name} is {value}",
        null => WordNode.IsPrefixed(name) ? $"{name} is unknown" : null,
    };

    private static void AddRequirements(Node node, List<Node> requirements)
    {
        if (node is BinaryNode { Operator: Operator.And } and)
        {
            AddRequirements(and.Left, requirements);
            AddRequirements(and.Right, requirements);
        }
        else
        {
            requirements.Add(node);
        }
    }
}
