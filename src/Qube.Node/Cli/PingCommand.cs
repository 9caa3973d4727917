using System.CommandLine;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>ping: is the supervisor there, and how busy is its farm.</summary>
internal static class PingCommand
{
    public static Command Build(ClientSession session)
    {
        var host = new Argument<string?>("HOST") { Arity = ArgumentArity.ZeroOrOne, Description = "The supervisor, as with --supervisor." };
        var json = VerbOptions.Flag("--json", "Print the supervisor's answer as JSON.");
        var command = new Command("ping", "Asks whether the supervisor is there: its address, version, and how many of the farm's slots are used.") { host, json };
        command.SetAction(async (parsed, cancel) =>
        {
            using var supervisor = session.Connect(parsed, parsed.GetValue(host));
            var answer = await supervisor.Get("api/v1/ping", cancel);
            if (parsed.GetValue(json))
            {
                await session.Environment.Output.WriteLineAsync(answer.GetRawText());
                return CliExit.Ok;
            }

            await session.Environment.Output.WriteLineAsync(Line(answer));
            return CliExit.Ok;
        });
        return command;
    }

    /// <summary>What the supervisor says of itself, on one line as Qube! prints it.</summary>
    internal static string Line(JsonElement answer) => CellText.OneLine(
        $"supervisor - {answer.Text("state")} - tag: {answer.Text("address")} {answer.Text("version")} {answer.Text("os")} - - {answer.Text("name")} - "
        + $"{answer.Text("running")}/{answer.Text("slots")} slots - mode={answer.Text("mode")}.");
}
