using System.Text;
using System.Text.Json;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbstats (spec/cli.md §3.2): what is known of the runs of instances, as <c>qb.stats()</c> tells it.</summary>
internal static class QbstatsTool
{
    private static readonly string[] Keys = ["status", "host", "count", "allocations", "exitcode", "timesubmit", "timestart", "timecomplete"];

    public static Tool Tool { get; } = new(
        "qbstats", "JOB[.SUB]…", "Tells of the runs of instances: state, host, exit code and times, a line each, below a line with the instance's id.", [], Run)
    {
        Examples = ["qbstats 12", "qbstats 12.0 12.1"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        if (run.Said.Words.Count == 0)
        {
            throw CliFailure.Usage("name jobs or instances");
        }

        var targets = ClientSession.Targets(run.Said.Words);
        var answer = await run.Post(JobQueries.Path, body =>
        {
            JobQueries.WriteIds(body, targets.Select(target => target.Job).Distinct());
            body.WriteBoolean("subjobs", true);
        });
        var known = answer.List("jobs").ToDictionary(job => job.Long("id"), job => job.List("subjobs").ToArray());
        var text = new StringBuilder();
        foreach (var target in targets)
        {
            var found = known.GetValueOrDefault(target.Job, []).Where(one => target.Instance is null || one.Int("id") == target.Instance).ToArray();
            if (found.Length == 0)
            {
                run.Say($"there is no {(target.Instance is { } instance ? $"instance {target.Job}.{instance}" : $"job {target.Job} with instances")}");
            }

            foreach (var one in found)
            {
                Append(text, target.Job, one);
            }
        }

        await run.Output.WriteAsync(text.ToString());
        return text.Length > 0 ? CliExit.Ok : CliExit.Refused;
    }

    private static void Append(StringBuilder text, long job, JsonElement instance)
    {
        text.Append(job).Append('.').Append(instance.Text("id")).Append('\n');
        foreach (var key in Keys.Where(key => instance.TryGetProperty(key, out _)))
        {
            text.Append("  ").Append(key).Append('=').Append(CellText.OneLine(instance.Text(key))).Append('\n');
        }
    }
}
