using System.CommandLine;

namespace Qube.Node.Cli;

/// <summary>lock and unlock: whether a host's slots take work (spec/cli.md §4).</summary>
internal static class LockCommand
{
    public static IEnumerable<Command> BuildAll(ClientSession session)
    {
        yield return Build(session, "lock", locks: true, "Locks hosts: they take no more work. Prints the hosts locked.");
        yield return Build(session, "unlock", locks: false, "Opens all slots of hosts for work. Prints the hosts opened.");
    }

    private static Command Build(ClientSession session, string verb, bool locks, string description)
    {
        var names = new Argument<string[]>("HOST") { Arity = ArgumentArity.ZeroOrMore, Description = "Hosts by name." };
        var all = VerbOptions.Flag("--all", "Every host of the farm.");
        var purge = VerbOptions.Flag("--purge", "What runs there goes at once and runs again elsewhere; without it, it finishes.");
        var text = VerbOptions.Text(
            "--locks", "TEXT", "The lock string whole, for single slots and calendars: host.processor_0=1,host.processor_1=0. It replaces what there was.");
        var user = VerbOptions.Text("--user", "USER", "Act as this user; without it you.");
        var command = new Command(verb, description) { names, all, user };
        if (locks)
        {
            command.Options.Add(purge);
            command.Options.Add(text);
        }

        command.SetAction(async (parsed, cancel) =>
        {
            var hosts = parsed.GetValue(names) ?? [];
            if (hosts.Length > 0 == parsed.GetValue(all))
            {
                throw CliFailure.Usage("name hosts, or say --all");
            }

            using var supervisor = session.Connect(parsed);
            if (hosts.Length == 0)
            {
                hosts = [.. (await supervisor.Post("api/v1/hosts/query", _ => { }, cancel)).List("hosts").Select(host => host.Text("name"))];
            }

            var answer = await supervisor.Post(
                "api/v1/hosts/lock",
                body =>
                {
                    body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                    body.WriteString("user", parsed.GetValue(user) ?? session.Environment.User);
                    body.WriteBoolean("lock", locks);
                    if (locks)
                    {
                        body.WriteBoolean("purge", parsed.GetValue(purge));
                        if (parsed.GetValue(text) is { } given)
                        {
                            body.WriteString("locks", given);
                        }
                    }

                    body.WriteStartArray("names");
                    foreach (var host in hosts)
                    {
                        body.WriteStringValue(host);
                    }

                    body.WriteEndArray();
                },
                cancel);
            return Tell(session, verb, hosts, [.. answer.Texts("hosts")]);
        });
        return command;
    }

    private static int Tell(ClientSession session, string verb, string[] asked, string[] done)
    {
        foreach (var host in done)
        {
            session.Environment.Output.WriteLine(CellText.OneLine(host));
        }

        string[] unknown = [.. asked.Where(host => !done.Contains(host, StringComparer.OrdinalIgnoreCase))];
        foreach (var host in unknown)
        {
            session.Say($"qube {verb}: there is no host '{CellText.OneLine(host)}'");
        }

        if (asked.Length == 0)
        {
            session.Say($"qube {verb}: there are no hosts");
        }

        return unknown.Length > 0 || done.Length == 0 ? CliExit.Refused : CliExit.Ok;
    }
}
