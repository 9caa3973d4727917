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

    /// <summary>Shrinks the columns that may, the widest of them first, until all fit; where that is not enough, the rest stays too wide.</summary>
    public static int[] Fit(IReadOnlyList<Column> columns, IReadOnlyList<int> natural, int width)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(natural);
        int[] widths = [.. natural];
        var excess = widths.Sum() + (Gap * (widths.Length - 1)) - width;
        while (excess > 0)
        {
            var widest = -1;
            for (var at = 0; at < widths.Length; at++)
            {
                if (columns[at].LeastWidth > 0 && widths[at] > columns[at].LeastWidth && (widest < 0 || widths[at] > widths[widest]))
                {
                    widest = at;
                }
            }

            if (widest < 0)
            {
                break;
            }

            widths[widest]--;
            excess--;
        }

        return widths;
    }
}
