using System.Xml.Linq;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbhist (spec/cli.md §3.2, spec/jobs.md §5.3).</summary>
internal static class QbhistTool
{
    public static Tool Tool { get; } = new(
        "qbhist", "JOB[.SUB]… | 0", "Tells what happened to jobs, their instances and items, oldest first.", [ToolOption.Flag("xml", "Print XML.")], Run)
    {
        Examples = ["qbhist 12", "qbhist 12.0"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        var ids = await JobSelection.Ids(run, []);
        var lines = ids.Length == 0 ? [] : (await run.Post("api/v1/hist", body => JobQueries.WriteList(body, "ids", ids))).List("history").ToList();
        if (run.IsXml)
        {
            await run.Output.WriteAsync(new XElement("history", lines.Select(line => new XElement(
                "event",
                line.EnumerateObject().Select(property => new XElement(property.Name, XmlText.Speakable(line.Text(property.Name))))))) + "\n");
        }
        else
        {
            await run.Output.WriteAsync(string.Concat(lines.Select(line => HistoryCommand.Line(line, run.Session.Zone) + "\n")));
        }

        if (lines.Count == 0)
        {
            run.Say($"nothing is known of {string.Join(' ', run.Said.Words)}");
        }

        return lines.Count > 0 ? CliExit.Ok : CliExit.Refused;
    }
}
