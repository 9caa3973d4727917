using System.Globalization;
using System.Text.Json;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbupdateresource (spec/cli.md §4, spec/scheduling.md §6).</summary>
internal static class QbupdateresourceTool
{
    private const string Path = "api/v1/resources";

    public static Tool Tool { get; } = new(
        "qbupdateresource", "", "Tells the farm how many of a licence there are and how many are out. Prints it as the farm counts it now.",
        [
            new("name", "NAME", "The resource with its prefix: license.maya."),
            new("total", "NUMBER", "How many there are."),
            new("used", "NUMBER", "How many are out, those that the farm's own instances hold included; 0 without it."),
        ],
        Run)
    {
        Notes = "What others use is what is out less what the farm holds; the farm starts no more than the rest allows. Other resources stay as they are.",
        Examples = ["qbupdateresource --name license.maya --total 100 --used 40"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        if (run.Said.Words.Count > 0)
        {
            throw CliFailure.Usage($"'{run.Said.Words[0]}' is no option; say --name, --total and --used");
        }

        var name = run.Said.Text("name") is { Length: > 0 } said ? said : throw CliFailure.Usage("say which resource: --name");
        var total = Count(run.Said, "total") ?? throw CliFailure.Usage("say how many there are: --total");
        var used = Count(run.Said, "used") ?? 0;
        await run.Post(Path, body =>
        {
            body.WriteString("requestId", Guid.NewGuid().ToString("N"));
            body.WriteString("user", run.User);
            body.WriteStartObject("resources");
            body.WriteStartArray(name);
            body.WriteNumberValue(used);
            body.WriteNumberValue(total);
            body.WriteEndArray();
            body.WriteEndObject();
        });
        await run.Output.WriteLineAsync(CellText.OneLine(string.Create(CultureInfo.InvariantCulture, $"{name}={used}/{total}")));
        return CliExit.Ok;
    }

    /// <summary>The farm's resources, <c>name=used/total</c> a line.</summary>
    public static async Task<string> Lines(ToolRun run)
    {
        var counts = (await run.Supervisor.Get(Path, run.Cancel)).Member("resources");
        return counts.ValueKind != JsonValueKind.Object ? "" : string.Concat(counts.EnumerateObject()
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => CellText.OneLine($"{entry.Name}={string.Join('/', entry.Value.EnumerateArray())}") + "\n"));
    }

    private static int? Count(ToolWords said, string option) => said.Number(option) switch
    {
        null => null,
        >= 0 and <= int.MaxValue and var number => (int)number,
        var number => throw CliFailure.Usage(string.Create(CultureInfo.InvariantCulture, $"--{option} takes 0 to {int.MaxValue}, not {number}")),
    };
}
