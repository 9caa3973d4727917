namespace Qube.Node.Tools;

/// <summary>One <c>qb*</c> tool, declared: what it takes, what its help says, and what it does. The help and the reader of the command line both go by
/// this alone, so that neither knows an option that the other does not.</summary>
/// <param name="Name">What it is called by.</param>
/// <param name="Arguments">What follows the options, as the help shows it.</param>
/// <param name="Summary">One or two sentences.</param>
/// <param name="Options">All options but those of every tool.</param>
/// <param name="Run">Does it; answers with one of <see cref="Cli.CliExit"/>.</param>
internal sealed record Tool(string Name, string Arguments, string Summary, IReadOnlyList<ToolOption> Options, Func<ToolRun, Task<int>> Run)
{
    /// <summary>Every tool has these. An abbreviation means one of them only where it means none of the tool's own.</summary>
    public static IReadOnlyList<ToolOption> Everywhere { get; } =
    [
        new("supervisor", "HOST[:PORT]|URL", "The supervisor to ask; without it $QB_SUPERVISOR."),
        new("token-file", "FILE", "The supervisor's token, where it asks for one; without it $QB_TOKEN, else the file $QB_TOKEN_FILE."),
        ToolOption.Flag("help", "Show this."),
        ToolOption.Flag("version", "Show the version."),
    ];

    /// <summary>Everything from the first word that is no option on is one command line.</summary>
    public bool FirstWordEnds { get; init; }

    /// <summary>Command lines for the help.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>More for the help.</summary>
    public string Notes { get; init; } = "";
}
