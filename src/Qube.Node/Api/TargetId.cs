using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Api;

/// <summary>What one id addresses: <c>12</c>, <c>12.0</c> or <c>12:5</c> (<c>12:1-10</c>).</summary>
/// <param name="Job">The job.</param>
/// <param name="Instance">An instance of it, or null.</param>
/// <param name="Item">An item of it, or a range of items; or null.</param>
internal readonly record struct TargetId(long Job, int? Instance, string? Item)
{
    /// <exception cref="ApiRefusedException">One of them is no id.</exception>
    public static List<TargetId> ParseAll(JsonElement[]? ids) => [.. (ids ?? []).Select(id => Parse(Text(id)))];

    public static TargetId Parse(string text)
    {
        var trimmed = text.Trim();
        var end = trimmed.AsSpan().IndexOfAny('.', ':');
        var job = end < 0 ? trimmed : trimmed[..end];
        if (!long.TryParse(job, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == 0)
        {
            throw NoId(text);
        }

        if (end < 0)
        {
            return new(id, null, null);
        }

        var rest = trimmed[(end + 1)..];
        if (trimmed[end] == ':')
        {
            // All items, as the manual writes it.
            return rest.Length == 0 ? throw NoId(text) : new(id, null, rest is "*" ? "" : rest);
        }

        return rest is "*" ? new(id, null, null)
            : int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var instance) ? new(id, instance, null)
            : throw NoId(text);
    }

    private static string Text(JsonElement id) => id.ValueKind switch
    {
        JsonValueKind.String => id.GetString() ?? "",
        _ => id.GetRawText(),
    };

    private static ApiRefusedException NoId(string text) =>
        new($"'{text}' is no id: write a job (12), an instance of it (12.0) or items of it (12:5, 12:1-10)");
}
