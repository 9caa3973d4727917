using System.CommandLine;
using System.Globalization;

namespace Qube.Node.Cli;

/// <summary>explain: why a job, or an item, is where it is.</summary>
internal static class ExplainCommand
{
    public static Command Build(ClientSession session)
    {
        var id = new Argument<string>("JOB[:ITEM]") { Description = "A job (12), or an item of it (12:5)." };
        var all = VerbOptions.Flag("--all", "List what has matched too, and all that is missing.");
        var json = VerbOptions.Flag("--json", "Print the supervisor's answer as JSON.");
        var command = new Command("explain", "Tells why a job or an item is where it is: its triggers leaf by leaf, and what each host lacks.") { id, all, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = ClientSession.Targets([parsed.GetRequiredValue(id)])[0];
            if (target.Instance is not null)
            {
                throw CliFailure.Usage("explain takes a job (12) or an item of it (12:5)");
            }

            var item = string.IsNullOrEmpty(target.Item) ? "" : $"item={Uri.EscapeDataString(target.Item)}&";
            using var supervisor = session.Connect(parsed);
            var answer = await supervisor.Get(
                $"api/v1/jobs/{target.Job.ToString(CultureInfo.InvariantCulture)}/explain?{item}all={(parsed.GetValue(all) ? "true" : "false")}", cancel);
            if (parsed.GetValue(json))
            {
                JsonListing.Write(session.Environment.Output, [answer]);
            }
            else
            {
                await session.Environment.Output.WriteAsync(ExplanationText.Of(answer, session.Zone));
            }

            return CliExit.Ok;
        });
        return command;
    }
}
