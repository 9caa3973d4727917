namespace Qube.Node.Cli;

/// <summary>A bar of so many cells, each part with its own letter as well as its own colour.</summary>
public static class ProgressBar
{
    /// <summary>Cells of each part. Whatever there is shows, if only as one cell, where the bar has room; and it is never full before all is done.</summary>
    public static (int Complete, int Failed, int Running, int Waiting) Cells(int width, ItemTally tally)
    {
        if (width <= 0 || tally.Total <= 0)
        {
            return (0, 0, 0, Math.Max(0, width));
        }

        long rest = Math.Max(0, (long)tally.Total - tally.Complete - tally.Failed - tally.Running);
        long[] counts = [Math.Max(0, tally.Complete), Math.Max(0, tally.Failed), Math.Max(0, tally.Running), rest];
        var total = Math.Max(1, counts.Sum());
        int[] cells = [.. counts.Select(count => count == 0 ? 0 : Math.Max(1, (int)(count * width / total)))];
        while (cells.Sum() > width)
        {
            // Of equal parts the later: what still waits is missed least.
            cells[Array.LastIndexOf(cells, cells.Max())]--;
        }

        // Cells lost by rounding go to the part that is short of most.
        while (cells.Sum() < width)
        {
            var most = 0;
            for (var part = 1; part < counts.Length; part++)
            {
                if ((counts[part] * width) - (cells[part] * total) > (counts[most] * width) - (cells[most] * total))
                {
                    most = part;
                }
            }

            cells[most]++;
        }

        return (cells[0], cells[1], cells[2], cells[3]);
    }

    /// <summary>The bar and its numbers: <c>█████▒▒░░░ 5/10  50%</c>.</summary>
    public static Cell Render(int width, ItemTally tally)
    {
        var (complete, failed, running, rest) = Cells(width, tally);
        return new Cell((CellSpan[])
        [
            new(new string('█', complete), Tone.Complete),
            new(new string('╳', failed), Tone.Failed),
            new(new string('▒', running), Tone.Running),
            new(new string('░', rest), Tone.Dim),
            new($" {Counts(tally)}", Tone.Plain),
            new(tally.Failed > 0 ? $" {tally.Failed} failed" : "", Tone.Failed),
        ]);
    }

    /// <summary><c>5/10</c>.</summary>
    public static string Counts(ItemTally tally) => $"{tally.Complete}/{tally.Total}";
}
