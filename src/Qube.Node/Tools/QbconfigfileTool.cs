using Qube.Domain.Configuration;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbconfigfile (spec/cli.md §3.2): a central worker configuration as it is read.</summary>
internal static class QbconfigfileTool
{
    public static Tool Tool { get; } = new(
        "qbconfigfile", "FILE", "Prints the sections of a qbwrk.conf expanded: ranges of hosts one by one, what is inherited and what macros say put in. No supervisor is asked.",
        [],
        Run)
    {
        Notes = "What cannot be read is named with its line, and nothing is printed.",
        Examples = ["qbconfigfile /etc/qbwrk.conf"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        if (run.Said.Words is not [var file])
        {
            throw CliFailure.Usage("name one file");
        }

        string text;
        try
        {
            text = await File.ReadAllTextAsync(file, run.Cancel);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw CliFailure.Refused(unreadable.Message);
        }

        var read = WorkerConfigFile.Read(text);
        foreach (var problem in read.Problems)
        {
            run.Say($"{file}: {problem}");
        }

        if (read.Problems.Length > 0)
        {
            return CliExit.Refused;
        }

        await run.Output.WriteAsync(read.ToString());
        return CliExit.Ok;
    }
}
