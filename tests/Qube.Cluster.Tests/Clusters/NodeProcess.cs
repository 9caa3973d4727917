using System.Diagnostics;
using Qube.Cluster.Tests.Farms;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>One supervisor or worker as a process, which may be killed and is then started again with the same words.</summary>
internal sealed class NodeProcess(string root, string name, string mark, IReadOnlyList<string> arguments)
{
    /// <summary>Six processes at once on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(5);
    private Process? process;
    private bool mayEnd;

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
        mayEnd = false;
        process = Process.Start(start);
    }

    /// <summary>Starts the process, which is not there or dead, and waits until it is ready. One that ends by itself meanwhile has failed.</summary>
    public async Task StartAgain()
    {
        var ready = TimesReady;
        Start();
        await Ready(ready + 1);
    }

    /// <summary>Waits until it has been ready so often in all its lives.</summary>
    public Task Ready(int times) => Eventually.Get($"{name} ready {times} times", () => TimesReady, count => count >= times || ThrowIfEnded(), s_startLimit);

    /// <summary>False. A process that nobody has killed or stopped is to be there.</summary>
    public bool ThrowIfEnded() => !IsAlive && process is not null && !mayEnd
        ? throw new InvalidOperationException($"{name} ended by itself, with {process.ExitCode}, after it was ready {TimesReady} times.\n{Log()}")
        : false;

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task Kill()
    {
        mayEnd = true;
        if (process is { HasExited: false } running)
        {
            running.Kill();
        }

        await Gone();
    }

    /// <summary>Waits until it has ended, which it is expected to.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Gone()
    {
        mayEnd = true;
        await Eventually.Get($"{name} gone", () => IsAlive, alive => !alive);
        return process?.ExitCode ?? 0;
    }

    /// <summary>SIGSTOP: it is there, and answers nobody.</summary>
    public void Freeze() => Signals.Send("STOP", Pid);

    /// <summary>SIGCONT. From here on it may end by itself.</summary>
    public void Thaw()
    {
        mayEnd = true;
        Signals.Send("CONT", Pid);
    }

    /// <summary>SIGTERM, and waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> Stop()
    {
        Signals.Terminate(Pid);
        return Gone();
    }

    public string Log() => $"{name}:\n{string.Join('\n', Lines(".err").TakeLast(40))}";

    private string[] Lines(string kind)
    {
        var path = Path.Combine(root, name + kind);
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }
}
