using System.Text.Json;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>The lines that a back end gets, and what its words mean for an item. Pure.</summary>
internal static class BackEndReplies
{
    internal const string Done = """{"ok":true}""";

    /// <summary>No item now: ask again (spec/jobs.md §6.2).</summary>
    internal const string Waiting = """{"status":"waiting"}""";

    internal static string Status(string status) => $$"""{"status":{{Quote(status)}}}""";

    internal static string Refused(string why) => $$"""{"error":{{Quote(why)}}}""";

    /// <summary>Complete and failed are ends; pending asks for another run, which costs no try. Whatever else cannot be the end of an item: it has failed.</summary>
    internal static (LaunchOutcome Outcome, int Code) EndOf(string status) => status switch
    {
        "complete" => (LaunchOutcome.Exited, 0),
        "pending" => (LaunchOutcome.Lost, 0),
        _ => (LaunchOutcome.Exited, 1),
    };

    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";
}
