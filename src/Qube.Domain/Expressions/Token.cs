namespace Qube.Domain.Expressions;

internal enum TokenKind
{
    End,
    Word,
    Quoted,
    Symbol,
}

/// <summary>A piece of an expression's text with its place.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End);
