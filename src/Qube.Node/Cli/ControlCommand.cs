using System.CommandLine;

namespace Qube.Node.Cli;

/// <summary>kill, block, unblock, retry, requeue: a verb on jobs, instances and items (spec/cli.md §2).</summary>
internal static class ControlCommand
{
    private static readonly (string Verb, string Description)[] Verbs =
    [
        ("kill", "Kills what has not ended."),
        ("block", "Holds back what has not ended; what runs is stopped and runs again later."),
        ("unblock", "Lets blocked jobs, instances and items start."),
        ("retry", "Runs again what has ended."),
        ("requeue", "As retry, but held back until unblocked."),
    ];

    public static IEnumerable<Command> BuildAll(ClientSession session) => Verbs.Select(verb => Build(session, verb.Verb, verb.Description));

    private static Command Build(ClientSession session, string verb, string description)
    {
        var ids = VerbOptions.Ids(ArgumentArity.OneOrMore, "Jobs (12), instances (12.0), items (12:5, 12:25-29).");
        var work = VerbOptions.Flag("--work", "Of whole jobs: act on items only.");
        var subjob = VerbOptions.Flag("--subjob", "Of whole jobs: act on instances only.");
        var user = VerbOptions.Text("--user", "USER", "Act as this user; without it you.");
        var command = new Command(verb, description + " Prints what changed, an id a line.") { ids, work, subjob, user };
        command.SetAction((parsed, cancel) => Run(
            session, parsed, verb, parsed.GetRequiredValue(ids), Scope(parsed.GetValue(work), parsed.GetValue(subjob)), parsed.GetValue(user), cancel));
        return command;
    }

    /// <summary>Both by default, unlike scripts, whose verbs leave items alone (spec/jobs.md §6.1).</summary>
    private static string Scope(bool work, bool subjob) => (work, subjob) switch
    {
        (true, false) => "work",
        (false, true) => "job",
        _ => "both",
    };

    private static async Task<int> Run(
        ClientSession session, ParseResult parsed, string verb, string[] ids, string scope, string? user, CancellationToken cancel)
    {
        ClientSession.Targets(ids);
        using var supervisor = session.Connect(parsed);
        var answer = await supervisor.Post(
            "api/v1/control",
            body =>
            {
                body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                body.WriteString("user", user ?? session.Environment.User);
                body.WriteString("verb", verb);
                body.WriteString("scope", scope);
                body.WriteStartArray("ids");
                foreach (var id in ids)
                {
                    body.WriteStringValue(id);
                }

                body.WriteEndArray();
            },
            cancel);

        string[] affected = [.. answer.Texts("affected")];
        string[] errors = [.. answer.Texts("errors")];
        foreach (var id in affected)
        {
            await session.Environment.Output.WriteLineAsync(CellText.OneLine(id));
        }

        foreach (var error in errors)
        {
            session.Say($"qube {verb}: {CellText.OneLine(error)}");
        }

        if (affected.Length == 0 && errors.Length == 0)
        {
            session.Say($"qube {verb}: there is nothing to {verb} in {string.Join(' ', ids)}");
        }

        return affected.Length > 0 && errors.Length == 0 ? CliExit.Ok : CliExit.Refused;
    }
}
