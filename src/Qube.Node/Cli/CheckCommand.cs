using System.CommandLine;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>check: what submitting a file would do.</summary>
internal static class CheckCommand
{
    public static Command Build(ClientSession session)
    {
        var file = new Argument<string>("FILE") { Description = "A job's dictionary as JSON, or a list of them, as for 'qube sub --json'; - reads stdin." };
        var user = VerbOptions.Text("--user", "USER", "Whose they would be; yours without it.");
        var command = new Command("check", "Tells what submitting a file would do: errors, warnings, the jobs and what waits for what. Nothing is created.") { file, user };
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(file);
            JsonElement jobs;
            try
            {
                jobs = await JobFile.Read(path, session.Environment, cancel);
            }
            catch (CliFailure wrong) when (path == "-" || File.Exists(path))
            {
                // It is there and is no job file: that is what was asked.
                await session.Environment.Output.WriteLineAsync($"error: {CellText.OneLine(wrong.Message)}");
                return CliExit.Refused;
            }

            using var supervisor = session.Connect(parsed);
            var answer = await supervisor.Post(
                "api/v1/jobs/check",
                body =>
                {
                    body.WriteString("user", parsed.GetValue(user) ?? session.Environment.User);
                    body.WriteString("sourceHost", System.Environment.MachineName);
                    body.WritePropertyName("jobs");
                    if (jobs.ValueKind == JsonValueKind.Array)
                    {
                        jobs.WriteTo(body);
                    }
                    else
                    {
                        body.WriteStartArray();
                        jobs.WriteTo(body);
                        body.WriteEndArray();
                    }
                },
                cancel);
            var output = session.Environment.Output;
            var errors = answer.List("errors").ToList();
            foreach (var error in errors)
            {
                var column = error.Text("column") is { Length: > 0 } at ? $" (column {at})" : "";
                var message = error.Text("message");
                await output.WriteLineAsync(CellText.OneLine($"error: {message}{(message.Contains("column", StringComparison.Ordinal) ? "" : column)}"));
            }

            foreach (var warning in answer.Texts("warnings"))
            {
                await output.WriteLineAsync(CellText.OneLine($"warning: {warning}"));
            }

            foreach (var line in answer.Text("graph").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await output.WriteLineAsync(CellText.OneLine(line));
            }

            var planned = answer.List("jobs").ToList();
            await output.WriteLineAsync(errors.Count > 0
                ? $"{path}: {errors.Count} {(errors.Count == 1 ? "error" : "errors")}, nothing would be created"
                : $"{path}: would create {Plural(planned.Count, "job")}, {Plural(planned.Sum(job => job.Int("items")), "item")}, {Plural(planned.Sum(job => job.Int("callbacks")), "callback")}");
            return errors.Count > 0 ? CliExit.Refused : CliExit.Ok;
        });
        return command;
    }

    private static string Plural(int count, string word) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");
}
