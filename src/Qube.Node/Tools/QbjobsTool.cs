using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Qube.Domain.Archives;
using Qube.Domain.Expressions;
using Qube.Domain.Packing;
using Qube.Domain.Submissions;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbjobs (spec/cli.md §3.1).</summary>
internal static class QbjobsTool
{
    private static readonly string[] States = ["waiting", "pending", "suspended", "blocked", "running", "failed", "killed", "complete", "done", "active"];
    private static readonly string[] Usual = ["%", "id", "pid", "pgrp", "label", "status", "user", "type", "name", "cpus", "priority", "cluster", "groups"];
    private static readonly string[] Long = ["account", "kind", "reservations", "requirements", "restrictions", "hosts", "omithosts", "hostorder", "dependency", "reason"];
    private static readonly string[] Times = ["timesubmit", "timestart", "timecomplete", "lastupdate"];
    private static readonly string[] Instances = ["subid", "name", "user", "priority", "cluster", "groups", "host", "status", "type"];
    private static readonly string[] Numbers = ["%", "id", "pid", "pgrp", "cpus", "priority", "subid", "todo"];

    public static Tool Tool { get; } = new(
        "qbjobs", "[JOB… | 0]", "Lists jobs; without ids yours, of everybody with --user all.",
        [
            .. JobStates.Options(States),
            .. StandardFilters.Options.Where(option => option.Name is not ("status" or "cpus")),
            new("label", "PATTERNS", "Only jobs so labelled."),
            new("flags", "NAMES", "Only jobs with all of these flags."),
            new("expression", "EXPR", "Only jobs for which this holds: 'job.priority < 100 && job.user == ann'."),
            ToolOption.Flag("status", "Also the states of instances and items, and a line for each instance."),
            ToolOption.Flag("times", "Also when jobs were submitted, started and ended."),
            ToolOption.Flag("long", "Also what jobs need and why they wait.", "l"),
            ToolOption.Flag("data", "Also the package, packed."),
            ToolOption.Flag("password", "Taken and without effect: no passwords are kept here."),
            new("sortby", "FIELD", "Sort by this; by id without it."),
            ToolOption.Flag("reverse", "The other way round."),
            ToolListing.Columns,
            ToolListing.Delimit,
        ],
        Run)
    {
        Notes = "The first line tells the instances and items that run, of how many. % is the part of the items that is complete.",
        Examples = ["qbjobs --user all --running", "qbjobs --delimit , --columns id,status,name 0", "qbjobs --status 12"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        var said = run.Said;
        var isAll = said.Words.Count == 0 || said.Words.Contains("0");
        long[] ids = isAll ? [] : [.. ClientSession.Targets(said.Words).Select(target => target.Job).Distinct()];
        var expression = ExpressionOf(said.Text("expression"));
        var flags = FlagsOf(said.Text("flags"));
        var answer = await run.Post(JobQueries.Path, body =>
        {
            if (!isAll)
            {
                JobQueries.WriteIds(body, ids);
            }

            body.WriteBoolean("subjobs", said.Has("status"));
            StandardFilters.Write(body, said, isAll ? run.User : null, JobStates.Said(said, ""));
            body.WriteString("orderby", $"{said.Text("sortby") ?? "id"} {(said.Has("reverse") ? "DESC" : "ASC")}");
        });
        var jobs = answer.List("jobs")
            .Where(job => (job.Long("flags") & (long)flags) == (long)flags && expression.IsTrue(name => Operand(job, name)))
            .ToList();
        if (run.IsXml)
        {
            await run.Output.WriteAsync(JobArchive.Write(jobs.Select(job => JsonObject.Create(job)!)));
        }
        else if (jobs.Count > 0)
        {
            await Show(run, jobs);
        }
        else
        {
            run.Say("no jobs");
        }

        return ids.Length > 0 && jobs.Count == 0 ? CliExit.Refused : CliExit.Ok;
    }

    private static async Task Show(ToolRun run, List<JsonElement> jobs)
    {
        var said = run.Said;
        var isDelimited = said.Has("delimit");
        if (!isDelimited)
        {
            await run.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"total: {jobs.Sum(job => job.Member("cpustally").Long("running"))}/{jobs.Sum(job => job.Long("cpus"))} cpu(s)  {jobs.Sum(job => job.Member("todotally").Long("running"))}/{jobs.Sum(job => job.Long("todo"))} work"));
        }

        string[] columns = said.Text("columns")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ?? [
                .. Usual,
                .. said.Has("status") ? ["subjobstatus", "agendastatus"] : Array.Empty<string>(),
                .. said.Has("times") ? Times : [],
                .. said.Has("long") ? Long : [],
                .. said.Has("data") ? ["data"] : Array.Empty<string>(),
            ];
        await ToolListing.Show(run, columns, jobs.Select(job => columns.Select(column => Value(job, column, run.Session.Zone)).ToArray()), Numbers.Contains);
        if (said.Has("status") && !said.Has("columns"))
        {
            string[][] instances = [.. jobs.SelectMany(job => job.List("subjobs").Select(instance => Instances.Select(column => Value(job, instance, column)).ToArray()))];
            if (instances.Length > 0)
            {
                await run.Output.WriteLineAsync();
                await ToolListing.Show(run, Instances, instances, Numbers.Contains);
            }
        }
    }

    private static string Value(JsonElement job, string column, TimeZoneInfo zone) => column switch
    {
        "%" => job.Long("todo") > 0 ? string.Create(CultureInfo.InvariantCulture, $"{job.Member("todotally").Long("complete") * 100 / job.Long("todo")}") : "n/a",
        "type" => job.Text("prototype"),
        "cpus" => string.Create(CultureInfo.InvariantCulture, $"{job.Member("cpustally").Long("running")}/{job.Long("cpus")}"),
        "data" => job.Text("data") is { Length: > 0 } data ? data : PackageText.Of(job.Member("package")).ToString(),
        "flags" => JobFlagNames.Text((Contracts.JobFlags)job.Int("flags")),
        _ when Times.Contains(column) => ElapsedText.Moment(job.Long(column), zone),
        _ => job.Text(column),
    };

    private static string Value(JsonElement job, JsonElement instance, string column) => column switch
    {
        "subid" => $"{job.Text("id")}.{instance.Text("id")}",
        "host" or "status" => instance.Text(column),
        "type" => job.Text("prototype"),
        _ => job.Text(column),
    };

    private static string? Operand(JsonElement job, string name)
    {
        var key = name.StartsWith("job.", StringComparison.Ordinal) ? name[4..] : name;
        return job.Member(key == "type" ? "prototype" : key) is { ValueKind: not JsonValueKind.Undefined } ? job.Text(key == "type" ? "prototype" : key) : null;
    }

    private static Expression ExpressionOf(string? text)
    {
        var parsed = Expression.Parse(text ?? "");
        return parsed.IsOk ? parsed.Value : throw CliFailure.Usage($"--expression: {parsed.Error}");
    }

    private static Contracts.JobFlags FlagsOf(string? text) =>
        text is null ? Contracts.JobFlags.None : JobFlagNames.TryParse(text, out var flags, out var problem) ? flags : throw CliFailure.Usage($"--flags: {problem}");
}
