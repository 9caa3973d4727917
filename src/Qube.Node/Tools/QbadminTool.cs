using System.Text.Json;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbadmin (spec/cli.md §4): what this farm has of it works, and the rest says that it does not.</summary>
internal static class QbadminTool
{
    private static readonly string[] Actions = ["list", "find", "resource", "configuration", "globalcallback", "emailtest", "assignments"];

    /// <summary>Options of Qube! that have nothing to act on here, and why.</summary>
    private static readonly (string Option, string Value, string Why)[] NotHere =
    [
        ("backup", "", "the journal is backed up with its database's own tools"),
        ("reread", "", "qb.conf is read at start"),
        ("set", "MODE", "modes cannot be set yet"),
        ("unset", "MODE", "modes cannot be set yet"),
        ("remove", "HOST", "a host that is gone leaves the list by itself"),
        ("unremove", "MAC", "hosts are not removed, so none comes back"),
        ("reboot", "HOST", "the farm reboots no machines"),
        ("shutdown", "HOST", "the farm shuts down no machines; stop the worker's service"),
        ("refresh", "", "the list of hosts is always current"),
        ("clearbanned", "", "no hosts are banned"),
        ("reconfigure", "", "a worker reads its configuration at start"),
    ];

    public static Tool Tool { get; } = new(
        "qbadmin", "supervisor|s|worker|w [ARGUMENT…]", "Administers the farm.",
        [
            ToolOption.Flag("list", "s: the supervisor. w: the workers."),
            ToolOption.Flag("find", "s: where the supervisor is."),
            ToolOption.Flag("resource", "s: the resources of all hosts."),
            ToolOption.Flag("configuration", "s: what the supervisor says of itself. w HOST: what is known of the host."),
            ToolOption.Flag("globalcallback", "s LANGUAGE TRIGGERS CODE: submits a global callback and prints its id."),
            ToolOption.Flag("emailtest", "s [ADDRESS]: has the supervisor send a test mail."),
            ToolOption.Flag("assignments", "w HOST: what runs there."),
            .. NotHere.Select(one => new ToolOption(one.Option, one.Value, $"Not offered: {one.Why}.")),
        ],
        Run)
    {
        Examples = ["qbadmin s --list", "qbadmin s --globalcallback python 'complete-job-*' 'print(1)'", "qbadmin w --assignments render01"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        if (run.Said.Words.ToArray() is not [var mode, .. var rest] || mode is not ("supervisor" or "s" or "worker" or "w"))
        {
            throw CliFailure.Usage("say supervisor (s) or worker (w) first");
        }

        if (Array.Find(NotHere, one => run.Said.Has(one.Option)) is { Option: { } option, Why: var why })
        {
            throw CliFailure.Refused($"--{option} is not offered: {why}");
        }

        return (mode[0], Asked(run.Said)) switch
        {
            ('s', "list" or "find") => await Print(run, PingCommand.Line(await run.Supervisor.Get("api/v1/ping", run.Cancel))),
            ('s', "configuration") => await Print(run, Lines(await run.Supervisor.Get("api/v1/ping", run.Cancel))),
            ('s', "resource") => await Hosts(run, [], ["name", "resources", "properties"]),
            ('s', "globalcallback") => await GlobalCallback(run, rest),
            ('s', "emailtest") => await MailTestCommand.Send(run.Session, run.Supervisor, rest.FirstOrDefault() ?? "", run.Cancel),
            ('w', "list") => await Hosts(run, rest, ["name", "macaddress", "address", "state"]),
            ('w', "configuration") => await Hosts(run, Named(rest), ["name", "state", "cluster", "groups", "restrictions", "resources", "properties", "jobtypes"]),
            ('w', "assignments") => await Hosts(run, Named(rest), ["name", "subjobs"]),
            (_, "") => throw CliFailure.Usage("say what to do, such as --list"),
            (_, var asked) => throw CliFailure.Usage($"--{asked} is for {(mode[0] == 's' ? "workers" : "the supervisor")}"),
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
