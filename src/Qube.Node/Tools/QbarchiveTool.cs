using System.Text.Json;
using System.Text.Json.Nodes;
using Qube.Domain.Archives;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbarchive (spec/cli.md §3.2): what is in archives.</summary>
internal static class QbarchiveTool
{
    private static readonly string[] Columns = ["file", "id", "name", "type", "user", "priority", "cpus", "items", "callbacks"];

    public static Tool Tool { get; } = new(
        "qbarchive", "FILE…", "Shows the jobs in archives (.xja); no supervisor is asked.",
        [ToolOption.Flag("long", "Every attribute, a line each.", "l"), ToolListing.Delimit, ToolOption.Flag("xml", "Print the archive as XML.")],
        Run)
    {
        Examples = ["qbarchive 12.xja", "qbarchive --long 12.xja"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        if (run.Said.Words.Count == 0)
        {
            throw CliFailure.Usage("name archives");
        }

        var jobs = new List<(string File, JsonObject Job)>();
        foreach (var file in run.Said.Words)
        {
            jobs.AddRange((await ArchiveFile.Read(file, run.Environment, run.Cancel)).Select(job => (file, job)));
        }

        if (run.IsXml)
        {
            await run.Output.WriteAsync(JobArchive.Write(jobs.Select(one => one.Job)));
        }
        else if (run.Said.Has("long"))
        {
            foreach (var (file, job) in jobs)
            {
                await ToolListing.Show(run, ["attribute", "value"], job.Select(entry => (string[])[entry.Key, Shown(entry.Value)]).Prepend(["file", file]));
            }
        }
        else
        {
            await ToolListing.Show(run, Columns, jobs.Select(one => Columns.Select(column => Value(one.File, one.Job, column)).ToArray()));
        }

        return CliExit.Ok;
    }

    private static string Value(string file, JsonObject job, string column) => column switch
    {
        "file" => file,
        "type" => Shown(job["prototype"] ?? job["type"]),
        "items" => job["agenda"] is JsonArray agenda ? $"{agenda.Count}" : "0",
        "callbacks" => job["callbacks"] is JsonArray callbacks ? $"{callbacks.Count}" : "0",
        _ => Shown(job[column]),
    };

    private static string Shown(JsonNode? value) => value switch
    {
        null => "",
        JsonValue plain when plain.GetValueKind() == JsonValueKind.String => plain.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
