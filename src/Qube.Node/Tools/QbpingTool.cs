using System.Globalization;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbping (spec/cli.md §3.2).</summary>
internal static class QbpingTool
{
    public static Tool Tool { get; } = new(
        "qbping", "[HOST]", "Asks whether the supervisor is there: its address, version, and how many of the farm's slots are used.",
        [
            ToolOption.Flag("time", "Print the supervisor's clock, in Unix seconds, and nothing else."),
            new("sleep", "SECONDS", "Only sleep so long; nobody is asked."),
            new("timeout", "SECONDS", "Give up after so long."),
        ],
        Run)
    {
        Examples = ["qbping", "qbping --supervisor farm:50001 --timeout 5"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        if (run.Said.Number("sleep") is { } pause)
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Clamp(pause, 0, int.MaxValue / 1000)), run.Environment.Time, run.Cancel);
            return CliExit.Ok;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Cancel);
        var seconds = run.Said.Number("timeout");
        if (seconds is { } given)
        {
            limit.CancelAfter(TimeSpan.FromSeconds(Math.Clamp(given, 0, int.MaxValue / 1000)));
        }

        using var supervisor = run.Session.Connect(run.Said.Words is [var named, ..] ? named : run.Said.Text("supervisor"), run.Said.Text("token-file"));
        try
        {
            if (run.Said.Has("time"))
            {
                await run.Output.WriteLineAsync((await supervisor.Get("api/v1/time", limit.Token)).Text("time"));
                return CliExit.Ok;
            }

            await run.Output.WriteLineAsync(PingCommand.Line(await supervisor.Get("api/v1/ping", limit.Token)));
            return CliExit.Ok;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !run.Cancel.IsCancellationRequested)
        {
            throw CliFailure.Away(string.Create(CultureInfo.InvariantCulture, $"supervisor {supervisor.Name} did not answer within {seconds} seconds"));
        }
    }
}
