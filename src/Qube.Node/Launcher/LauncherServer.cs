using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// The launcher's socket: takes one client at a time (a newer one takes over), cuts its bytes into commands and carries them out on
/// this same thread, spawning included.
/// </summary>
internal sealed unsafe class LauncherServer
{
    /// <summary>The listener, the wake, the client; back ends follow.</summary>
    private const int Own = 3;

    private readonly int _listener;
    private readonly int _wake;
    private readonly Outbox _outbox;
    private readonly LauncherCore _core;
    private readonly FrameStream _stream = new();
    private readonly List<int> _backEnds = [];
    private int _client = -1;

    internal LauncherServer(int listener, int wake, Outbox outbox, LauncherCore core) =>
        (_listener, _wake, _outbox, _core) = (listener, wake, outbox, core);

    /// <summary>A descriptor that makes <see cref="RunForEver"/> look around when something is written to it.</summary>
    internal static int NewWakeDescriptor() => Libc.EventFd(0, Libc.OCloExec | Libc.ONonBlock);

    internal static void Wake(int wake)
    {
        long one = 1;
        _ = Libc.Write(wake, (byte*)&one, 8);
    }

    internal void RunForEver()
    {
        var fds = new Libc.PollFd[64];
        while (true)
        {
            _backEnds.Clear();
            _core.ListenTo(_backEnds);
            if (fds.Length < Own + _backEnds.Count)
            {
                fds = new Libc.PollFd[2 * (Own + _backEnds.Count)];
            }

            fds[0] = new Libc.PollFd { Fd = _listener, Events = Libc.PollIn };
            fds[1] = new Libc.PollFd { Fd = _wake, Events = Libc.PollIn };
            fds[2] = new Libc.PollFd { Fd = _client, Events = (short)(Libc.PollIn | (_outbox.Stuck ? Libc.PollOut : 0)) };
            for (var at = 0; at < _backEnds.Count; at++)
            {
                fds[Own + at] = new Libc.PollFd { Fd = _backEnds[at], Events = Libc.PollIn };
            }

            fixed (Libc.PollFd* first = fds)
            {
                if (Libc.Poll(first, (nuint)(Own + _backEnds.Count), _core.AnswerDueMs()) < 0)
                {
                    continue;
                }
            }

            _core.AnswerOverdue();
            for (var at = 0; at < _backEnds.Count; at++)
            {
                if (fds[Own + at].Revents != 0)
                {
                    _core.ServeBackEnd(_backEnds[at]);
                }
            }

            if ((fds[1].Revents & Libc.PollIn) != 0)
            {
                long count;
                _ = Libc.Read(_wake, (byte*)&count, 8);
            }

            if ((fds[2].Revents & Libc.PollOut) != 0)
            {
                _outbox.Flush();
            }

            if ((fds[2].Revents & ~Libc.PollOut) != 0 && _client >= 0)
            {
                Serve();
            }

            if ((fds[0].Revents & Libc.PollIn) != 0)
            {
                Welcome();
            }
        }
    }

    private void Welcome()
    {
        var fd = Libc.Accept(_listener);
        if (fd < 0)
        {
            return;
        }

        if (Libc.Peer(fd).Uid != Libc.GetUid())
        {
            LauncherLog.Write($"a client of user {Libc.Peer(fd).Uid} was turned away");
            _ = Libc.Close(fd);
            return;
        }

        if (_client >= 0)
        {
            _outbox.Put(0, static (ref FrameWriter writer, int _) => writer.EndFrame(writer.BeginFrame(LauncherProtocol.Displaced)));
            _outbox.Flush();
            Drop();
        }

        _client = fd;
        _core.ClientArrived(fd);
    }

    private void Drop()
    {
        _core.ClientLeft();
        _stream.Clear();
        _ = Libc.Close(_client);
        _client = -1;
    }

    private void Serve()
    {
        var alive = _stream.Receive(_client, wait: false);
        try
        {
            while (_client >= 0 && _stream.TryNext(out var frame))
            {
                if (!Carry(frame))
                {
                    alive = false;
                    break;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            LauncherLog.Write($"the client speaks nonsense and is dropped: {e.Message}");
            alive = false;
        }

        _outbox.Flush();
        if (!alive)
        {
            Drop();
        }
    }

    // False: the conversation is over.
    private bool Carry(ReadOnlySpan<byte> frame)
    {
        var body = frame[1..];
        var reader = new FrameReader(body);
        switch (frame[0])
        {
            case LauncherProtocol.Start:
                _core.Start(body);
                return true;
            case LauncherProtocol.StartItem:
                _core.StartItem(body);
                return true;
            case LauncherProtocol.CloseBackEnd:
                _core.CloseBackEnd(reader.Int64(), reader.Int32(), reader.Int32(), reader.Text());
                return true;
            case LauncherProtocol.Kill:
                _core.Kill(reader.Key(), reader.Int64());
                return true;
            case LauncherProtocol.Signal:
                _core.Signal(reader.Key(), reader.Int32());
                return true;
            case LauncherProtocol.Forget:
                var keys = new List<LaunchKey>(reader.Int32());
                while (reader.Remaining > 0)
                {
                    keys.Add(reader.Key());
                }

                _core.Forget(keys);
                return true;
            case LauncherProtocol.Renew:
                _core.RenewLease();
                return true;
            case LauncherProtocol.Shutdown:
                // Stopping, the connection stays until the process ends: its closing is the answer.
                return _core.Shutdown(killAll: reader.Byte() != 0);
            default:
                throw new InvalidDataException($"command {frame[0]}");
        }
    }
}
