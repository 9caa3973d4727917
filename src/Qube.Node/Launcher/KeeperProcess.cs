using System.Runtime.InteropServices;

namespace Qube.Node.Launcher;

/// <summary>
/// <c>qube keeper --dir DIR [--lease-seconds N]</c>: the launcher's parent. It does nothing but wait, and so has nothing to die of: when
/// its launcher dies, the renders become its children, it brings the run file to its end with their true exit codes, and starts
/// another launcher. So an end is known even if node and launcher were both dead when it came.
/// </summary>
public static class KeeperProcess
{
    /// <summary>The command's name.</summary>
    public const string Verb = "keeper";

    /// <summary>Held for a keeper's life: while it is, nobody else mends or starts a launcher.</summary>
    internal const string LockName = "keeper.lock";

    private const int QuickDeathMs = 1000, PauseMs = 500;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    /// <summary>Keeps a launcher until that has nothing to do any more. Returns its exit code.</summary>
    /// <param name="args">What follows the verb: handed to the launcher.</param>
    public static int Run(IReadOnlyList<string> args)
    {
        LauncherLog.ToStandardError();
        if (LauncherArguments.Parse(args, Verb) is not { } arguments)
        {
            return LauncherArguments.Bad;
        }

        Directory.CreateDirectory(arguments.Folder);
        using var held = FileLock.Take(arguments.Folder, LockName, LockPatience);
        if (held is null)
        {
            LauncherLog.Write("another keeper has this folder");
            return LauncherProcess.AlreadyRunning;
        }

        // As in the launcher: a parent that ignores SIGCHLD would have handed that down.
        _ = Libc.Signal(17, 0);
        if (!Libc.BecomeSubreaper())
        {
            LauncherLog.Write("the keeper cannot become a subreaper; it keeps nothing");
        }

        var launcher = 0;
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, stop => PassOn(stop, Libc.SIGTERM, launcher));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, stop => PassOn(stop, Libc.SIGTERM, launcher));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static stop => stop.Cancel = true);
        while (true)
        {
            var began = Libc.BootMs();
            launcher = LauncherStarter.Start(LauncherProcess.Verb, arguments);
            var exit = Await(launcher);
            if (exit is { Exited: true })
            {
                return exit.Value.Code;
            }

            Mend(arguments.Folder);
            if (Libc.BootMs() - began < QuickDeathMs)
            {
                Thread.Sleep(PauseMs);
            }
        }
    }

    private static void PassOn(PosixSignalContext stop, int signal, int launcher)
    {
        stop.Cancel = true;
        if (launcher > 1)
        {
            _ = Libc.Kill(launcher, signal);
        }
    }

    /// <summary>Waits for the launcher alone: the renders that come to us stay zombies until the mending has looked at them.</summary>
    private static ExitStatus? Await(int launcher)
    {
        while (Libc.WaitId(Libc.PPid, launcher, Libc.WExited, out var dead) == 0)
        {
            if (dead.Pid == launcher)
            {
                return dead.Exit;
            }
        }

        return null;
    }

    private static void Mend(string folder)
    {
        using (var held = FileLock.Take(folder, FileLock.FileName, LockPatience))
        {
            if (held is null)
            {
                // A client that found our lock free for a moment: it mends.
                return;
            }

            using var run = RunFile.Open(folder);
            RunFileMending.Mend(run, static _ => -1, LauncherProcess.MendPatience);
            run.Sync();
        }

        // What is left are children of renders.
        while (Libc.WaitId(Libc.PAll, 0, Libc.WExited | Libc.WNoHang, out var dead) == 0 && dead.Pid != 0)
        {
        }
    }
}
