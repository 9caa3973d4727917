using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Qube.Domain.Archives;

/// <summary>p-agenda (spec/jobs.md §9): some items go ahead as a job of their own, and the rest follows at its own priority.</summary>
public static class PreviewSplit
{
    private const long BestPriority = 1;

    /// <summary>The items that go ahead where none are named: first, last, middle.</summary>
    public static IReadOnlyList<string> UsualItems(IReadOnlyList<string> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items.Count == 0 ? [] : [.. new[] { items[0], items[^1], items[(items.Count - 1) / 2] }.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The two jobs, the preview first. Items that go ahead are not run again; those that the job does not have run all the same.</summary>
    /// <param name="job">The whole job.</param>
    /// <param name="items">All its items.</param>
    /// <param name="ahead">Those that go ahead.</param>
    /// <param name="priority">Of the preview; null: the best.</param>
    /// <param name="instances">Of the preview; null: one for each item.</param>
    public static IReadOnlyList<JsonObject> Of(JsonObject job, IReadOnlyList<string> items, IReadOnlyList<string> ahead, long? priority, long? instances)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(ahead);
        var preview = (JsonObject)job.DeepClone();
        preview["priority"] = priority ?? BestPriority;
        preview["cpus"] = instances ?? ahead.Count;
        preview["agenda"] = Agenda(ahead);
        // One label names one job: the rest keeps it, which is what waits for all of them.
        preview.Remove("label");
        preview["name"] = string.Create(CultureInfo.InvariantCulture, $"{(job["name"]?.GetValueKind() == JsonValueKind.String ? job["name"]!.GetValue<string>() : "")} (preview)").Trim();
        var gone = ahead.ToHashSet(StringComparer.Ordinal);
        string[] left = [.. items.Where(item => !gone.Contains(item))];
        if (left.Length == 0)
        {
            return [preview];
        }

        var rest = (JsonObject)job.DeepClone();
        rest["agenda"] = Agenda(left);
        return [preview, rest];
    }

    private static JsonArray Agenda(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)new JsonObject { ["name"] = name })]);
}
