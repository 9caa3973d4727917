using System.Globalization;
using System.Text.Json.Nodes;
using Qube.Domain.Archives;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbjoborder (spec/cli.md §3.2, spec/scheduling.md §8.1).</summary>
internal static class QbjoborderTool
{
    private static readonly string[] Columns = ["order", "id", "priority", "cluster", "status", "user", "type", "name"];
    private static readonly string[] Numbers = ["order", "id", "priority"];

    public static Tool Tool { get; } = new(
        "qbjoborder", "HOST", "Lists the jobs that run on a host or could be started there once it has room, in the order in which it takes them.",
        [ToolListing.Delimit, ToolOption.Flag("xml", "Print XML.")],
        Run)
    {
        Notes = "Jobs that something other than load keeps from the host (its locks, clusters, groups, requirements) are left out; qube explain says what.",
        Examples = ["qbjoborder render01", "qbjoborder --xml render01"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        if (run.Said.Words is not [var host])
        {
            throw CliFailure.Usage("name one host");
        }

        long[] ids = [.. (await run.Supervisor.Get($"api/v1/hosts/{Uri.EscapeDataString(host)}/joborder", run.Cancel)).List("jobs").Select(id => id.GetInt64())];
        var jobs = ids.Length == 0 ? [] : (await JobQueries.ByIds(run.Supervisor, ids, run.Cancel)).List("jobs").ToList();
        if (run.IsXml)
        {
            await run.Output.WriteAsync(JobArchive.Write(jobs.Select(job => JsonObject.Create(job)!)));
        }
        else if (jobs.Count > 0)
        {
            await ToolListing.Show(
                run,
                Columns,
                jobs.Select((job, at) => Columns.Select(column => column switch
                {
                    "order" => (at + 1).ToString(CultureInfo.InvariantCulture),
                    "type" => job.Text("prototype"),
                    _ => job.Text(column),
                }).ToArray()),
                Numbers.Contains);
        }
        else
        {
            run.Say($"no jobs for {host}");
        }

        return CliExit.Ok;
    }
}
