using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>Jobs written as JSON: a job's dictionary or a list of them, submitted as they are.</summary>
internal static class JobFile
{
    public static async Task<JsonElement> Read(string path, CliEnvironment environment, CancellationToken cancel)
    {
        string text;
        try
        {
            text = path == "-" ? await environment.Input().ReadToEndAsync(cancel) : await File.ReadAllTextAsync(path, cancel);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw CliFailure.Usage($"{path} cannot be read: {unreadable.Message}");
        }

        try
        {
            var jobs = JsonDocument.Parse(text).RootElement;
            return jobs.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                ? jobs
                : throw CliFailure.Usage($"{path} holds neither a job's dictionary nor a list of them");
        }
        catch (JsonException wrong)
        {
            throw CliFailure.Usage($"{path} is not valid JSON: {wrong.Message}");
        }
    }
}
