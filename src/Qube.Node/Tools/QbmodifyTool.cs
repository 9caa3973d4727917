using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbmodify (spec/cli.md §2.1).</summary>
internal static class QbmodifyTool
{
    private static readonly (string Option, JobAttribute Attribute)[] Changes =
    [
        Change("mname", "name"), Change("mpriority", "priority", true), Change("mrequirements", "requirements"), Change("mrestrictions", "restrictions"),
        Change("mreservations", "reservations"), Change("mcluster", "cluster"), Change("mcpus", "cpus", true), Change("mmax_cpus", "max_cpus"),
        Change("mgroups", "groups"), Change("mhosts", "hosts"), Change("mhostorder", "hostorder"), Change("mtimeout", "timeout", true),
        Change("magenda_timeout", "agenda_timeout", true), Change("mretrysubjob", "retrysubjob", true), Change("mretrywork", "retrywork", true),
        Change("mretrywork_delay", "retrywork_delay", true), Change("mmailaddress", "mailaddress"), Change("mnotes", "notes"), Change("mpgrp", "pgrp", true),
        Change("mprod_show", "prod_show"), Change("mprod_shot", "prod_shot"), Change("mprod_seq", "prod_seq"), Change("mprod_client", "prod_client"),
        Change("mprod_dept", "prod_dept"), Change("mprod_custom1", "prod_custom1"), Change("mprod_custom2", "prod_custom2"), Change("mprod_custom3", "prod_custom3"),
        Change("mprod_custom4", "prod_custom4"), Change("mprod_custom5", "prod_custom5"),
    ];

    private static readonly string[] Verbs = ["interrupt", "preempt", "block"];

    public static Tool Tool { get; } = new(
        "qbmodify", "JOB… | 0", "Changes attributes of jobs that have not ended. Prints the jobs changed, an id a line.",
        [
            .. Changes.Select(change => new ToolOption(
                change.Option, change.Attribute.IsNumber ? "N" : "TEXT", $"The new {change.Attribute.Key}.")),
            .. Verbs.Select(verb => ToolOption.Flag($"q{verb}", $"Then {verb} the jobs that were changed.")),
            .. JobStates.Options("running", "pending", "blocked", "suspended", "active"),
            .. StandardFilters.Options,
        ],
        Run)
    {
        Examples = ["qbmodify --mpriority 10 12345", "qbmodify --user anthony --mcpus 3 0"],
    };

    private static (string Option, JobAttribute Attribute) Change(string option, string key, bool isNumber = false) =>
        (option, new($"--{option}", key, "", "", isNumber));

    private static async Task<int> Run(ToolRun run)
    {
        var changes = Changes.Where(change => run.Said.Has(change.Option)).ToArray();
        if (changes.Length == 0)
        {
            throw CliFailure.Usage("say what to change, such as --mpriority 5");
        }

        // Read before anybody is asked: a number that is none changes nothing.
        using (var unheard = new System.Text.Json.Utf8JsonWriter(Stream.Null))
        {
            unheard.WriteStartObject();
            WriteAll(unheard);
        }

        var ids = await JobSelection.Ids(run, JobStates.Active);
        var answer = ids.Length == 0
            ? default
            : await run.Post(
                "api/v1/modify",
                body =>
                {
                    body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                    body.WriteString("user", run.User);
                    body.WriteStartObject("params");
                    WriteAll(body);
                    body.WriteEndObject();
                    JobQueries.WriteList(body, "ids", ids);
                });
        var code = await ControlCommand.Tell(run.Session, run.Tool.Name, "modify", ids.Length == 0 ? [.. run.Said.Words] : ids, answer, run.IsXml ? ControlTools.Xml : null);
        string[] changed = [.. answer.Texts("affected")];
        foreach (var verb in Verbs.Where(verb => changed.Length > 0 && run.Said.Has($"q{verb}")))
        {
            // What is not running cannot be interrupted, which is as it was wanted.
            await run.Post(ControlCommand.Path, body => ControlCommand.WriteBody(body, run.User, verb, verb == "block" ? "both" : "job", changed));
        }

        return code;

        void WriteAll(System.Text.Json.Utf8JsonWriter body)
        {
            foreach (var (option, attribute) in changes)
            {
                ModifyCommand.Write(body, attribute, run.Said.Text(option)!);
            }
        }
    }
}
