using System.Text.Json;
using System.Xml.Linq;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbhosts (spec/cli.md §3.2).</summary>
internal static class QbhostsTool
{
    private static readonly string[] Usual = ["name", "macaddress", "address", "state", "slots", "cluster", "groups", "locks"];
    private static readonly string[] Long = ["restrictions", "resources", "properties", "jobtypes", "subjobs", "lastupdate", "description"];

    public static Tool Tool { get; } = new(
        "qbhosts", "[HOST,…]", "Lists the hosts of the farm, their state and the slots in use.",
        [
            .. HostChoice.Options,
            new("flags", "NAMES", "Only hosts with these flags."),
            ToolOption.Flag("long", "Also resources, properties, job types, and what runs there.", "l"),
            ToolListing.Columns,
            ToolListing.Delimit,
            ToolOption.Flag("xml", "Print XML."),
        ],
        Run)
    {
        Notes = "Names may be patterns: *, %, ~REGEX.",
        Examples = ["qbhosts --active", "qbhosts 'render*' --long", "qbhosts --delimit , --columns name,state"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        var flags = JobQueries.Split(run.Said.Text("flags"));
        List<JsonElement> hosts = [.. (await HostChoice.Find(run, subjobs: true)).Where(host => flags.All(flag => host.Text("flags").Split(',').Contains(flag)))];
        string[] columns = run.Said.Text("columns")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ?? [.. Usual, .. run.Said.Has("long") ? Long : []];
        if (run.IsXml)
        {
            await run.Output.WriteAsync(new XElement("hosts", hosts.Select(host => new XElement(
                "host", Usual.Concat(Long).Select(column => new XElement(column, XmlText.Speakable(Value(host, column, run.Session.Zone))))))) + "\n");
        }
        else if (hosts.Count > 0)
        {
            await ToolListing.Show(run, columns, hosts.Select(host => columns.Select(column => Value(host, column, run.Session.Zone)).ToArray()));
        }
        else
        {
            run.Say("no hosts");
        }

        return hosts.Count == 0 && run.Said.Words.Count > 0 ? CliExit.Refused : CliExit.Ok;
    }

    private static string Value(JsonElement host, string column, TimeZoneInfo zone) => column switch
    {
        "slots" => $"{host.Int("slotsused")}/{host.Int("slots")}",
        "subjobs" => string.Join(' ', host.List("subjobs").Select(instance => $"{instance.Text("pid")}.{instance.Text("id")}")),
        "lastupdate" => ElapsedText.Moment(host.Long("lastupdate"), zone),
        _ => host.Text(column),
    };
}
