namespace Qube.Node.Cli;

/// <summary>A table, ready to be shown.</summary>
internal sealed record Listing(IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows)
{
    /// <summary>Fitted and coloured on a terminal; whole and plain anywhere else.</summary>
    public void Show(CliEnvironment environment)
    {
        if (environment.OutputIsTerminal)
        {
            LiveScreen.OfOutput(environment).Draw(TerminalTable.Render(Columns, Rows, environment.Width));
        }
        else
        {
            environment.Output.Write(PlainTable.Render(Columns, Rows));
        }
    }
}
