using System.Diagnostics;
using Qube.Cluster.Tests.Farms;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>One supervisor or worker as a process, which may be killed and is then started again with the same words.</summary>
internal sealed class NodeProcess(string root, string name, string mark, IReadOnlyList<string> arguments)
{
    private const int Lives = 5;

    /// <summary>Six processes at once on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(5);
    private Process? process;

    public string Name => name;

    /// <summary>Its data folder.</summary>
    public string Data => Path.Combine(root, name);

    public bool IsAlive => process is { HasExited: false };

    public int Pid => process is { HasExited: false } running ? running.Id : 0;

    /// <summary>How often it was ready: a supervisor to serve, a worker attached.</summary>
    public int TimesReady => Lines(".out").Count(line => line.StartsWith("ready ", StringComparison.Ordinal));

    public void Start()
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = root };
        foreach (var argument in (string[])["-c", $"exec \"$0\" \"$@\" >>{name}.out 2>>{name}.err </dev/null", FarmProcess.Executable, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        // Frames inherit these: what begins with QUBE_ they would not.
        start.Environment["QTEST_FARM"] = mark;
        start.Environment["QTEST_NODE"] = Data;
        start.Environment.Remove("QUBE_CRASH_AT");
        process = Process.Start(start);
    }

    /// <summary>Starts the process, which is not there or dead, and waits until it is ready. As a service manager does, it starts one again that ends by itself: a supervisor that
    /// a busy machine keeps from answering the others is cut off by them, and then ends.</summary>
    public async Task StartAgain()
    {
        var (ready, lives) = (TimesReady, 1);
        Start();
        await Eventually.Get($"{name} ready {ready + 1} times", () => TimesReady, count => count > ready || HasFailedToStay(), s_startLimit);

        bool HasFailedToStay()
        {
            if (!IsAlive && ++lives <= Lives)
            {
                Start();
            }

            return !IsAlive && HasFailed(ready);
        }
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task Kill()
    {
        if (process is { HasExited: false } running)
        {
            running.Kill();
        }

        await Gone();
    }

    public Task Gone() => Eventually.Get($"{name} gone", () => IsAlive, alive => !alive);

    /// <summary>SIGTERM, and waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Stop()
    {
        var asked = process!;
        Signals.Terminate(asked.Id);
        await Gone();
        return asked.ExitCode;
    }

    public string Log() => $"{name}:\n{string.Join('\n', Lines(".err").TakeLast(40))}";

    private bool HasFailed(int ready) => !IsAlive ? throw new InvalidOperationException($"{name} ended after it was ready {ready} times.\n{Log()}") : false;

    private string[] Lines(string kind)
    {
        var path = Path.Combine(root, name + kind);
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }
}
