using System.CommandLine;

namespace Qube.Node.Cli;

/// <summary>trigger: raises a user-defined event (spec/callbacks.md §4).</summary>
internal static class TriggerCommand
{
    public static Command Build(ClientSession session)
    {
        var text = new Argument<string>("EVENT") { Description = "The event: approved-job-12, checked-work-12-5, ready-subjob-12-0, panic-host-*-render1, lights_out-global." };
        var user = VerbOptions.Text("--user", "USER", "Act as this user; without it you.");
        var command = new Command("trigger", "Raises an event that callbacks may listen to. Prints it once it is on file.") { text, user };
        command.SetAction(async (parsed, cancel) =>
        {
            using var supervisor = session.Connect(parsed);
            return await Raise(session, supervisor, parsed.GetValue(user) ?? session.Environment.User, parsed.GetRequiredValue(text), cancel);
        });
        return command;
    }

    /// <summary>Raises it and prints it.</summary>
    internal static async Task<int> Raise(ClientSession session, SupervisorClient supervisor, string user, string text, CancellationToken cancel)
    {
        var answer = await supervisor.Post(
            "api/v1/trigger",
            body =>
            {
                body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                body.WriteString("user", user);
                body.WriteString("event", text);
            },
            cancel);
        await session.Environment.Output.WriteLineAsync(CellText.OneLine(answer.Text("raised")));
        return CliExit.Ok;
    }
}
