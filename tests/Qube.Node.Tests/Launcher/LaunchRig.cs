using System.Diagnostics;
using Qube.Contracts.Launching;
using Qube.Node.Launcher;
using Xunit;

namespace Qube.Node.Tests.Launcher;

/// <summary>A folder with a launcher of its own. What it started is gone when it is disposed.</summary>
internal sealed class LaunchRig : IAsyncDisposable
{
    private static long _jobs = 1000;
    private readonly List<LaunchPeer> _peers = [];

    public LaunchRig() => Directory.CreateDirectory(Folder);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "qube-launch-" + Guid.NewGuid().ToString("N")[..12]);

    public string Folder => Path.Combine(Root, "launcher");

    public static string Executable => Path.Combine(AppContext.BaseDirectory, "qube");

    public long JobId { get; } = Interlocked.Increment(ref _jobs);

    public string PathOf(string name) => Path.Combine(Root, name);

    public LaunchKey Key(int seq, int attempt = 1) => new(JobId, seq, 0, attempt);

    /// <summary>A request for a command line, with a short environment and logs <c>SEQ.out</c> and <c>SEQ.err</c>.</summary>
    public LaunchRequest Line(int seq, string line, int epoch = 1) => new(
        Key(seq), epoch, new LaunchCommand.ShellLine(line), ["PATH=/usr/bin:/bin"], Root, PathOf($"{seq}.out"), PathOf($"{seq}.err"));

    public LauncherClientOptions Options(int leaseSeconds = 120, string? crashAt = null) => new()
    {
        Folder = Folder,
        ExecutablePath = Executable,
        LeaseSeconds = leaseSeconds,
        Environment = crashAt is null
            ? new Dictionary<string, string>()
            : new Dictionary<string, string> { ["QUBE_CRASH_AT"] = crashAt, ["QUBE_CRASH_ONCE_FILE"] = PathOf("crashed") },
    };

    public Task<LaunchPeer> ConnectAsync(int leaseSeconds = 120, string? crashAt = null) => ConnectAsync(Options(leaseSeconds, crashAt));

    public async Task<LaunchPeer> ConnectAsync(LauncherClientOptions options)
    {
        var peer = await LaunchPeer.ConnectAsync(options);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>The launcher's pid, without touching its socket: its lock is its own.</summary>
    public int LauncherPidQuietly() => PidOf(LauncherProcess.Verb);

    public int KeeperPid() => PidOf(KeeperProcess.Verb);

    private int PidOf(string verb)
    {
        // A child before its exec looks the same, but has a single thread.
        var mine = ProcFs.All().Where(p => !p.Dead && Of(p.Pid, "cmdline").Contains($"{verb}\0--dir\0{Folder}\0", StringComparison.Ordinal) && !Of(p.Pid, "status").Contains("\nThreads:\t1\n", StringComparison.Ordinal)).ToList();
        Assert.True(mine.Count == 1, $"expected one {verb} of {Folder}, found {mine.Count}");
        return mine[0].Pid;
    }

    public static void KillHard(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>Live processes that carry this folder's mark.</summary>
    public IReadOnlyList<int> Marked(LaunchKey key) =>
        [.. ProcFs.All().Where(p => !p.Dead && ProcFs.Variable(p.Pid, "QUBE_RUN")?.EndsWith($":{key}", StringComparison.Ordinal) == true).Select(p => p.Pid)];

    public string Text(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : "";

    public static void Until(Func<bool> condition, string expected, Func<string> actual)
    {
        for (var left = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(left.Elapsed < LaunchPeer.Limit, $"expected {expected}; found {actual()}");
            Thread.Sleep(2);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        if (FileLock.TryTake(Folder) is { } held)
        {
            held.Dispose();
        }
        else
        {
            await using var last = await LaunchPeer.ConnectAsync(Options());
            var pid = LauncherPidQuietly();
            var pidFd = Libc.PidFdOpen(pid);
            await last.Launcher.ShutdownAsync(killAll: true).WaitAsync(LaunchPeer.Limit);

            // A child of this process if one of its clients started it; not everybody's init reaps what we would leave.
            Assert.True(ExitStatusOf.HasEnded(pidFd, (int)LaunchPeer.Limit.TotalMilliseconds), $"launcher {pid} stays");
            Libc.Reap(pid);
            Libc.Close(pidFd);
        }

        Directory.Delete(Root, recursive: true);
    }

    private static string Of(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
