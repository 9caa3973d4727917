using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <content>Finding a launcher, or making one.</content>
public sealed unsafe partial class LauncherClient
{
    private const int LookAgainMs = 2, StarterPauseMs = 500;
    private int _startedPid;
    private int _startedPidFd = -1;

    /// <summary>
    /// A connected socket and a pidfd of the launcher behind it, or -1 when this client was closed meanwhile. The first time it gives up
    /// after <see cref="LauncherClientOptions.ConnectSeconds"/>; later never: what runs on this host cannot be had otherwise.
    /// </summary>
    /// <exception cref="IOException">The first time: in vain.</exception>
    private (int Socket, int PidFd) Open()
    {
        var until = Libc.BootMs() + (_options.ConnectSeconds * 1000L);
        while (!_closed)
        {
            var socket = Libc.ConnectUnix(_options.Folder, LauncherProtocol.SocketName);
            if (socket >= 0)
            {
                return (socket, Libc.PidFdOpen(Libc.Peer(socket).Pid));
            }

            var complaint = $"connecting: {Libc.Message(-socket)}";
            try
            {
                StartUnlessStarting();
            }
            catch (IOException e)
            {
                complaint = e.Message;
                LauncherLog.Write(complaint);
                Pause(StarterPauseMs);
            }

            if (!_hasTold && Libc.BootMs() >= until)
            {
                throw new IOException(
                    $"no launcher in {_options.Folder} after {_options.ConnectSeconds} s: {complaint}; its log: {LauncherStarter.LastWords(_options.Folder)}");
            }

            Pause(LookAgainMs);
        }

        return (-1, -1);
    }

    private void StartUnlessStarting()
    {
        if (_startedPidFd >= 0)
        {
            if (!ExitStatusOf.HasEnded(_startedPidFd))
            {
                return;
            }

            // First: a dead launcher of ours is a zombie of ours, and must not pass for a render.
            _ = Libc.WaitId(Libc.PPid, _startedPid, Libc.WExited | Libc.WNoHang, out var dead);
            _ = Libc.Close(_startedPidFd);
            _startedPidFd = -1;
            if (!_hasTold && dead.Exit is { Exited: true } exit && exit.Code != LauncherProcess.AlreadyRunning)
            {
                throw new IOException($"a launcher ended at once with exit code {exit.Code}");
            }
        }

        using (var keepers = FileLock.TryTake(_options.Folder, KeeperProcess.LockName))
        {
            if (keepers is null)
            {
                // It mends, better than we could, and starts another.
                return;
            }
        }

        using (var held = FileLock.TryTake(_options.Folder))
        {
            if (held is null)
            {
                // Another's is starting or still dying.
                return;
            }

            if (_hasTold)
            {
                MendHere();
            }
        }

        _startedPid = LauncherStarter.Start(KeeperProcess.Verb, _options.ToArguments());
        _startedPidFd = Libc.PidFdOpen(_startedPid);
    }

    // Now rather than by the next launcher, which is not there for many milliseconds yet, and with our pidfds and adopted children.
    private void MendHere()
    {
        using var run = RunFile.Open(_options.Folder);
        RunFileMending.Mend(run, key => _pidFds.GetValueOrDefault(key, -1), LauncherProcess.MendPatience);
        run.Sync();
    }

    private void Pause(int ms)
    {
        var fd = new Libc.PollFd { Fd = _startedPidFd, Events = Libc.PollIn };
        _ = Libc.Poll(&fd, 1, ms);
    }
}
