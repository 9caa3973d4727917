using System.Globalization;
using Spectre.Console.Rendering;

namespace Qube.Node.Cli;

/// <summary>
/// Progress of jobs while they run: on a terminal a live table with bars; in a pipe one line per change of a job's status, however many
/// items change in between.
/// </summary>
public sealed class JobProgressView
{
    private const int BarWidth = 30;
    private const int LeastNameWidth = 12;

    private static readonly Column[] Columns = [new("ID", IsRight: true), new("NAME", LeastWidth: LeastNameWidth), new("STATUS"), new("PROGRESS")];

    private readonly LiveScreen _screen;
    private readonly Dictionary<long, string> _said = [];

    /// <param name="output">Where it is shown.</param>
    /// <param name="isTerminal">Whether people look at it.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Lines of the terminal: jobs that do not fit are left out, the last line says so.</param>
    /// <param name="colours">False leaves glyphs and words.</param>
    public JobProgressView(TextWriter output, bool isTerminal, int width = 80, int height = 25, bool colours = true)
    {
        ArgumentNullException.ThrowIfNull(output);
        _screen = new(output, isTerminal, width, height, colours);
    }

    /// <summary>A view on stdout or stderr, or on any other writer as on a pipe.</summary>
    public static JobProgressView On(TextWriter output)
    {
        var environment = CliEnvironment.Of(output, output);
        return new(output, environment.OutputIsTerminal || environment.ErrorIsTerminal, environment.Width, environment.Height, environment.Colours);
    }

    /// <summary>Shows whatever the work hands over, until it ends. The terminal's last picture stays.</summary>
    public Task RunAsync(Func<Action<IReadOnlyList<JobProgressRow>>, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return _screen.IsTerminal
            ? _screen.RunAsync(draw => work(rows => draw(Picture(rows, _screen.Width, _screen.Height))))
            : work(rows => _screen.Output.Write(string.Concat(Changes(rows))));
    }

    /// <summary>The table of one moment.</summary>
    internal static IRenderable Picture(IReadOnlyList<JobProgressRow> rows, int width, int height)
    {
        // A heading, and a line for what did not fit.
        var room = Math.Max(1, height - 2);
        var shown = rows.Count <= room ? rows : [.. rows.Take(room - 1)];
        List<IReadOnlyList<Cell>> cells =
        [
            .. shown.Select(row => (Cell[])
            [
                row.Id.ToString(CultureInfo.InvariantCulture), row.Name, Cell.OfStatus(row.Status, terminal: true), ProgressBar.Render(Math.Min(BarWidth, width / 4), row.Tally),
            ]),
        ];
        if (shown.Count < rows.Count)
        {
            cells.Add([(Cell)"", new Cell($"… and {rows.Count - shown.Count} more", Tone.Dim), (Cell)"", (Cell)""]);
        }

        return TerminalTable.Render(Columns, cells, width);
    }

    /// <summary>A line for each job whose status is not what was said last.</summary>
    internal IEnumerable<string> Changes(IReadOnlyList<JobProgressRow> rows)
    {
        foreach (var row in rows)
        {
            if (_said.TryGetValue(row.Id, out var said) && said == row.Status)
            {
                continue;
            }

            _said[row.Id] = row.Status;
            var failed = row.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {row.Failed} failed") : "";
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{row.Id} {CellText.OneLine(row.Name)}: {row.Status} {ProgressBar.Counts(row.Tally)}{failed}\n");
        }
    }
}
