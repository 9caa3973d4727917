using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Qube.Contracts.Actions;

namespace Qube.Actions.Webhooks;

/// <summary>A firing as a CloudEvents 1.0 event in structured mode, and its signature. Pure: the same firing gives the same bytes.</summary>
public static class CloudEvent
{
    private const string TypePrefix = "qube";

    /// <summary>The event: <c>id</c> the firing, <c>type</c> such as <c>qube.work.complete</c>, <c>source</c> the job's URL, <c>subject</c> job, item or
    /// instance, <c>time</c> when it fired, <c>data</c> callback, event, job, item and instance.</summary>
    public static byte[] Of(ActionRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion", "1.0");
            writer.WriteString("id", run.FiringId);
            writer.WriteString("type", TypeOf(run.EventText));
            writer.WriteString("source", run.JobId == 0 ? $"{run.SupervisorUrl}/api/v1/callbacks" : string.Create(CultureInfo.InvariantCulture, $"{run.SupervisorUrl}/api/v1/jobs/{run.JobId}"));
            writer.WriteString("subject", SubjectOf(run));
            writer.WriteString("time", DateTimeOffset.FromUnixTimeMilliseconds(run.AtMs).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            writer.WriteString("datacontenttype", "application/json");
            writer.WriteStartObject("data");
            writer.WriteString("event", run.EventText);
            writer.WriteString("triggers", run.Triggers);
            writer.WriteNumber("callback", run.CallbackId);
            writer.WriteString("user", run.User);
            WriteJob(writer, run.JobJson);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary><c>sha256=</c> and the HMAC-SHA256 of the body in hexadecimal digits, as receivers of GitHub's hooks know it.</summary>
    public static string Sign(byte[] body, string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static string TypeOf(string eventText)
    {
        string[] words = eventText.Split('-', 3);
        return words.Length < 2 || words[0].Length == 0 ? $"{TypePrefix}.event" : $"{TypePrefix}.{words[1]}.{words[0]}";
    }

    private static string SubjectOf(ActionRun run) =>
        run.Item is { } item ? string.Create(CultureInfo.InvariantCulture, $"{run.JobId}:{item}")
        : run.Instance is { } instance ? string.Create(CultureInfo.InvariantCulture, $"{run.JobId}.{instance}")
        : run.JobId.ToString(CultureInfo.InvariantCulture);

    private static void WriteJob(Utf8JsonWriter writer, string json)
    {
        using var document = JsonDocument.Parse(json);
        writer.WriteStartObject("job");
        foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(property => property.Name is not ("agenda" or "subjobs" or "callbacks")))
        {
            property.WriteTo(writer);
        }

        writer.WriteEndObject();
        WriteFirst(writer, document.RootElement, "agenda", "item");
        WriteFirst(writer, document.RootElement, "subjobs", "instance");
    }

    private static void WriteFirst(Utf8JsonWriter writer, JsonElement job, string list, string name)
    {
        if (job.TryGetProperty(list, out JsonElement parts) && parts.GetArrayLength() > 0)
        {
            writer.WritePropertyName(name);
            parts[0].WriteTo(writer);
        }
    }
}
