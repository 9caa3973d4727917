using System.Text;

namespace Qube.Node.Cli;

/// <summary>A table for a pipe: aligned columns, a heading, no colours, nothing cut off, <c>-</c> where there is nothing.</summary>
public static class PlainTable
{
    private const string Nothing = "-";

    public static string Render(IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        var widths = TableLayout.Natural(columns, rows);
        var text = new StringBuilder();
        Line(text, columns, widths, [.. columns.Select(column => column.Title)]);
        foreach (var row in rows)
        {
            Line(text, columns, widths, [.. row.Select(cell => cell.Text is { Length: > 0 } shown ? shown : Nothing)]);
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, IReadOnlyList<Column> columns, int[] widths, string[] cells)
    {
        var line = new StringBuilder();
        for (var at = 0; at < cells.Length; at++)
        {
            var padding = new string(' ', Math.Max(0, widths[at] - CellText.Width(cells[at])));
            line.Append(columns[at].IsRight ? padding + cells[at] : cells[at] + padding);
            line.Append(' ', TableLayout.Gap);
        }

        text.Append(line.ToString().TrimEnd()).Append('\n');
    }
}
