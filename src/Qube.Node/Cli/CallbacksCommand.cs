using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>callbacks: what a job's callbacks did (the ledger).</summary>
internal static class CallbacksCommand
{
    private const int UsualLimit = 100;

    private static readonly Column[] Columns =
    [
        new("FIRING"),
        new("CB", IsRight: true),
        new("STATE"),
        new("FIRED"),
        new("EVENT", LeastWidth: 16),
        new("ACTION", LeastWidth: 12),
        new("TRIES", IsRight: true),
        new("TOOK", IsRight: true, Rank: 2),
        new("BY", Rank: 1),
        new("OUTCOME", LeastWidth: 12),
    ];

    public static Command Build(ClientSession session)
    {
        var job = new Argument<string?>("JOB") { Arity = ArgumentArity.ZeroOrOne, Description = "The job that owns the callbacks; without it, the callbacks that no job owns." };
        var remove = VerbOptions.Text("--remove", "ID,...", "Without a job: remove these.");
        var callback = VerbOptions.Number("--callback", "N", "Only this one of its callbacks.");
        var state = VerbOptions.Text("--state", "STATE", "Only firings in these states: pending, running, done, failed, dead.");
        var firing = VerbOptions.Text("--firing", "ID", "Only this firing, with its attempts and its trigger as it stood.");
        var limit = VerbOptions.Number("--limit", "N", $"The newest N; {UsualLimit} without it.");
        var json = VerbOptions.Flag("--json", "Print the supervisor's answer as JSON.");
        var command = new Command("callbacks", "Tells what a job's callbacks did: cause, attempts, outcome, newest first.") { job, callback, state, firing, limit, remove, json };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(job) is not { Length: > 0 } owner)
            {
                return await GlobalCallbackList.Run(session, parsed, parsed.GetValue(remove), parsed.GetValue(json), cancel);
            }

            var id = ClientSession.Targets([owner])[0].Job;
            var query = string.Join('&', Parts(
                ("callback", parsed.GetValue(callback)?.ToString(CultureInfo.InvariantCulture)),
                ("state", parsed.GetValue(state)),
                ("firing", parsed.GetValue(firing)),
                ("limit", (parsed.GetValue(limit) ?? UsualLimit).ToString(CultureInfo.InvariantCulture))));
            using var supervisor = session.Connect(parsed);
            var answer = await supervisor.Get($"api/v1/jobs/{id.ToString(CultureInfo.InvariantCulture)}/firings?{query}", cancel);
            var firings = answer.List("firings").ToList();
            if (parsed.GetValue(json))
            {
                JsonListing.Write(session.Environment.Output, firings);
            }
            else if (firings.Count > 0)
            {
                new Listing(Columns, [.. firings.Select(one => Row(one, session))]).Show(session.Environment);
                if (parsed.GetValue(firing) is not null)
                {
                    await session.Environment.Output.WriteAsync(string.Concat(firings.SelectMany(one => Details(one, session.Zone)).Select(line => line + "\n")));
                }
            }
            else
            {
                session.Say("no firings");
            }

            if (answer.Long("next") > 0 && parsed.GetValue(limit) is null && !parsed.GetValue(json))
            {
                session.Say($"there are older ones: --limit N shows more");
            }

            return firings.Count == 0 && parsed.GetValue(firing) is not null ? CliExit.Refused : CliExit.Ok;
        });
        return command;
    }

    /// <summary>A moment in the reader's time.</summary>
    internal static string At(double unixSeconds, TimeZoneInfo zone) => unixSeconds <= 0
        ? "-"
        : TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds((long)(unixSeconds * 1000)), zone).ToString("MMM d HH:mm:ss", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Parts(params (string Name, string? Value)[] parts) =>
        parts.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}");

    private static Cell[] Row(JsonElement firing, ClientSession session)
    {
        var attempts = firing.List("attempts").ToList();
        var last = attempts.Count > 0 ? attempts[^1] : default;
        var again = attempts.Exists(attempt => attempt.Text("again") == "true");
        var action = firing.Text("language") is "qube" or "dependency" ? firing.Text("code") : firing.Text("language");
        var state = firing.Text("state");
        return
        [
            firing.Text("id"),
            firing.Text("callback"),
            new Cell(state, Tones(state)),
            At(Seconds(firing, "time"), session.Zone),
            firing.Member("cause").Text("event"),
            action,
            string.Create(CultureInfo.InvariantCulture, $"{attempts.Count}{(again ? " (ran again)" : "")}"),
            Seconds(last, "end") > 0 && Seconds(last, "start") > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Seconds(last, "end") - Seconds(last, "start")):0.000} s") : "",
            last.Text("user") is { Length: > 0 } who ? who : firing.Text("user"),
            firing.Text("outcome"),
        ];
    }

    private static IEnumerable<string> Details(JsonElement firing, TimeZoneInfo zone)
    {
        var cause = firing.Member("cause");
        yield return CellText.OneLine($"cause: {cause.Text("event")}, entry {cause.Text("seq")}.{cause.Text("ordinal")} of {cause.Text("log")}, depth {cause.Text("depth")}");
        foreach (var attempt in firing.List("attempts"))
        {
            var output = attempt.Member("output") is { ValueKind: JsonValueKind.Object } place ? $", output at byte {place.Text("pos")} ({place.Text("len")} bytes)" : "";
            var again = attempt.Text("again") == "true" ? ", ran again after it was cut off" : "";
            yield return CellText.OneLine(
                $"attempt {attempt.Text("number")}: {attempt.Text("state")}, {At(Seconds(attempt, "start"), zone)} to {At(Seconds(attempt, "end"), zone)}"
                + $" on {attempt.Text("node")} by {attempt.Text("user")}: {attempt.Text("outcome")}{output}{again}");
        }

        foreach (var leaf in firing.List("leaves"))
        {
            yield return CellText.OneLine($"leaf {leaf.Text("ordinal")} {leaf.Text("pattern")}: {At(Seconds(leaf, "time"), zone)} by entry {leaf.Text("seq")} of {leaf.Text("log")}");
        }
    }

    internal static double Seconds(JsonElement owner, string name) =>
        double.TryParse(owner.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    private static Tone Tones(string state) => state switch
    {
        "done" => Tone.Complete,
        "running" => Tone.Running,
        "failed" or "dead" => Tone.Failed,
        _ => Tone.Pending,
    };
}
