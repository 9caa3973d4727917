using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>Questions about jobs.</summary>
internal static class JobQueries
{
    public const string Path = "api/v1/jobs/query";

    public static Task<JsonElement> ByIds(SupervisorClient supervisor, IEnumerable<long> ids, CancellationToken cancel, bool details = false, bool patiently = false)
    {
        void Body(Utf8JsonWriter body)
        {
            WriteIds(body, ids);
            if (details)
            {
                body.WriteBoolean("agenda", true);
                body.WriteBoolean("subjobs", true);
            }
        }

        return patiently ? supervisor.PostPatiently(Path, Body, cancel) : supervisor.Post(Path, Body, cancel);
    }

    public static void WriteIds(Utf8JsonWriter body, IEnumerable<long> ids)
    {
        body.WriteStartArray("ids");
        foreach (var id in ids)
        {
            body.WriteNumberValue(id);
        }

        body.WriteEndArray();
    }

    /// <summary>Any of several; nothing is written where there are none.</summary>
    public static void WriteList(Utf8JsonWriter body, string name, IReadOnlyCollection<string> patterns)
    {
        if (patterns.Count == 0)
        {
            return;
        }

        body.WriteStartArray(name);
        foreach (var pattern in patterns)
        {
            body.WriteStringValue(pattern);
        }

        body.WriteEndArray();
    }

    /// <summary><c>a,b</c> is any of both; a regular expression is whole, its commas too.</summary>
    public static string[] Split(string? patterns) => patterns switch
    {
        null or "" => [],
        _ when patterns.StartsWith('~') => [patterns],
        _ => patterns.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    };
}
