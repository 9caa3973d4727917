using System.Globalization;
using System.Text.Json;

namespace Qube.Load;

/// <summary>The one table of a run, as markdown that also reads in a terminal; and the same as JSON.</summary>
internal sealed record Report
{
    public required string Command { get; init; }

    public required string Machine { get; init; }

    public required string LoadAtStart { get; init; }

    public required string LoadAtEnd { get; init; }

    public required string Durability { get; init; }

    public required string Depth { get; init; }

    public required IReadOnlyList<Figure> Figures { get; init; }

    private static readonly JsonSerializerOptions JsonOptions = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string ToJson() => JsonSerializer.Serialize(this, JsonOptions);

    public string ToMarkdown()
    {
        string[] heads = ["figure", "value", "reference", "", "ratio", "p50 ms", "p99 ms", "spread (rounds)", "goal", "met"];
        List<string[]> rows = [heads, .. Figures.Select(Row)];
        int[] widths = [.. heads.Select((_, column) => rows.Max(row => row[column].Length))];
        var lines = rows.ConvertAll(row => "| " + string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column]))) + " |");
        lines.Insert(1, "|" + string.Join('|', widths.Select(width => new string('-', width + 2))) + "|");
        return
            $"""
            - command: `{Command}`
            - machine: {Machine}; load average {LoadAtStart} at the start, {LoadAtEnd} at the end
            - durability: {Durability}
            - depth: {Depth}

            {string.Join('\n', lines)}

            """;
    }

    private static string[] Row(Figure figure) =>
    [
        figure.Name,
        $"{Number(figure.Value)} {figure.Unit}".Trim(),
        figure.Reference,
        Number(figure.ReferenceValue),
        figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "",
        Number(figure.P50),
        Number(figure.P99),
        figure.Spread,
        figure.Goal,
        figure.IsMet is { } met ? met ? "yes" : "NO" : "",
    ];

    private static string Number(double? value) => value switch
    {
        null => "",
        >= 1000 => value.Value.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        >= 1 => value.Value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.####", CultureInfo.InvariantCulture),
    };
}
