using System.Text.Json;

namespace Qube.Node.Launcher;

/// <summary>A line of a back end: <c>{"call":"requestwork"}</c>, <c>{"call":"reportwork","key":…,"status":…,"result":…}</c> or
/// <c>{"call":"reportjob","status":…}</c>.</summary>
/// <param name="Call">Which of the three.</param>
/// <param name="Key">The item's key, as it was given with it.</param>
/// <param name="Status">The state reported, spec/jobs.md §6.2.</param>
/// <param name="Result">The <c>resultpackage</c> in JSON.</param>
internal sealed record BackEndRequest(string Call, string Key, string Status, string Result)
{
    internal const string RequestWork = "requestwork", ReportWork = "reportwork", ReportJob = "reportjob";

    /// <summary>Null when it is none.</summary>
    internal static BackEndRequest? Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var request = document.RootElement;
            string Text(string name) => request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            var result = request.TryGetProperty("result", out var package) && package.ValueKind == JsonValueKind.Object ? package.GetRawText() : "{}";
            return new BackEndRequest(Text("call"), Text("key"), Text("status"), result);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
