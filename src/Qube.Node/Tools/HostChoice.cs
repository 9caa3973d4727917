using System.Text.Json;
using Qube.Domain.Expressions;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>Which hosts are meant: names and patterns, states, clusters, groups, and an expression over their resources (spec/cli.md §3.2, §4).</summary>
internal static class HostChoice
{
    private static readonly string[] States = ["down", "panic", "active"];

    public static IReadOnlyList<ToolOption> Options { get; } =
    [
        .. States.Select(state => ToolOption.Flag(state, $"Only hosts that are {state}.")),
        new("cluster", "PATTERNS", "Only hosts of these clusters."),
        new("group", "PATTERNS", "Only hosts in these groups."),
        new("resources", "EXPR", "Only hosts for which this holds: 'host.memory > 4000'."),
    ];

    public static bool IsSaid(ToolWords said) => said.HasAny([.. States, "cluster", "group", "resources"]);

    /// <summary>The hosts, by name. Words may hold several names between commas.</summary>
    public static async Task<List<JsonElement>> Find(ToolRun run, bool subjobs)
    {
        var said = run.Said;
        var parsed = Expression.Parse(said.Text("resources") ?? "");
        if (!parsed.IsOk)
        {
            throw CliFailure.Usage($"--resources: {parsed.Error}");
        }

        var answer = await run.Post(
            "api/v1/hosts/query",
            body =>
            {
                body.WriteBoolean("subjobs", subjobs);
                body.WriteStartObject("filters");
                JobQueries.WriteList(body, "name", [.. said.Words.SelectMany(JobQueries.Split)]);
                JobQueries.WriteList(body, "state", [.. States.Where(said.Has)]);
                JobQueries.WriteList(body, "cluster", JobQueries.Split(said.Text("cluster")));
                JobQueries.WriteList(body, "groups", JobQueries.Split(said.Text("group")));
                body.WriteEndObject();
            });
        return
        [
            .. answer.List("hosts")
                .Where(host => said.Text("resources") is null || parsed.Value.IsTrue(name => Operand(host, name)))
                .OrderBy(host => host.Text("name"), StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary><c>host.memory=0/4000</c>: how much of it there is.</summary>
    private static string? Operand(JsonElement host, string name)
    {
        var key = name.StartsWith("host.", StringComparison.Ordinal) ? name[5..] : name;
        foreach (var entry in $"{host.Text("resources")},{host.Text("properties")}".Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && (entry[..equals] == $"host.{key}" || entry[..equals] == key))
            {
                return entry[(Math.Max(equals, entry.LastIndexOf('/')) + 1)..];
            }
        }

        return host.Member(key) is { ValueKind: not JsonValueKind.Undefined } ? host.Text(key) : null;
    }
}
