namespace Qube.Node.Cli;

/// <summary>One cell of a table.</summary>
public sealed class Cell
{
    public Cell(string text, Tone tone = Tone.Plain)
        : this([new CellSpan(CellText.OneLine(text), tone)])
    {
    }

    internal Cell(IReadOnlyList<CellSpan> spans) => Spans = spans;

    public IReadOnlyList<CellSpan> Spans { get; }

    public string Text => string.Concat(Spans.Select(span => span.Text));

    public static implicit operator Cell(string text) => new(text);

    public static Cell FromString(string text) => new(text);

    /// <summary>A status with its glyph, or the word alone where no one sees colours.</summary>
    public static Cell OfStatus(string status, bool terminal)
    {
        var (glyph, tone) = StatusLook.Of(status);
        return new(terminal ? $"{glyph} {status}" : status, tone);
    }
}
