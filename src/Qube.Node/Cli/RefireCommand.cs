using System.CommandLine;

namespace Qube.Node.Cli;

/// <summary>refire: a firing's action once more.</summary>
internal static class RefireCommand
{
    public static Command Build(ClientSession session)
    {
        var firings = new Argument<string[]>("FIRING") { Arity = ArgumentArity.OneOrMore, Description = "Firings as 'qube callbacks JOB' lists them." };
        var user = VerbOptions.Text("--user", "USER", "Act as this user; without it you.");
        var command = new Command("refire", "Does the actions of firings once more; of those that have ended. Prints each with its new attempt.") { firings, user };
        command.SetAction(async (parsed, cancel) =>
        {
            using var supervisor = session.Connect(parsed);
            var answer = await supervisor.Post(
                "api/v1/refire",
                body =>
                {
                    body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                    body.WriteString("user", parsed.GetValue(user) ?? session.Environment.User);
                    JobQueries.WriteList(body, "firings", parsed.GetRequiredValue(firings));
                },
                cancel);
            foreach (var one in answer.List("refired"))
            {
                await session.Environment.Output.WriteLineAsync(CellText.OneLine($"{one.Text("id")} attempt {one.Text("attempt")}"));
            }

            string[] errors = [.. answer.Texts("errors")];
            foreach (var error in errors)
            {
                session.Say($"qube refire: {CellText.OneLine(error)}");
            }

            return errors.Length == 0 ? CliExit.Ok : CliExit.Refused;
        });
        return command;
    }
}
