using System.Globalization;
using Qube.Cluster.Tests.Farms;
using Qube.Node.Cli;
using Qube.Node.Tools;
using Xunit;

namespace Qube.Cluster.Tests.Tools;

/// <summary>Runs tools in this process against a live node, as ann.</summary>
internal sealed class ToolRunner(FarmProcess farm)
{
    /// <summary>What it printed, after it ended with that code.</summary>
    public async Task<string> Run(int code, params string[] line)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var environment = new CliEnvironment
        {
            Output = output,
            Error = error,
            User = "ann",
            PollInterval = TimeSpan.FromMilliseconds(20),
            Variable = name => name == "QB_SUPERVISOR" ? farm.Url : null,
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var found = await QbTools.RunAsync(line[0], line[1..], environment, limit.Token);
        Assert.True(found == code, $"{string.Join(' ', line)}: expected exit code {code}, found {found}\n{output}\n{error}\nnode:\n{farm.Log()}");
        return output.ToString();
    }

    /// <summary>A command line in one text, words between blanks.</summary>
    public Task<string> Line(int code, string line) => Run(code, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The values of one column for jobs.</summary>
    public async Task<string> Values(string column, string ids) =>
        string.Join(' ', (await Line(0, $"qbjobs --user all --delimit ; --columns {column} {ids}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1));
}
