namespace Qube.Domain.Expressions;

/// <summary>A compiled piece of an expression; Start and End are its place in the text.</summary>
internal abstract record Node(int Start, int End)
{
    public abstract ExpressionValue Evaluate(OperandLookup lookup);

    /// <summary>Operands below, left to right.</summary>
    public abstract IEnumerable<string> Operands();
}

internal sealed record LiteralNode(ExpressionValue Value, int Start, int End) : Node(Start, End)
{
    public override ExpressionValue Evaluate(OperandLookup lookup) => Value;

    public override IEnumerable<string> Operands() => [];
}

/// <summary>A word that may be an operand: what it is, the lookup knows.</summary>
internal sealed record WordNode(string Name, int Start, int End) : Node(Start, End)
{
    private static readonly string[] _prefixes = ["host.", "job.", "global.", "license.", "global_host.", "license_host.", "scoped."];
    private readonly bool _isOperand = IsPrefixed(Name);
    private readonly ExpressionValue _asText = ExpressionValue.Of(Name);

    // A number is never looked up.
    public override ExpressionValue Evaluate(OperandLookup lookup) =>
        _asText.IsNumber ? _asText
        : lookup(Name) is { } value ? ExpressionValue.Of(value)
        : _isOperand ? ExpressionValue.Of("") : _asText;

    public override IEnumerable<string> Operands() => _asText.IsNumber ? [] : [Name];

    public static bool IsPrefixed(string name) => Array.Exists(_prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}

/// <summary>Values written as <c>(a, b)</c> after <c>in</c>.</summary>
internal sealed record ListNode(IReadOnlyList<Node> Members, int Start, int End) : Node(Start, End)
{
    public override ExpressionValue Evaluate(OperandLookup lookup) =>
        ExpressionValue.Of(string.Join(',', Members.Select(member => member.Evaluate(lookup).Text)));

    public override IEnumerable<string> Operands() => Members.SelectMany(static member => member.Operands());
}

internal sealed record NotNode(Node Inner, int Start, int End) : Node(Start, End)
{
    public override ExpressionValue Evaluate(OperandLookup lookup) => ExpressionValue.Of(!Inner.Evaluate(lookup).IsTrue);

    public override IEnumerable<string> Operands() => Inner.Operands();
}

internal sealed record NegativeNode(Node Inner, int Start, int End) : Node(Start, End)
{
    public override ExpressionValue Evaluate(OperandLookup lookup) => ExpressionValue.Of(-Inner.Evaluate(lookup).Number);

    public override IEnumerable<string> Operands() => Inner.Operands();
}

internal sealed record BinaryNode(Operator Operator, Node Left, Node Right) : Node(Left.Start, Right.End)
{
    public override ExpressionValue Evaluate(OperandLookup lookup) => Operator switch
    {
        Operator.And => ExpressionValue.Of(Left.Evaluate(lookup).IsTrue && Right.Evaluate(lookup).IsTrue),
        Operator.Or => ExpressionValue.Of(Left.Evaluate(lookup).IsTrue || Right.Evaluate(lookup).IsTrue),
        _ => Operators.Apply(Operator, Left.Evaluate(lookup), Right.Evaluate(lookup)),
    };

    public override IEnumerable<string> Operands() => Left.Operands().Concat(Right.Operands());
}
