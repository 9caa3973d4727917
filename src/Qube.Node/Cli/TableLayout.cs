namespace Qube.Node.Cli;

/// <summary>How wide columns are.</summary>
public static class TableLayout
{
    /// <summary>Blanks between columns.</summary>
    public const int Gap = 2;

    /// <summary>As wide as the widest cell.</summary>
    public static int[] Natural(IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return [.. columns.Select((column, at) => rows.Select(row => CellText.Width(row[at].Text)).Append(CellText.Width(column.Title)).Max())];
    }

    /// <summary>The columns that are shown: those of the highest rank go until the rest, shrunk, has room.</summary>
    public static int[] Kept(IReadOnlyList<Column> columns, IReadOnlyList<int> natural, int width)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(natural);
        List<int> kept = [.. Enumerable.Range(0, columns.Count)];
        while (kept.Sum(at => Least(columns[at], natural[at])) + (Gap * (kept.Count - 1)) > width && kept.MaxBy(at => columns[at].Rank) is var last && columns[last].Rank > 0)
        {
            kept.Remove(last);
        }

        return [.. kept];
    }

    /// <summary>Shrinks the columns that may, the widest of them first, until all fit; where that is not enough, the others too.</summary>
    public static int[] Fit(IReadOnlyList<Column> columns, IReadOnlyList<int> natural, int width)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(natural);
        int[] widths = [.. natural];
        Shrink(widths, [.. columns.Select((column, at) => Least(column, natural[at]))], width);
        Shrink(widths, [.. columns.Select(_ => 1)], width);
        return widths;
    }

    private static int Least(Column column, int natural) => column.LeastWidth > 0 ? Math.Min(column.LeastWidth, natural) : natural;

    private static void Shrink(int[] widths, int[] least, int width)
    {
        for (var excess = widths.Sum() + (Gap * (widths.Length - 1)) - width; excess > 0; excess--)
        {
            var widest = -1;
            for (var at = 0; at < widths.Length; at++)
            {
                if (widths[at] > least[at] && (widest < 0 || widths[at] > widths[widest]))
                {
                    widest = at;
                }
            }

            if (widest < 0)
            {
                return;
            }

            widths[widest]--;
        }
    }
}
