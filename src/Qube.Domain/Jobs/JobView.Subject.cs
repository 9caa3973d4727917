using System.Text.Json;

namespace Qube.Domain.Jobs;

/// <content>A job with the one item or instance that something is about.</content>
public static partial class JobView
{
    /// <summary>The job's dictionary, its <c>agenda</c> and <c>subjobs</c> holding what is named alone: a mail about one item of a million
    /// writes one.</summary>
    /// <param name="state">The job.</param>
    /// <param name="reason">Why it is pending.</param>
    /// <param name="item">An item by name, or null.</param>
    /// <param name="instance">An instance, or null.</param>
    public static string JsonOf(JobState state, string reason, string? item, int? instance)
    {
        var json = Json(state, reason, agenda: false, subjobs: false);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("agenda");
            if (item is not null && state.Agenda is { } agenda && agenda.TryGetSeq(item, out var seq))
            {
                WriteItem(writer, state, seq);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("subjobs");
            if (instance is { } id && id >= 0 && id < state.Instances.Length)
            {
                WriteInstance(writer, state, state.Instances[id]);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        var parts = System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
        return $"{json[..^1]},{parts[1..]}";
    }
}
