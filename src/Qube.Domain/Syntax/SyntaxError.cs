namespace Qube.Domain.Syntax;

/// <summary>Why a text a user gave cannot be taken. Carried to the submitter as it is, so it names the place and both sides.</summary>
/// <param name="Column">1-based column of the first offending character; the text's length + 1 when it ends too early.</param>
/// <param name="Found">What stands there, quoted, or <c>end of text</c>.</param>
/// <param name="Expected">What would have been accepted.</param>
public sealed record SyntaxError(int Column, string Found, string Expected)
{
    /// <summary>The text shown for a place at which nothing is left to read.</summary>
    public const string EndOfText = "end of text";

    public override string ToString() => $"column {Column}: found {Found}, expected {Expected}";

    /// <summary>An error at a 0-based offset of <paramref name="text"/>; what is found there is read from the text.</summary>
    public static SyntaxError At(string text, int offset, string expected)
    {
        if (offset >= text.Length)
        {
            return new SyntaxError(text.Length + 1, EndOfText, expected);
        }

        const int ShownLength = 20;
        string rest = text.Length - offset > ShownLength ? $"{text.AsSpan(offset, ShownLength)}…" : text[offset..];
        return new SyntaxError(offset + 1, $"'{rest}'", expected);
    }
}
