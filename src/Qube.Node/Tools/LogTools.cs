using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbout and qberr (spec/cli.md §3.2).</summary>
internal static class LogTools
{
    private const long UsualSleepSeconds = 60;

    public static IReadOnlyList<Tool> All { get; } = [Build("out", "stdout"), Build("err", "stderr")];

    private static Tool Build(string stream, string what) => new(
        $"qb{stream}", "JOB[.SUB]…", $"Prints what instances wrote to {what}; without a number the first instance of the job.",
        [
            new("pos", "BYTES", "Begin there; below 0: so many bytes before the end."),
            ToolOption.Flag("follow", "Go on until the jobs are done."),
            new("sleep", "SECONDS", "How often --follow reads; 60 without it."),
        ],
        run => Run(run, stream))
    {
        Examples = [$"qb{stream} 12", $"qb{stream} --follow --sleep 2 12.3"],
    };

    private static async Task<int> Run(ToolRun run, string stream)
    {
        if (run.Said.Words.Count == 0)
        {
            throw CliFailure.Usage("name jobs or instances");
        }

        var targets = ClientSession.Targets(run.Said.Words).Select(target => target is { Instance: null, Item: null } ? target with { Instance = 0 } : target).ToArray();
        var seconds = run.Said.Number("sleep") ?? UsualSleepSeconds;
        if (seconds is < 1 or > 86_400)
        {
            throw CliFailure.Usage("--sleep takes 1 to 86400 seconds");
        }

        var log = new LogCommand(run.Session, stream, run.Tool.Name) { Interval = TimeSpan.FromSeconds(seconds) };
        return await log.Print(run.Supervisor, targets, run.Said.Number("pos") ?? 0, run.Said.Has("follow"), run.Cancel);
    }
}
