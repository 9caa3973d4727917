using System.Text.Json;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbadmin (spec/cli.md §4): what this farm has of it works, and the rest says that it does not.</summary>
internal static class QbadminTool
{
    private static readonly string[] Actions =
    [
        "list", "find", "resource", "configuration", "globalcallback", "trigger", "emailtest", "assignments", "set", "unset", "refresh", "clearbanned",
    ];

    /// <summary>Options of Qube! that have nothing to act on here, and why.</summary>
    private static readonly (string Option, string Value, string Why)[] NotHere =
    [
        ("backup", "", "the journal is backed up with its database's own tools"),
        ("reread", "", "qb.conf is read at start"),
        ("remove", "HOST", "a host that is gone leaves the list by itself"),
        ("unremove", "MAC", "hosts are not removed, so none comes back"),
        ("reboot", "HOST", "the farm reboots no machines"),
        ("shutdown", "HOST", "the farm shuts down no machines; stop the worker's service"),
        ("reconfigure", "", "a worker reads its configuration at start"),
    ];

    public static Tool Tool { get; } = new(
        "qbadmin", "supervisor|s|worker|w|local|l [ARGUMENT…]", "Administers the farm.",
        [
            ToolOption.Flag("list", "s: the supervisor. w: the workers."),
            ToolOption.Flag("find", "s: where the supervisor is."),
            ToolOption.Flag("resource", "s: the farm's resources, name=used/total."),
            ToolOption.Flag("configuration", "s: the supervisor's settings, and what it says of itself. w HOST: what is known of the host. l: what commands on this machine go by."),
            new("set", "MODES", $"s: sets modes, which outlive a restart: {string.Join(", ", Contracts.FarmModes.All)}. Prints all that are set."),
            new("unset", "MODES", "s: takes modes back."),
            ToolOption.Flag("globalcallback", "s LANGUAGE TRIGGERS CODE: submits a global callback and prints its id."),
            new("trigger", "EVENT", "s: raises a user-defined event: approved-job-12."),
            ToolOption.Flag("emailtest", "s [ADDRESS]: has the supervisor send a test mail."),
            ToolOption.Flag("assignments", "w HOST: what runs there."),
            ToolOption.Flag("refresh", "w: says that the list of hosts is current, which it always is."),
            ToolOption.Flag("clearbanned", "w: says that no hosts are banned, which none ever is."),
            .. NotHere.Select(one => new ToolOption(one.Option, one.Value, $"Not offered: {one.Why}.")),
        ],
        Run)
    {
        Notes = "Modes: reject_submit takes no submissions; stop_activity starts nothing, and what runs goes on.",
        Examples = ["qbadmin s --list", "qbadmin s --set stop_activity", "qbadmin s --globalcallback python 'complete-job-*' 'print(1)'", "qbadmin w --assignments render01"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        if (run.Said.Words.ToArray() is not [var mode, .. var rest] || mode is not ("supervisor" or "s" or "worker" or "w" or "local" or "l"))
        {
            throw CliFailure.Usage("say supervisor (s), worker (w) or local (l) first");
        }

        if (Array.Find(NotHere, one => run.Said.Has(one.Option)) is { Option: { } option, Why: var why })
        {
            throw CliFailure.Refused($"--{option} is not offered: {why}");
        }

        return (mode[0], Asked(run.Said)) switch
        {
            ('s', "list" or "find") => await Print(run, PingCommand.Line(await run.Supervisor.Get("api/v1/ping", run.Cancel))),
            ('s', "configuration") => await Print(
                run, Lines((await run.Supervisor.Get("api/v1/config", run.Cancel)).Member("config")) + "\n" + Lines(await run.Supervisor.Get("api/v1/ping", run.Cancel))),
            ('s', "resource") => await Resources(run),
            ('s', "set" or "unset") => await Modes(run),
            ('s', "trigger") => await TriggerCommand.Raise(run.Session, run.Supervisor, run.User, run.Said.Text("trigger") ?? "", run.Cancel),
            ('s', "globalcallback") => await GlobalCallback(run, rest),
            ('s', "emailtest") => await MailTestCommand.Send(run.Session, run.Supervisor, rest.FirstOrDefault() ?? "", run.Cancel),
            ('w', "list") => await Hosts(run, rest, ["name", "macaddress", "address", "state"]),
            ('w', "configuration") => await Hosts(run, Named(rest), ["name", "state", "cluster", "groups", "restrictions", "resources", "properties", "jobtypes"]),
            ('w', "assignments") => await Hosts(run, Named(rest), ["name", "subjobs"]),
            ('w', "refresh") => await Print(run, "the list of hosts is current"),
            ('w', "clearbanned") => await Print(run, "no hosts are banned"),
            ('l', "configuration") => await Print(run, $"qb_supervisor = {run.Supervisor.Name}\nuser = {CellText.OneLine(run.User)}"),
            (_, "") => throw CliFailure.Usage("say what to do, such as --list"),
            (_, var asked) => throw CliFailure.Usage($"--{asked} is for {(mode[0] == 's' ? "others" : "the supervisor or others")}; --help says for whom"),
        };
    }

    private static string Asked(ToolWords said) => Actions.FirstOrDefault(said.Has) ?? "";

    private static string[] Named(string[] hosts) => hosts.Length > 0 ? hosts : throw CliFailure.Usage("name a host");

    private static string Lines(JsonElement answer) => string.Join('\n', answer.EnumerateObject().Select(one => CellText.OneLine($"{one.Name} = {answer.Text(one.Name)}")));

    private static async Task<int> Print(ToolRun run, string text)
    {
        await run.Output.WriteLineAsync(text);
        return CliExit.Ok;
    }

    private static async Task<int> Hosts(ToolRun run, IReadOnlyList<string> names, string[] columns)
    {
        var answer = await run.Post("api/v1/hosts/query", body =>
        {
            body.WriteBoolean("subjobs", true);
            body.WriteStartObject("filters");
            JobQueries.WriteList(body, "name", [.. names]);
            body.WriteEndObject();
        });
        var hosts = answer.List("hosts").ToList();
        if (hosts.Count == 0)
        {
            throw CliFailure.Refused("no hosts");
        }

        await ToolListing.Show(run, columns, hosts.Select(host => columns.Select(column => column == "subjobs"
            ? string.Join(' ', host.List("subjobs").Select(one => $"{one.Text("pid")}.{one.Text("id")}"))
            : host.Text(column)).ToArray()));
        return CliExit.Ok;
    }

    private static async Task<int> Resources(ToolRun run)
    {
        var lines = await QbupdateresourceTool.Lines(run);
        if (lines.Length == 0)
        {
            run.Say("the farm has no resources");
        }

        await run.Output.WriteAsync(lines);
        return CliExit.Ok;
    }

    private static async Task<int> Modes(ToolRun run)
    {
        var answer = await run.Post("api/v1/modes", body =>
        {
            body.WriteString("requestId", Guid.NewGuid().ToString("N"));
            body.WriteString("user", run.User);
            foreach (var change in (string[])["set", "unset"])
            {
                JobQueries.WriteList(body, change, [.. run.Said.Texts(change).SelectMany(JobQueries.Split)]);
            }
        });
        await run.Output.WriteAsync(string.Concat(answer.Texts("modes").Select(mode => mode + "\n")));
        return CliExit.Ok;
    }

    private static async Task<int> GlobalCallback(ToolRun run, IReadOnlyList<string> rest)
    {
        if (rest is not [var language, var triggers, var code])
        {
            throw CliFailure.Usage("--globalcallback takes LANGUAGE TRIGGERS CODE");
        }

        var answer = await run.Post("api/v1/callbacks", body =>
        {
            body.WriteString("requestId", Guid.NewGuid().ToString("N"));
            body.WriteString("user", run.User);
            body.WriteStartArray("callbacks");
            body.WriteStartObject();
            body.WriteString("language", language);
            body.WriteString("triggers", triggers);
            body.WriteString("code", code);
            body.WriteEndObject();
            body.WriteEndArray();
        });
        return await Print(run, string.Join('\n', answer.List("callbacks").Select(callback => callback.Text("id"))));
    }
}
