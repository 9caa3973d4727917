using System.CommandLine;

namespace Qube.Node.Cli;

/// <summary>hosts: what renders, and how busy it is.</summary>
internal static class HostsCommand
{
    public static Command Build(ClientSession session)
    {
        var names = new Argument<string[]>("NAME") { Arity = ArgumentArity.ZeroOrMore, Description = "Names or patterns (* or %, ~REGEX); none is every host." };
        var state = VerbOptions.Text("--state", "STATE", "Only hosts in these states: active, down.");
        var cluster = VerbOptions.Text("--cluster", "PATTERN", "Only hosts of these clusters.");
        var group = VerbOptions.Text("--group", "PATTERN", "Only hosts in these groups.");
        var json = VerbOptions.Flag("--json", "Print the supervisor's answer as JSON.");
        var command = new Command("hosts", "Lists the hosts of the farm, their slots and locks, and what runs on them.") { names, state, cluster, group, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var wanted = parsed.GetValue(names) ?? [];
            using var supervisor = session.Connect(parsed);
            var answer = await supervisor.Post(
                "api/v1/hosts/query",
                body =>
                {
                    body.WriteBoolean("subjobs", true);
                    body.WriteStartObject("filters");
                    JobQueries.WriteList(body, "name", wanted);
                    JobQueries.WriteList(body, "state", JobQueries.Split(parsed.GetValue(state)));
                    JobQueries.WriteList(body, "cluster", JobQueries.Split(parsed.GetValue(cluster)));
                    JobQueries.WriteList(body, "groups", JobQueries.Split(parsed.GetValue(group)));
                    body.WriteEndObject();
                },
                cancel);
            var hosts = answer.List("hosts").OrderBy(host => host.Text("name"), StringComparer.OrdinalIgnoreCase).ToList();
            if (parsed.GetValue(json))
            {
                JsonListing.Write(session.Environment.Output, hosts);
            }
            else if (hosts.Count > 0)
            {
                HostTable.Of(hosts, session.Environment.OutputIsTerminal, session.NowMs / 1000, session.Zone).Show(session.Environment);
            }
            else
            {
                session.Say("no hosts");
            }

            return hosts.Count == 0 && wanted.Length > 0 ? CliExit.Refused : CliExit.Ok;
        });
        return command;
    }
}
