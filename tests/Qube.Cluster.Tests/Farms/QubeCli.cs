using System.Diagnostics;
using Xunit;

namespace Qube.Cluster.Tests.Farms;

/// <summary>The command line of <c>qube</c> as a process of its own, asking the farm of a test.</summary>
internal static class QubeCli
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>What it printed, after it ended with that code.</summary>
    public static async Task<string> Run(FarmProcess farm, int exitCode, params string[] arguments)
    {
        var (code, output, error) = await Run(farm, arguments);
        Assert.True(code == exitCode, $"qube {string.Join(' ', arguments)}: expected exit code {exitCode}, found {code}\n{output}\n{error}\nnode:\n{farm.Log()}");
        return output;
    }

    /// <summary>Runs a command until what it prints is as expected.</summary>
    public static async Task<string> Until(FarmProcess farm, string expected, Func<string, bool> isThere, params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var (_, output, error) = await Run(farm, arguments);
            if (isThere(output))
            {
                return output;
            }

            Assert.True(clock.Elapsed < Limit, $"qube {string.Join(' ', arguments)}: expected {expected} within {Limit.TotalSeconds} s, last seen:\n{output}\n{error}\nnode:\n{farm.Log()}");
        }
    }

    private static async Task<(int Code, string Output, string Error)> Run(FarmProcess farm, string[] arguments)
    {
        var start = new ProcessStartInfo(FarmProcess.Executable) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = farm.Root };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["QB_SUPERVISOR"] = farm.Url;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
