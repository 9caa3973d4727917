using System.Runtime.InteropServices;

namespace Qube.Node.Launcher;

/// <summary>
/// <c>qube launcher --dir DIR [--lease-seconds N]</c>: the process on each host that starts, waits for and kills renders
/// (design.md §2). No actor type, no host builder: it starts in tens of milliseconds and stays small.
/// </summary>
public static class LauncherProcess
{
    /// <summary>The command's name.</summary>
    public const string Verb = "launcher";

    /// <summary>The lease when none is given, seconds (design.md §4, leases).</summary>
    public const int DefaultLeaseSeconds = 120;

    /// <summary>Exit code: another one has this folder.</summary>
    internal const int AlreadyRunning = 3;

    /// <summary>How long a mending waits for what it has killed.</summary>
    internal static readonly TimeSpan MendPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    /// <summary>Runs a launcher until it has nothing to do any more. Returns the exit code: 0, 2 bad arguments, 3 one runs already.</summary>
    /// <param name="args">What follows the verb.</param>
    public static int Run(IReadOnlyList<string> args)
    {
        LauncherLog.ToStandardError();
        return LauncherArguments.Parse(args, Verb) is { } arguments ? Serve(arguments.Folder, arguments.LeaseSeconds * 1000L) : LauncherArguments.Bad;
    }

    private static int Serve(string directory, long leaseMs)
    {
        Directory.CreateDirectory(directory);
        // Whoever started us may hold it for a moment longer, mending.
        using var held = FileLock.Take(directory, FileLock.FileName, LockPatience);
        if (held is null)
        {
            LauncherLog.Write("another launcher has this folder");
            return AlreadyRunning;
        }

        // A parent that ignores SIGCHLD would have handed that down, and the kernel would reap our children before we have looked.
        _ = Libc.Signal(17, 0);
        if (!Libc.BecomeSubreaper())
        {
            LauncherLog.Write("cannot become a subreaper; orphans of renders will not be reaped");
        }

        var run = RunFile.Open(directory);
        RunFileMending.Mend(run, static _ => -1, MendPatience);

        var wake = LauncherServer.NewWakeDescriptor();
        var outbox = new Outbox { OnStuck = () => LauncherServer.Wake(wake) };
        using var core = new LauncherCore(run, outbox, TimeProvider.System, leaseMs) { WakeSocketThread = () => LauncherServer.Wake(wake) };
        var socketPath = Path.Combine(directory, LauncherProtocol.SocketName);
        _ = Libc.Unlink(socketPath);
        var listener = Libc.ListenUnix(directory, LauncherProtocol.SocketName);
        if (listener < 0)
        {
            throw new IOException($"{socketPath}: {Libc.Message(-listener)}");
        }

        var server = new LauncherServer(listener, wake, outbox, core);
        StartThread("socket", server.RunForEver);
        StartThread("reaper", core.ReapForEver);

        // Whoever stops the service stops its renders; without its launcher none may live. A hang-up concerns it not: it has no terminal.
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, stop => core.Shutdown(stop.Cancel = true));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, stop => core.Shutdown(stop.Cancel = true));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static stop => stop.Cancel = true);
        core.TickUntilFinished();
        outbox.Flush();
        _ = Libc.Unlink(socketPath);
        return 0;
    }

    private static void StartThread(string name, ThreadStart body) => new Thread(
        () =>
        {
            Libc.AskToGoFirst();
            body();
        },
        256 << 10)
    { Name = name, IsBackground = true }.Start();
}
