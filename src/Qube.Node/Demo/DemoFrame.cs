using System.Text.Json;

namespace Qube.Node.Demo;

/// <summary>When a frame's process started and ended, by its host's clock.</summary>
internal readonly record struct DemoFrame(string Name, string Status, long StartedMs, long EndedMs)
{
    public static DemoFrame Of(JsonElement item) => new(
        item.GetProperty("name").GetString()!,
        item.GetProperty("status").GetString()!,
        item.GetProperty("timestart_ms").GetInt64(),
        item.GetProperty("timecomplete_ms").GetInt64());
}
