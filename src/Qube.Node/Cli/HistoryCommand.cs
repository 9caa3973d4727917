using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>hist: what happened to a job, line by line (spec/jobs.md §5.3).</summary>
internal static class HistoryCommand
{
    private const string SystemUser = "__QUBE_SYSTEM__";

    public static Command Build(ClientSession session)
    {
        var ids = VerbOptions.Ids(ArgumentArity.OneOrMore, "Jobs (12), instances (12.0), items (12:5).");
        var json = VerbOptions.Flag("--json", "Print the supervisor's answer as JSON.");
        var command = new Command("hist", "Tells what happened to jobs, their instances and items, oldest first.") { ids, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var wanted = parsed.GetRequiredValue(ids);
            ClientSession.Targets(wanted);
            using var supervisor = session.Connect(parsed);
            var lines = (await supervisor.Post("api/v1/hist", body => JobQueries.WriteList(body, "ids", wanted), cancel)).List("history").ToList();
            if (parsed.GetValue(json))
            {
                JsonListing.Write(session.Environment.Output, lines);
            }
            else
            {
                await session.Environment.Output.WriteAsync(string.Concat(lines.Select(line => Line(line, session.Zone) + "\n")));
            }

            if (lines.Count == 0)
            {
                session.Say($"qube hist: nothing is known of {string.Join(' ', wanted)}");
            }

            return lines.Count > 0 ? CliExit.Ok : CliExit.Refused;
        });
        return command;
    }

    /// <summary><c>[May 1, 2026 23:51:13]  5.3 - ann@ started on: …</c>, in the reader's time.</summary>
    internal static string Line(JsonElement line, TimeZoneInfo zone)
    {
        var at = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(line.Long("stamp")), zone).ToString("MMM d, yyyy HH:mm:ss", CultureInfo.InvariantCulture);
        var job = line.Text("jobid");
        var subject = line.Int("subid") >= 0 ? $"{job}.{line.Text("subid")}"
            : line.Member("workid").ValueKind == JsonValueKind.String ? $"{job}:{line.Text("workid")}"
            : job;
        var user = line.Text("user") is { Length: > 0 } known ? known : SystemUser;
        return CellText.OneLine($"[{at}]  {subject} - {user}@ {line.Text("comment")}");
    }
}
