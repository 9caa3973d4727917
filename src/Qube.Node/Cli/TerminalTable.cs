using Spectre.Console;
using Spectre.Console.Rendering;

namespace Qube.Node.Cli;

/// <summary>A table for a terminal: in colours, and as wide as it at most.</summary>
public static class TerminalTable
{
    private static readonly Style Heading = new(Color.Grey, decoration: Decoration.Bold);

    public static IRenderable Render(IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Cell>> rows, int width)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        var natural = TableLayout.Natural(columns, rows);
        var kept = TableLayout.Kept(columns, natural, width);
        columns = [.. kept.Select(at => columns[at])];
        var widths = TableLayout.Fit(columns, [.. kept.Select(at => natural[at])], width);
        var table = new Table().NoBorder();
        for (var at = 0; at < columns.Count; at++)
        {
            var isLast = at == columns.Count - 1;
            table.AddColumn(new TableColumn(new Text(CellText.Cut(columns[at].Title, widths[at]), Heading))
            {
                Width = widths[at],
                NoWrap = true,
                Alignment = columns[at].IsRight ? Justify.Right : Justify.Left,
                Padding = new Padding(0, 0, isLast ? 0 : TableLayout.Gap, 0),
            });
        }

        foreach (var row in rows)
        {
            table.AddRow(kept.Select((from, at) => Shown(row[from], widths[at])));
        }

        return table;
    }

    // Built from spans and never from markup: a job called "[red]" is called so.
    private static Paragraph Shown(Cell cell, int width)
    {
        var paragraph = new Paragraph();
        if (CellText.Width(cell.Text) > width)
        {
            return paragraph.Append(CellText.Cut(cell.Text, width), StyleOf(cell.Spans[0].Tone));
        }

        foreach (var span in cell.Spans)
        {
            paragraph.Append(span.Text, StyleOf(span.Tone));
        }

        return paragraph;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Dim => new(Color.Grey),
        Tone.Running => new(Color.Green),
        Tone.Complete => new(Color.Blue),
        Tone.Failed => new(Color.Red),
        Tone.Pending => new(Color.Yellow),
        Tone.Blocked => new(Color.Fuchsia),
        Tone.Waiting => new(Color.Aqua),
        _ => Style.Plain,
    };
}
