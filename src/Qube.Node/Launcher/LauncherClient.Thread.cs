using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <content>The client's thread: connects, reads, tells; and what happens when a launcher dies.</content>
public sealed unsafe partial class LauncherClient
{
    private const int LauncherDeathMs = 5_000, JanitorEveryMs = 30_000;
    private readonly FrameStream _stream = new();
    private readonly Dictionary<LaunchKey, int> _pidFds = [];
    private int _threadId;
    private int _oldZombie;
    private bool _hasTold;

    private void Run()
    {
        _threadId = Environment.CurrentManagedThreadId;
        Libc.AskToGoFirst();
        try
        {
            if (_options.AdoptOrphans && !Libc.BecomeSubreaper())
            {
                LauncherLog.Write("this node cannot become a subreaper; some exit codes are lost when a launcher dies");
            }

            Directory.CreateDirectory(_options.Folder);
            while (!_closed && Open() is { Socket: >= 0 } link)
            {
                _stream.Clear();
                var displaced = Converse(link.Socket);
                HangUp(link.Socket);
                if (_closed || displaced || _shutdown is not null || !SawItDie(link.PidFd))
                {
                    _ = Libc.Close(link.PidFd);
                    break;
                }

                _ = Libc.Close(link.PidFd);
            }
        }
        catch (Exception e)
        {
            // Before the first snapshot it is the caller's to hear; afterwards it is a defect, and a worker without launcher must end.
            if (!_ready.TrySetException(e))
            {
                LauncherLog.Write($"the launcher's client failed: {e}");
                TellDisplaced();
            }
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Reads until the launcher hangs up. True: another client has taken over.</summary>
    private bool Converse(int socket)
    {
        var fds = stackalloc Libc.PollFd[2];
        while (true)
        {
            fds[0] = new Libc.PollFd { Fd = socket, Events = (short)(Libc.PollIn | (_outbox.Stuck ? Libc.PollOut : 0)) };
            fds[1] = new Libc.PollFd { Fd = _wake, Events = Libc.PollIn };
            var ready = Libc.Poll(fds, 2, JanitorEveryMs);
            if (_closed)
            {
                return false;
            }

            if (ready <= 0)
            {
                ReapOldZombies();
                continue;
            }

            if ((fds[1].Revents & Libc.PollIn) != 0)
            {
                Drain();
                TellOwn();
            }

            if ((fds[0].Revents & Libc.PollOut) != 0)
            {
                _outbox.Flush();
            }

            if ((fds[0].Revents & ~Libc.PollOut) == 0)
            {
                continue;
            }

            var alive = _stream.Receive(socket, wait: false);
            while (_stream.TryNext(out var frame))
            {
                if (frame[0] == LauncherProtocol.Displaced)
                {
                    TellDisplaced();
                    return true;
                }

                Hear(frame, socket);
                if (_closed)
                {
                    return false;
                }
            }

            if (!alive)
            {
                return false;
            }
        }
    }

    private void Hear(ReadOnlySpan<byte> frame, int socket)
    {
        var reader = new FrameReader(frame[1..]);
        switch (frame[0])
        {
            case LauncherProtocol.Started:
                var record = LauncherProtocol.ReadStarted(ref reader);
                Hold(record);
                var started = record.ToEvent();
                lock (_gate)
                {
                    _ledger.Heard(started);
                }

                Tell(started);
                break;
            case LauncherProtocol.Ended:
                var ended = LauncherProtocol.ReadEnded(ref reader, _launcherVersion).ToEvent();
                LetGo(ended.Key);
                lock (_gate)
                {
                    _ledger.Heard(ended);
                }

                Tell(ended);
                break;
            case LauncherProtocol.Refused:
                var refused = LauncherProtocol.ReadRefused(ref reader);
                lock (_gate)
                {
                    _ledger.Heard(refused);
                }

                Tell(refused);
                break;
            case LauncherProtocol.Snapshot:
                HearSnapshot(ref reader, socket);
                break;
            default:
                // A newer launcher's; what this client must know, an older one's messages say.
                break;
        }
    }

    private void HearSnapshot(ref FrameReader reader, int socket)
    {
        _launcherVersion = reader.Int32();
        if (_launcherVersion is < LauncherProtocol.FirstVersion or > LauncherProtocol.Version)
        {
            throw new IOException($"the launcher of {_options.Folder} speaks version {_launcherVersion}, this node {LauncherProtocol.Version}");
        }

        var running = new List<LaunchEvent.Started>();
        for (var count = reader.Int32(); count > 0; count--)
        {
            var record = LauncherProtocol.ReadStarted(ref reader);
            Hold(record);
            running.Add(record.ToEvent());
        }

        var finished = new List<LaunchEvent.Ended>();
        for (var count = reader.Int32(); count > 0; count--)
        {
            finished.Add(LauncherProtocol.ReadEnded(ref reader, _launcherVersion).ToEvent());
        }

        var snapshot = new LaunchEvent.Snapshot(running, finished);
        List<LaunchEvent> news = [snapshot];
        lock (_gate)
        {
            IReadOnlyList<LaunchKey> forgetAgain = [];
            if (_hasTold)
            {
                (news, forgetAgain) = _ledger.HeardAgain(snapshot, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            }
            else
            {
                _ledger.HeardFirst(snapshot);
            }

            _outbox.Attach(socket);
            _talking = true;
            AskAgain(forgetAgain);
        }

        news.ForEach(Tell);
        foreach (var key in _pidFds.Keys.Except(running.Select(r => r.Key)).ToList())
        {
            LetGo(key);
        }

        _outbox.Flush();
        _hasTold = true;
        _ready.TrySetResult();
    }

    // A kill after the start that it belongs to, a stop too.
    private void AskAgain(IReadOnlyList<LaunchKey> forgetAgain)
    {
        PutForget(forgetAgain);
        foreach (var request in _ledger.Unanswered)
        {
            PutStart(request);
        }

        foreach (var key in _ledger.Suspended)
        {
            PutSignal(key, Libc.SIGSTOP);
        }

        foreach (var (key, forceAtBootMs) in _ledger.Kills)
        {
            PutKill(key, Math.Max(0, forceAtBootMs - Libc.BootMs()));
        }

        PutShutdown();
    }

    // A pidfd opened while the process lives answers, from Linux 6.15 on, how it ended, even when the launcher that waited for it is dead.
    private void Hold(StartedRecord record)
    {
        if (!_pidFds.ContainsKey(record.Key) && Libc.PidFdOpen(record.Pid) is >= 0 and var fd)
        {
            _pidFds.Add(record.Key, fd);
        }
    }

    private void LetGo(LaunchKey key)
    {
        if (_pidFds.Remove(key, out var fd))
        {
            _ = Libc.Close(fd);
        }
    }

    private void HangUp(int socket)
    {
        lock (_gate)
        {
            _talking = false;
            _outbox.Attach(-1);
        }

        _ = Libc.Close(socket);
    }

    // It hung up and lives: it has another client, and its word of that did not get through.
    private bool SawItDie(int pidFd)
    {
        if (pidFd < 0 || ExitStatusOf.HasEnded(pidFd, LauncherDeathMs))
        {
            return true;
        }

        TellDisplaced();
        return false;
    }

    private void TellDisplaced()
    {
        _closed = true;
        Tell(new LaunchEvent.Displaced());
    }

    private void TellOwn()
    {
        while (_own.TryDequeue(out var own))
        {
            Tell(own);
        }
    }

    private void Tell(LaunchEvent what)
    {
        try
        {
            _onEvent(what);
        }
        catch (Exception e)
        {
            // The listener's own defect must not cost the others their events.
            LauncherLog.Write($"a listener failed on {what}: {e}");
        }
    }

    private void Drain()
    {
        long count;
        _ = Libc.Read(_wake, (byte*)&count, 8);
    }

    // Whatever ended here and was not waited for in a whole round belongs to nobody: an adopted orphan. Children of this process are
    // reaped by the runtime within milliseconds.
    private void ReapOldZombies()
    {
        if (!_options.AdoptOrphans)
        {
            return;
        }

        while (Libc.WaitId(Libc.PAll, 0, Libc.WExited | Libc.WNoWait | Libc.WNoHang, out var dead) == 0 && dead.Pid != 0)
        {
            if (dead.Pid != _oldZombie)
            {
                _oldZombie = dead.Pid;
                return;
            }

            Libc.Reap(dead.Pid);
            _oldZombie = 0;
        }
    }

    private void Close()
    {
        _closed = true;
        foreach (var key in _pidFds.Keys.ToList())
        {
            LetGo(key);
        }

        if (_startedPidFd >= 0)
        {
            // A launcher of ours that has ended is our zombie.
            if (ExitStatusOf.HasEnded(_startedPidFd, _shutdown == true ? LauncherDeathMs : 0))
            {
                Libc.Reap(_startedPid);
            }

            _ = Libc.Close(_startedPidFd);
        }

        lock (_wakeGate)
        {
            _over.TrySetResult();
            _ = Libc.Close(_wake);
        }

        _ready.TrySetException(new IOException($"the launcher of {_options.Folder} was given up"));
    }
}
