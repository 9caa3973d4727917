using System.Text.Json;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>The filters that job commands share (spec/cli.md, STD): values are patterns (<c>*</c>, <c>%</c>, <c>~regex</c>), several between commas.</summary>
internal static class StandardFilters
{
    /// <summary>Filters of the farm's list of jobs, by option.</summary>
    private static readonly string[] Columns = ["user", "type", "status", "name", "label", "kind", "pid", "pgrp", "priority", "cluster", "cpus"];

    public static IReadOnlyList<ToolOption> Options { get; } =
    [
        new("user", "USERS", "Only jobs of these users; all is everybody."),
        new("type", "TYPES", "Only jobs of these types.", "prototype"),
        new("status", "STATES", "Only jobs in these states."),
        new("name", "PATTERNS", "Only jobs so called; *, % and ~REGEX are patterns here and in all filters."),
        new("kind", "PATTERNS", "Only jobs of these kinds."),
        new("pid", "IDS", "Only jobs with these parents."),
        new("pgrp", "IDS", "Only jobs of these process groups."),
        new("priority", "NUMBERS", "Only jobs of these priorities."),
        new("cluster", "PATTERNS", "Only jobs of these clusters."),
        new("cpus", "NUMBERS", "Only jobs with so many instances."),
        ToolOption.Flag("xml", "Print XML."),
    ];

    public static bool AreSaid(ToolWords said) => said.HasAny(Columns.Where(column => said.Text(column) is { Length: > 0 }));

    /// <summary>Writes the member <c>filters</c>.</summary>
    /// <param name="body">The question.</param>
    /// <param name="said">The command line.</param>
    /// <param name="owner">Whose jobs where no user is said; null: anybody's.</param>
    /// <param name="states">States where none are said as a filter; none: any.</param>
    public static void Write(Utf8JsonWriter body, ToolWords said, string? owner, IReadOnlyCollection<string> states)
    {
        body.WriteStartObject("filters");
        foreach (var column in Columns)
        {
            var text = said.Text(column);
            string[] patterns = column switch
            {
                "user" when text == "all" => [],
                "user" when text is null => owner is null ? [] : [owner],
                "status" when string.IsNullOrEmpty(text) => [.. states],
                _ => JobQueries.Split(text),
            };
            JobQueries.WriteList(body, column, patterns);
        }

        body.WriteEndObject();
    }
}
