namespace Qube.Domain.Expressions;

internal enum Operator
{
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    In,
    Has,
    Min,
    Max,
    BitOr,
    BitXor,
    BitAnd,
    ShiftLeft,
    ShiftRight,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// <summary>Spelling and binding strength of the operators between two operands (scheduling.md §4, precedence as in C).</summary>
internal static class Operators
{
    /// <summary>Between <c>and</c> and the comparisons: where the word <c>not</c> binds.</summary>
    public const int NotWordStrength = 4;

    /// <summary>A comma joins whole requirements and binds least.</summary>
    public const int CommaStrength = 1;

    private static readonly Dictionary<string, (Operator Operator, int Strength)> _spellings = new(StringComparer.OrdinalIgnoreCase)
    {
        [","] = (Operator.And, CommaStrength),
        ["or"] = (Operator.Or, 2),
        ["||"] = (Operator.Or, 2),
        ["and"] = (Operator.And, 3),
        ["&&"] = (Operator.And, 3),
        ["eq"] = (Operator.Equal, 5),
        ["="] = (Operator.Equal, 5),
        ["=="] = (Operator.Equal, 5),
        ["ne"] = (Operator.NotEqual, 5),
        ["!="] = (Operator.NotEqual, 5),
        ["<>"] = (Operator.NotEqual, 5),
        ["lt"] = (Operator.Less, 5),
        ["<"] = (Operator.Less, 5),
        ["gt"] = (Operator.Greater, 5),
        [">"] = (Operator.Greater, 5),
        ["le"] = (Operator.LessOrEqual, 5),
        ["<="] = (Operator.LessOrEqual, 5),
        ["ge"] = (Operator.GreaterOrEqual, 5),
        [">="] = (Operator.GreaterOrEqual, 5),
        ["in"] = (Operator.In, 5),
        ["has"] = (Operator.Has, 5),
        ["min"] = (Operator.Min, 6),
        ["max"] = (Operator.Max, 6),
        ["|"] = (Operator.BitOr, 7),
        ["xor"] = (Operator.BitXor, 8),
        ["^"] = (Operator.BitXor, 8),
        ["&"] = (Operator.BitAnd, 9),
        ["ls"] = (Operator.ShiftLeft, 10),
        ["<<"] = (Operator.ShiftLeft, 10),
        ["rs"] = (Operator.ShiftRight, 10),
        [">>"] = (Operator.ShiftRight, 10),
        ["add"] = (Operator.Add, 11),
        ["+"] = (Operator.Add, 11),
        ["sub"] = (Operator.Subtract, 11),
        ["-"] = (Operator.Subtract, 11),
        ["mul"] = (Operator.Multiply, 12),
        ["*"] = (Operator.Multiply, 12),
        ["div"] = (Operator.Divide, 12),
        ["/"] = (Operator.Divide, 12),
        ["mod"] = (Operator.Modulo, 12),
        ["%"] = (Operator.Modulo, 12),
    };

    public static bool TryFind(Token token, out Operator found, out int strength)
    {
        bool known = _spellings.TryGetValue(token.Text, out (Operator Operator, int Strength) entry) && token.Kind is TokenKind.Word or TokenKind.Symbol;
        (found, strength) = entry;
        return known && strength > 0;
    }

    public static ExpressionValue Apply(Operator symbol, ExpressionValue left, ExpressionValue right) => symbol switch
    {
        Operator.Equal => ExpressionValue.Of(left.CompareTo(right) == 0),
        Operator.NotEqual => ExpressionValue.Of(left.CompareTo(right) != 0),
        Operator.Less => ExpressionValue.Of(left.CompareTo(right) < 0),
        Operator.Greater => ExpressionValue.Of(left.CompareTo(right) > 0),
        Operator.LessOrEqual => ExpressionValue.Of(left.CompareTo(right) <= 0),
        Operator.GreaterOrEqual => ExpressionValue.Of(left.CompareTo(right) >= 0),
        Operator.In => ExpressionValue.Of(ExpressionValue.ListHas(right, left)),
        Operator.Has => ExpressionValue.Of(ExpressionValue.ListHas(left, right)),
        Operator.Min => left.CompareTo(right) <= 0 ? left : right,
        Operator.Max => left.CompareTo(right) >= 0 ? left : right,
        Operator.BitOr => ExpressionValue.Of((double)(left.Bits | right.Bits)),
        Operator.BitXor => ExpressionValue.Of((double)(left.Bits ^ right.Bits)),
        Operator.BitAnd => ExpressionValue.Of((double)(left.Bits & right.Bits)),
        Operator.ShiftLeft => ExpressionValue.Of((double)Shift(left.Bits, right.Bits)),
        Operator.ShiftRight => ExpressionValue.Of((double)Shift(left.Bits, -right.Bits)),
        Operator.Add => ExpressionValue.Of(left.Number + right.Number),
        Operator.Subtract => ExpressionValue.Of(left.Number - right.Number),
        Operator.Multiply => ExpressionValue.Of(left.Number * right.Number),
        Operator.Divide => ExpressionValue.Of(right.Number == 0 ? 0 : left.Number / right.Number),
        Operator.Modulo => ExpressionValue.Of(right.Number == 0 ? 0 : left.Number % right.Number),
        _ => throw new ArgumentOutOfRangeException(nameof(symbol), symbol, "decided by its caller"),
    };

    private static long Shift(long value, long places) => places switch
    {
        >= 64 => 0,
        <= -64 => value < 0 ? -1 : 0,
        >= 0 => value << (int)places,
        _ => value >> (int)-places,
    };
}
