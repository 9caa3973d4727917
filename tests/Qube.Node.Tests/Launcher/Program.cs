using Qube.Contracts.Launching;
using Qube.Node.Launcher;

namespace Qube.Node.Tests.Launcher;

/// <summary>
/// <c>dotnet Qube.Node.Tests.dll FOLDER QUBE JOB LINE…</c>: a node to be killed. Connects, starts one item per line and waits until it dies.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not [var folder, var executable, var job, .. var lines])
        {
            return 2;
        }

        var left = lines.Length;
        var options = new LauncherClientOptions { Folder = folder, ExecutablePath = executable };
        var root = Path.GetDirectoryName(folder)!;
        var launcher = await LauncherClient.ConnectAsync(
            options,
            e =>
            {
                if (e is LaunchEvent.Started && Interlocked.Decrement(ref left) == 0)
                {
                    Console.WriteLine("started");
                }
            },
            CancellationToken.None);
        for (var i = 0; i < lines.Length; i++)
        {
            var key = new LaunchKey(long.Parse(job, System.Globalization.CultureInfo.InvariantCulture), i, 0, 1);
            launcher.Start(new LaunchRequest(
                key, 1, new LaunchCommand.ShellLine(lines[i]), ["PATH=/usr/bin:/bin"], root, Path.Combine(root, $"{i}.out"), null));
        }

        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
