using System.CommandLine;
using System.Globalization;

namespace Qube.Node.Cli;

/// <summary>modify: attributes of jobs that have not ended (spec/cli.md §2, qbmodify).</summary>
internal static class ModifyCommand
{
    public static Command Build(ClientSession session)
    {
        var ids = VerbOptions.Ids(ArgumentArity.OneOrMore, "Jobs (12).");
        var user = VerbOptions.Text("--user", "USER", "Act as this user; without it you.");
        (JobAttribute Attribute, Option<string> Option)[] attributes =
            [.. JobAttribute.Modifiable.Select(attribute => (attribute, VerbOptions.Text(attribute.Option, attribute.ValueName, attribute.Description)))];
        var command = new Command("modify", "Changes attributes of jobs that have not ended. Prints the jobs changed, an id a line.") { ids, user };
        foreach (var (_, option) in attributes)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancel) =>
        {
            var jobs = parsed.GetRequiredValue(ids);
            ClientSession.Targets(jobs);
            var changes = attributes.Where(entry => parsed.GetValue(entry.Option) is not null).Select(entry => (entry.Attribute, Value: parsed.GetValue(entry.Option)!)).ToArray();
            if (changes.Length == 0)
            {
                throw CliFailure.Usage("say what to change, such as --priority 5");
            }

            using var supervisor = session.Connect(parsed);
            var answer = await supervisor.Post(
                "api/v1/modify",
                body =>
                {
                    body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                    body.WriteString("user", parsed.GetValue(user) ?? session.Environment.User);
                    body.WriteStartObject("params");
                    foreach (var (attribute, value) in changes)
                    {
                        Write(body, attribute, value);
                    }

                    body.WriteEndObject();
                    body.WriteStartArray("ids");
                    foreach (var id in jobs)
                    {
                        body.WriteStringValue(id);
                    }

                    body.WriteEndArray();
                },
                cancel);
            return await ControlCommand.Tell(session, "qube modify", "modify", jobs, answer);
        });
        return command;
    }

    internal static void Write(System.Text.Json.Utf8JsonWriter body, JobAttribute attribute, string value)
    {
        if (!attribute.IsNumber)
        {
            body.WriteString(attribute.Key, value);
        }
        else if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            body.WriteNumber(attribute.Key, number);
        }
        else
        {
            throw CliFailure.Usage($"{attribute.Option} takes a whole number, not '{value}'");
        }
    }
}
