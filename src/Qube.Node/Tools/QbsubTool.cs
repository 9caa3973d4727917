using System.Globalization;
using System.Text.Json.Nodes;
using Qube.Domain.Archives;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbsub (spec/cli.md §1).</summary>
internal static class QbsubTool
{
    public static Tool Tool { get; } = new(
        "qbsub", "COMMAND…", "Submits a job: a command to run once on each instance, or once for each item of a range. Prints the id of the new job.", QbsubOptions.All, Run)
    {
        FirstWordEnds = true,
        Notes = "The first word that is no option begins the command; all that follows is part of it.",
        Examples =
        [
            "qbsub sleep 60",
            "qbsub --range 1-200 --cpus 10 Render -s QB_FRAME_NUMBER -e QB_FRAME_NUMBER scene",
            "qbsub --range 1-100 --chunk 10 render QB_FRAME_START QB_FRAME_END",
            "qbsub --waitfor 220 make_movie",
            "qbsub --export job.xja sleep 10; qbsub --priority 10 --import job.xja",
        ],
    };

    private static async Task<int> Run(ToolRun run)
    {
        var said = run.Said;
        var jobs = await Jobs(run);
        if (said.Text("export") is { } file)
        {
            await ArchiveFile.Write(file, jobs, run.Environment, run.Cancel);
            return CliExit.Ok;
        }

        foreach (var job in jobs)
        {
            QbsubJob.AddEnvironment(job);
        }

        var answer = await run.Post(
            "api/v1/jobs",
            body =>
            {
                body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                body.WriteString("user", run.User);
                body.WriteString("sourceHost", Environment.MachineName);
                body.WriteStartArray("jobs");
                foreach (var job in jobs)
                {
                    job.WriteTo(body);
                }

                body.WriteEndArray();
            });
        foreach (var warning in answer.Texts("warnings"))
        {
            run.Say($"warning: {warning}");
        }

        var accepted = answer.List("jobs").ToList();
        long[] ids = [.. accepted.Select(job => job.Long("id"))];
        await run.Output.WriteAsync(run.IsXml
            ? JobArchive.Write(accepted.Select(job => JsonObject.Create(job)!))
            : string.Concat(ids.Select(id => string.Create(CultureInfo.InvariantCulture, $"{id}\n"))));

        // Whoever reads the pipe has the ids now, not when the jobs are done.
        await run.Output.FlushAsync(run.Cancel);
        return !said.Has("waiton") || await JobWait.UntilDone(run.Session, run.Supervisor, ids, run.Cancel, run.Tool.Name) ? CliExit.Ok : CliExit.Refused;
    }

    private static async Task<List<JsonObject>> Jobs(ToolRun run)
    {
        var cwd = CurrentDirectory();
        if (run.Said.Text("import") is not { } file)
        {
            return [.. QbsubJob.Of(run.Said, null, cwd)];
        }

        var archived = await ArchiveFile.Read(file, run.Environment, run.Cancel);
        return [.. archived.SelectMany(job => QbsubJob.Of(run.Said, Resubmission.Of(job), null))];
    }

    /// <summary>Null where it was removed under us: the worker then uses its own.</summary>
    private static string? CurrentDirectory()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
