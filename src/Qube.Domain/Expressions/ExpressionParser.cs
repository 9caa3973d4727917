using Qube.Domain.Syntax;

namespace Qube.Domain.Expressions;

/// <summary>Precedence climbing over the tokens. Word operators are operators only where one can stand, so <c>job.name = ls</c> works.</summary>
internal sealed class ExpressionParser(string text, List<Token> tokens)
{
    /// <summary>Deeper nesting is refused: it would be an attack on the stack rather than a requirement.</summary>
    private const int MaxDepth = 200;

    private int _at;
    private int _depth;

    private Token Current => tokens[_at];

    public Node? ParseAll(out SyntaxError? error)
    {
        Node? node = Parse(Operators.CommaStrength, out error);
        if (node is not null && Current.Kind != TokenKind.End)
        {
            error = SyntaxError.At(text, Current.Start, "an operator or the end");
            return null;
        }

        return node;
    }

    private Node? Parse(int least, out SyntaxError? error)
    {
        if (++_depth > MaxDepth)
        {
            error = SyntaxError.At(text, Current.Start, $"at most {MaxDepth} levels");
            return null;
        }

        Node? left = ParseOperand(out error);
        while (left is not null && Operators.TryFind(Current, out Operator found, out int strength) && strength >= least)
        {
            _at++;
            Node? right = found == Operator.In && IsSymbol("(") ? ParseList(out error) : Parse(strength + 1, out error);
            left = right is null ? null : new BinaryNode(found, left, right);
        }

        _depth--;
        return left;
    }

    private Node? ParseOperand(out SyntaxError? error)
    {
        Token token = Current;
        error = null;
        switch (token.Kind)
        {
            case TokenKind.Quoted:
                _at++;
                return new LiteralNode(ExpressionValue.Of(token.Text), token.Start, token.End);
            case TokenKind.Word when IsNotWord(token):
                return ParseNot(Operators.NotWordStrength, out error);
            case TokenKind.Word:
                _at++;
                return new WordNode(token.Text, token.Start, token.End);
            case TokenKind.Symbol when token.Text == "!":
                return ParseNot(int.MaxValue, out error);
            case TokenKind.Symbol when token.Text is "-" or "+":
                _at++;
                Node? number = Parse(int.MaxValue, out error);
                return number is null || token.Text == "+" ? number : new NegativeNode(number, token.Start, number.End);
            case TokenKind.Symbol when token.Text == "(":
                _at++;
                Node? inner = Parse(Operators.CommaStrength, out error);
                return inner is not null && TryClose(ref error) ? inner with { Start = token.Start, End = tokens[_at - 1].End } : null;
            default:
                error = SyntaxError.At(text, token.Start, "a value, 'not' or '('");
                return null;
        }
    }

    private NotNode? ParseNot(int least, out SyntaxError? error)
    {
        int start = Current.Start;
        _at++;
        Node? inner = Parse(least, out error);
        return inner is null ? null : new NotNode(inner, start, inner.End);
    }

    private ListNode? ParseList(out SyntaxError? error)
    {
        int start = Current.Start;
        List<Node> members = [];
        error = null;
        do
        {
            _at++;
            if (Parse(Operators.CommaStrength + 1, out error) is not { } member)
            {
                return null;
            }

            members.Add(member);
        }
        while (IsSymbol(","));

        return TryClose(ref error) ? new ListNode(members, start, tokens[_at - 1].End) : null;
    }

    private bool TryClose(ref SyntaxError? error)
    {
        if (IsSymbol(")"))
        {
            _at++;
            return true;
        }

        error = SyntaxError.At(text, Current.Start, "an operator or ')'");
        return false;
    }

    private bool IsSymbol(string symbol) => Current.Kind == TokenKind.Symbol && Current.Text == symbol;

    /// <summary>The word <c>not</c> before something; alone (<c>job.name = not</c>) it is a text.</summary>
    private bool IsNotWord(Token token) =>
        token.Text.Equals("not", StringComparison.OrdinalIgnoreCase)
        && (tokens[_at + 1].Kind is TokenKind.Word or TokenKind.Quoted || tokens[_at + 1].Text is "(" or "!" or "-");
}
