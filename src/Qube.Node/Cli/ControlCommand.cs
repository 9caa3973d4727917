using System.CommandLine;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>kill, block, migrate, remove …: a verb on jobs, instances and items (spec/cli.md §2).</summary>
internal static class ControlCommand
{
    /// <summary>Where verbs go.</summary>
    internal const string Path = "api/v1/control";

    private const string OnAll = "Jobs (12), instances (12.0), items (12:5, 12:25-29).";
    private const string OnInstances = "Jobs (12), instances (12.0).";
    private const string OnJobs = "Jobs (12).";

    private static readonly (string Verb, string Ids, string Description)[] Verbs =
    [
        ("kill", OnAll, "Kills what has not ended."),
        ("block", OnAll, "Holds back what has not ended; what runs is stopped and runs again later."),
        ("unblock", OnAll, "Lets blocked jobs, instances and items start."),
        ("retry", OnAll, "Runs again what has ended."),
        ("requeue", OnAll, "As retry, but held back until unblocked."),
        ("preempt", OnInstances, "Takes running instances off their hosts after their current items; they start again where there is room."),
        ("interrupt", OnInstances, "Takes running instances off their hosts now; their items run again, and it counts as no failure."),
        ("migrate", OnInstances, "As interrupt, and for a while not back to the same hosts."),
        ("suspend", OnInstances, "Stops the processes of running instances where they are; they keep their slots."),
        ("resume", OnInstances, "Lets suspended instances go on."),
        ("remove", OnJobs, "Takes jobs that have ended off the farm."),
    ];

    /// <summary>The verbs by name.</summary>
    public static IEnumerable<string> Names => Verbs.Select(verb => verb.Verb);

    /// <summary>Whether the verb has to do with items.</summary>
    public static bool IsOnItems(string verb) => Array.Exists(Verbs, known => known.Verb == verb && known.Ids == OnAll);

    /// <summary>Whether the verb has to do with instances.</summary>
    public static bool IsOnInstances(string verb) => Array.Exists(Verbs, known => known.Verb == verb && known.Ids != OnJobs);

    public static IEnumerable<Command> BuildAll(ClientSession session) => Verbs.Select(verb => Build(session, verb.Verb, verb.Ids, verb.Description));

    private static Command Build(ClientSession session, string verb, string targets, string description)
    {
        var ids = VerbOptions.Ids(ArgumentArity.OneOrMore, targets);
        var work = VerbOptions.Flag("--work", "Of whole jobs: act on items only.");
        var subjob = VerbOptions.Flag("--subjob", "Of whole jobs: act on instances only.");
        var user = VerbOptions.Text("--user", "USER", "Act as this user; without it you.");
        var command = new Command(verb, description + " Prints what changed, an id a line.") { ids, user };
        if (targets == OnAll)
        {
            command.Add(work);
            command.Add(subjob);
        }

        command.SetAction((parsed, cancel) => Run(
            session, parsed, verb, parsed.GetRequiredValue(ids), targets == OnAll ? Scope(parsed.GetValue(work), parsed.GetValue(subjob)) : "job", parsed.GetValue(user), cancel));
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
        var answer = await supervisor.Post(Path, body => WriteBody(body, user ?? session.Environment.User, verb, scope, ids), cancel);
        return await Tell(session, $"qube {verb}", verb, ids, answer);
    }

    internal static void WriteBody(Utf8JsonWriter body, string user, string verb, string scope, string[] ids)
    {
        body.WriteString("requestId", Guid.NewGuid().ToString("N"));
        body.WriteString("user", user);
        body.WriteString("verb", verb);
        body.WriteString("scope", scope);
        JobQueries.WriteList(body, "ids", ids);
    }

    /// <summary>What changed, and what was wrong.</summary>
    /// <param name="session">This run.</param>
    /// <param name="program">What the user called it by.</param>
    /// <param name="verb">What was to be done.</param>
    /// <param name="ids">To which.</param>
    /// <param name="answer">The supervisor's answer.</param>
    /// <param name="show">How the ids are printed; null: one a line.</param>
    internal static async Task<int> Tell(
        ClientSession session, string program, string verb, string[] ids, JsonElement answer, Func<string[], string>? show = null)
    {
        string[] affected = [.. answer.Texts("affected")];
        string[] errors = [.. answer.Texts("errors"), .. answer.Texts("denied")];
        await session.Environment.Output.WriteAsync(show?.Invoke(affected) ?? string.Concat(affected.Select(id => CellText.OneLine(id) + "\n")));

        foreach (var error in errors)
        {
            session.Say($"{program}: {CellText.OneLine(error)}");
        }

        if (affected.Length == 0 && errors.Length == 0)
        {
            session.Say($"{program}: there is nothing to {verb} in {string.Join(' ', ids)}");
        }

        return affected.Length > 0 && errors.Length == 0 ? CliExit.Ok : CliExit.Refused;
    }
}
