using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>How tables of tools are shown: fitted on a terminal, aligned in a pipe, or with a delimiter and nothing else between the values.</summary>
internal static class ToolListing
{
    public static ToolOption Delimit { get; } = new("delimit", "TEXT", "Print values with this between them, a line each, the heading first.");

    public static ToolOption Columns { get; } = new("columns", "NAMES", "Only these columns, in this order, separated by commas; any attribute may be named.");

    public static async Task Show(ToolRun run, IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows, Func<string, bool>? isRight = null)
    {
        if (run.Said.Text("delimit") is { } between)
        {
            foreach (var row in rows.Prepend(titles))
            {
                await run.Output.WriteLineAsync(string.Join(between, row.Select(CellText.OneLine)));
            }

            return;
        }

        new Listing(
            [.. titles.Select(title => new Column(title, IsRight: isRight?.Invoke(title) ?? false))],
            [.. rows.Select(row => (Cell[])[.. row.Select((text, at) => titles[at] == "status" ? Cell.OfStatus(text, run.Environment.OutputIsTerminal) : new Cell(text))])])
            .Show(run.Environment);
    }
}
