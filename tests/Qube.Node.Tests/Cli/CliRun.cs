using System.Globalization;
using Qube.Node.Cli;
using Qube.Node.Tests.Api;

namespace Qube.Node.Tests.Cli;

/// <summary>Runs command lines against a served farm, in a process environment of the test's own.</summary>
internal sealed class CliRun(Uri supervisor)
{
    public CliRun(ServedFarm farm)
        : this(farm.Client.BaseAddress!)
    {
    }

    public bool IsTerminal { get; init; }

    public int Width { get; init; } = 100;

    public bool Colours { get; init; }

    public string Input { get; init; } = "";

    public Dictionary<string, string> Variables { get; init; } = [];

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>What stdout holds, also while a command runs.</summary>
    public StringWriter Output { get; } = new(CultureInfo.InvariantCulture);

    public StringWriter Error { get; } = new(CultureInfo.InvariantCulture);

    public CancellationToken Cancel { get; init; } = CancellationToken.None;

    public async Task<CliResult> Run(params string[] args)
    {
        var environment = new CliEnvironment
        {
            Output = Output,
            Error = Error,
            OutputIsTerminal = IsTerminal,
            ErrorIsTerminal = IsTerminal,
            Width = Width,
            Colours = Colours,
            Input = () => new StringReader(Input),
            Variable = name => name == "QB_SUPERVISOR" ? supervisor.ToString() : Variables.GetValueOrDefault(name),
            User = "ann",
            PollInterval = TimeSpan.FromMilliseconds(5),
            Patience = Patience,
        };
        var code = await ClientCommands.RunAsync(args, environment, Cancel);
        return new(code, Output.ToString(), Error.ToString());
    }
}
