using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Qube.Cluster.Tests.Farms;

/// <summary><c>qube up</c> as a process of its own on a folder of its own, which may be killed and is then started again on the same folder and
/// port. All that it started is gone when it is disposed.</summary>
internal sealed class FarmProcess : IFarm, IAsyncDisposable
{
    private const int MostPorts = 3;

    private readonly FarmSetup setup;
    private volatile Process? node;
    private volatile bool ending;
    private bool keepsFolder = Environment.GetEnvironmentVariable("QUBE_TEST_KEEP") is not null;
    private int lives;
    private string host;

    private FarmProcess(FarmSetup setup)
    {
        this.setup = setup;
        host = setup.Host;
        Directory.CreateDirectory(Root);
        OpenToAll.Folder(Root);
        OpenToAll.EmptyFile(Trace);
    }

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "qube-farm-" + Guid.NewGuid().ToString("N")[..12]);

    public string Data => Path.Combine(Root, "data");

    /// <summary>Where frames write down that they begin and end.</summary>
    public string Trace => Path.Combine(Root, "trace");

    public int Port { get; } = FreePort();

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    public static string Executable => Path.Combine(AppContext.BaseDirectory, "qube");

    /// <summary>How often the node has been started.</summary>
    public int Lives => Volatile.Read(ref lives);

    public int Pid => node is { HasExited: false } running ? running.Id : 0;

    /// <summary>What exists once the armed crash point has been passed.</summary>
    public string CrashFile => Path.Combine(Root, "crashed");

    /// <summary>How often a node was ready to serve.</summary>
    public int TimesReady => Lines(Path.Combine(Root, "node.out")).Count(line => line.StartsWith("ready ", StringComparison.Ordinal));

    public static async Task<FarmProcess> StartAsync(FarmSetup setup)
    {
        for (var attempt = 1; ; attempt++)
        {
            var farm = new FarmProcess(setup);
            try
            {
                farm.StartNode(setup.CrashAt);
                await farm.Ready(1);
                return farm;
            }
            catch (InvalidOperationException taken) when (attempt < MostPorts && taken.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
            {
                // Between looking for a free port and taking it somebody else was faster.
                await farm.DisposeAsync();
            }
            catch
            {
                await farm.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts the node again when it is dead, now and whenever it dies, until the farm is disposed.</summary>
    /// <param name="crashAt">The crash point armed from the next life on.</param>
    public void KeepAlive(string? crashAt = null) => _ = Task.Run(async () =>
    {
        while (!ending)
        {
            if (Pid == 0)
            {
                StartNode(crashAt);
            }

            await Task.Delay(10);
        }
    });

    /// <summary>Starts the dead node again, under another host name if one is given, and waits until it serves.</summary>
    public async Task StartAgain(string? asHost = null)
    {
        host = asHost ?? host;
        var ready = TimesReady;
        StartNode(crashAt: null);
        await Ready(ready + 1);
    }

    /// <summary>Starts the dead node again with a crash point armed, and waits until it has died there.</summary>
    public async Task DieAt(string crashAt)
    {
        File.Delete(CrashFile);
        StartNode(crashAt);
        await Eventually.Get($"the node dead at {crashAt}", () => (Pid, Passed: File.Exists(CrashFile)), seen => seen is { Pid: 0, Passed: true } || (seen.Pid == 0 && FailedToStart()));
    }

    /// <summary>Asks the node to stop, as a service manager does, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Stop()
    {
        var asked = node!;
        Signals.Terminate(asked.Id);
        await Eventually.Get("the node stopped", () => asked.HasExited, hasExited => hasExited);
        return asked.ExitCode;
    }

    /// <summary>All processes of the farm, those of frames and scripts included: number and command line.</summary>
    public string[] Processes() => [.. Signals.WithVariable("QUBE_TEST_FARM", Root).Select(Signals.Describe)];

    /// <summary>What runs for scripts: whatever the node's children have below them, its keeper aside, and what waits for a script.</summary>
    public string[] ScriptProcesses() =>
    [
        .. Signals.ChildrenOf(Pid)
            .Where(child => !Signals.Describe(child).Contains(" keeper ", StringComparison.Ordinal))
            .SelectMany(Signals.ChildrenOf)
            .Where(child => Signals.NameOf(child) != "qb-spare")
            .Select(Signals.Describe),
    ];

    /// <summary>Waits until the node has served in so many of its lives.</summary>
    public async Task Ready(int times) =>
        await Eventually.Get($"the node of {Root} ready {times} times", () => TimesReady, count => count >= times || FailedToStart());

    public void KillNode()
    {
        var pid = Pid;
        if (pid > 0)
        {
            Signals.Kill(pid);
        }
    }

    /// <summary>The launcher, which says in its command line whose it is; 0 when none is there.</summary>
    public int LauncherPid() => Signals.Find(["launcher", "--dir", Path.Combine(Data, "launcher")]);

    public string[] TraceLines() => Lines(Trace);

    /// <summary>What the node had to say, for the message of a failed test.</summary>
    public string Log() => string.Join('\n', Lines(Path.Combine(Root, "node.err")).TakeLast(60));

    /// <summary>Leaves the farm's folder, with its journal and logs, for whoever looks into a failure; returns it.</summary>
    public string KeepFolder()
    {
        keepsFolder = true;
        return Root;
    }

    public async ValueTask DisposeAsync()
    {
        ending = true;
        for (var round = 0; round < 2; round++)
        {
            // Twice: a life may just have begun.
            KillNode();
            await Eventually.Get("the node gone", () => Pid, pid => pid == 0);
            await Task.Yield();
        }

        // The keeper before its launcher, which it would start anew; and the children of scripts.
        Signals.Kill(Signals.Find(["keeper", "--dir", Path.Combine(Data, "launcher")]));
        await Eventually.Get("all processes of the farm gone", KillAll, left => left == 0);
        if (!keepsFolder)
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private int KillAll()
    {
        var left = Signals.WithVariable("QUBE_TEST_FARM", Root);
        foreach (var pid in left)
        {
            Signals.Kill(pid);
        }

        return left.Length;
    }

    /// <summary>Starts the dead node again and does not wait for it.</summary>
    public void StartNode(string? crashAt)
    {
        // The shell is replaced by the node and leaves it its number; the files are appended to over all lives.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = Root };
        string[] options = ["up", "--data", Data, "--port", Text(Port), "--cluster-port", "0", "--slots", Text(setup.Slots), "--name", host, "--lease-seconds", "120", .. setup.Options];
        foreach (var argument in (string[])["-c", "exec \"$0\" \"$@\" >>node.out 2>>node.err </dev/null", Executable, .. options])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["QUBE_TEST_FARM"] = Root;
        start.Environment.Remove("QUBE_CRASH_AT");
        if (crashAt is not null)
        {
            start.Environment["QUBE_CRASH_AT"] = crashAt;
            start.Environment["QUBE_CRASH_ONCE_FILE"] = CrashFile;
        }

        node = Process.Start(start);
        Interlocked.Increment(ref lives);
    }

    /// <summary>One that died at its crash point has not.</summary>
    private bool FailedToStart() => Pid == 0 && (setup.CrashAt is null || !File.Exists(CrashFile)) && !ending
        ? throw new InvalidOperationException($"qube up ended:\n{Log()}")
        : false;

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
