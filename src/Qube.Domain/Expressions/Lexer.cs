using Qube.Domain.Syntax;

namespace Qube.Domain.Expressions;

/// <summary>Cuts an expression into words, quoted texts and operators.</summary>
internal static class Lexer
{
    /// <summary>More would be an attack on the stack rather than a requirement: chains are evaluated recursively.</summary>
    public const int MaxTokens = 2000;

    private static readonly string[] _equalities = ["=", "==", "!=", "<>", "eq", "ne", "has"];
    private static readonly string[] _symbols =
        ["&&", "||", "==", "!=", "<>", "<=", ">=", "<<", ">>", "=", "<", ">", "!", "&", "|", "^", "+", "-", "*", "/", "%", "(", ")", ","];

    public static List<Token>? Read(string text, out SyntaxError? error)
    {
        error = null;
        List<Token> tokens = [];
        int at = 0;
        while (at < text.Length)
        {
            char letter = text[at];
            if (tokens.Count == MaxTokens)
            {
                error = SyntaxError.At(text, at, $"at most {MaxTokens} words and operators");
                return null;
            }

            if (char.IsWhiteSpace(letter))
            {
                at++;
            }
            else if (letter is '"' or '\'')
            {
                int closing = text.IndexOf(letter, at + 1);
                if (closing < 0)
                {
                    error = SyntaxError.At(text, at, $"a closing {letter}");
                    return null;
                }

                tokens.Add(new Token(TokenKind.Quoted, text[(at + 1)..closing], at, closing + 1));
                at = closing + 1;
            }
            else if (SymbolAt(text, at) is { } symbol)
            {
                tokens.Add(new Token(TokenKind.Symbol, symbol, at, at + symbol.Length));
                at += symbol.Length;
            }
            else
            {
                int start = at;
                while (at < text.Length && (IsPlain(text, at) || IsDashOfName(text, start, at, tokens)))
                {
                    at++;
                }

                tokens.Add(new Token(TokenKind.Word, text[start..at], start, at));
            }
        }

        tokens.Add(new Token(TokenKind.End, "", text.Length, text.Length));
        return tokens;
    }

    private static bool IsPlain(string text, int at) =>
        !char.IsWhiteSpace(text[at]) && text[at] is not ('"' or '\'') && SymbolAt(text, at) is null;

    /// <summary>
    /// <c>host.name = render-01</c>: a dash inside a bare word that something is compared with. Host names have them, and taking it for
    /// a minus would make the requirement false without a word.
    /// </summary>
    private static bool IsDashOfName(string text, int start, int at, List<Token> tokens) =>
        text[at] == '-' && at > start && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1])
        && char.IsLetter(text[start]) && !WordNode.IsPrefixed(text[start..at])
        && tokens.Count > 0 && tokens[^1].Kind != TokenKind.Quoted && _equalities.Contains(tokens[^1].Text, StringComparer.OrdinalIgnoreCase);

    // Longer ones stand first in the table.
    private static string? SymbolAt(string text, int at) =>
        Array.Find(_symbols, symbol => string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0);
}
