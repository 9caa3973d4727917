using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>An explanation as a tree of lines.</summary>
internal static class ExplanationText
{
    /// <summary>Callbacks and hosts shown in full; the rest are counted.</summary>
    private const int CallbacksShown = 20;
    private const int HostsShown = 50;

    public static string Of(JsonElement explanation, TimeZoneInfo zone)
    {
        var text = new StringBuilder();
        var item = explanation.Text("item");
        var of = item.Length > 0 ? $"item {item} of " : "";
        Line(text, 0, $"{of}job {explanation.Text("job")} '{explanation.Text("name")}' (label {explanation.Text("label")}): {explanation.Text("status")}");
        Line(text, 1, explanation.Text("reason"));
        var callbacks = explanation.List("callbacks").ToList();
        foreach (var callback in callbacks.Take(CallbacksShown))
        {
            Callback(text, callback, zone);
        }

        var more = explanation.Int("callbackCount") - Math.Min(callbacks.Count, CallbacksShown);
        if (more > 0)
        {
            Line(text, 0, $"and {more} more callbacks");
        }

        Hosts(text, explanation);
        return text.ToString();
    }

    private static void Callback(StringBuilder text, JsonElement callback, TimeZoneInfo zone)
    {
        var code = callback.Text("language") is "qube" or "dependency" ? callback.Text("code") : callback.Text("language");
        var can = callback.Text("canUnblock") == "true" ? ", would unblock it" : "";
        var fired = callback.Int("fired") > 0 ? string.Create(CultureInfo.InvariantCulture, $", has fired {callback.Int("fired")} times") : "";
        Line(text, 0, $"callback {callback.Text("id")}, {code}{can}{fired}: {callback.Text("summary")}");
        Node(text, 1, callback.Member("trigger"), zone);
    }

    private static void Node(StringBuilder text, int depth, JsonElement node, TimeZoneInfo zone)
    {
        var last = node.Member("last") is { ValueKind: JsonValueKind.Object } mark
            ? $", last {CallbacksCommand.At(CallbacksCommand.Seconds(mark, "time"), zone)} by entry {mark.Text("seq")} of {mark.Text("log")}"
              + (mark.Text("item") is { Length: > 0 } item && !node.Text("text").EndsWith(item, StringComparison.Ordinal) ? $" ({item})" : "")
            : "";
        var why = node.Text("why") is { Length: > 0 } known ? $": {known}" : "";
        if (node.Text("kind") == "event")
        {
            var names = node.Long("names") > 1 ? string.Create(CultureInfo.InvariantCulture, $", {node.Long("names")} items so far") : "";
            Line(text, depth, $"{node.Text("state"),-8} {node.Text("text")}{last}{names}{why}");
            return;
        }

        Line(text, depth, $"{node.Text("state"),-8} {node.Text("text")}: {node.Text("satisfied")} of {node.Text("operands")} so far");
        foreach (var child in node.List("children"))
        {
            Node(text, depth + 1, child, zone);
        }

        if (node.Int("hiddenMissing") > 0)
        {
            Line(text, depth + 1, $"… and {node.Int("hiddenMissing")} more missing");
        }

        if (node.Int("hiddenMatched") > 0)
        {
            Line(text, depth + 1, $"… and {node.Int("hiddenMatched")} more that have matched");
        }
    }

    private static void Hosts(StringBuilder text, JsonElement explanation)
    {
        var hosts = explanation.List("hosts").ToList();
        foreach (var host in hosts.Take(HostsShown))
        {
            string[] lacks = [.. host.Texts("lacks")];
            Line(text, 0, $"host {host.Text("host")}: {(lacks.Length == 0 ? "fits, and starts as its turn comes" : string.Join("; ", lacks))}");
        }

        var more = explanation.Int("hostCount") - Math.Min(hosts.Count, HostsShown);
        if (hosts.Count > 0 && more > 0)
        {
            Line(text, 0, $"and {more} more hosts");
        }
    }

    private static void Line(StringBuilder text, int depth, string line) => text.Append(' ', depth * 2).Append(CellText.OneLine(line)).Append('\n');
}
