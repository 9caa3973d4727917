using System.CommandLine;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>mailtest: does the supervisor's mail work (Qube!: <c>qbadmin s --emailtest</c>).</summary>
internal static class MailTestCommand
{
    public static Command Build(ClientSession session)
    {
        var address = new Argument<string?>("ADDRESS") { Arity = ArgumentArity.ZeroOrOne, Description = "Whom to; without it the administrator of the mail settings." };
        var command = new Command("mailtest", "Has the supervisor send a test mail and tells how that went, in the mail server's words.") { address };
        command.SetAction(async (parsed, cancel) =>
        {
            using var supervisor = session.Connect(parsed);
            return await Send(session, supervisor, parsed.GetValue(address) ?? "", cancel);
        });
        return command;
    }

    /// <summary>Has it sent and tells how that went.</summary>
    internal static async Task<int> Send(ClientSession session, SupervisorClient supervisor, string address, CancellationToken cancel)
    {
        var answer = await supervisor.Post("api/v1/mailtest", body => body.WriteString("address", address), cancel);
        await session.Environment.Output.WriteLineAsync(CellText.OneLine(answer.Text("text")));
        return answer.GetProperty("sent").ValueKind == JsonValueKind.True ? CliExit.Ok : CliExit.Refused;
    }
}
