namespace Qube.Node.Launcher;

/// <summary>
/// Bytes on their way out of a socket. Whoever puts frames in also sends, as far as the socket takes them without waiting: no
/// thread hop, and what several threads put in meanwhile goes out in one call. What is left waits for whoever polls.
/// </summary>
internal sealed unsafe class Outbox
{
    private readonly Lock _gate = new();
    private FrameWriter _writer = new(16 << 10);
    private int _sent;
    private int _fd = -1;

    /// <summary>Called when the socket took no more: somebody must wait for it and flush again.</summary>
    internal Action? OnStuck { get; init; }

    internal delegate void Writing<in T>(ref FrameWriter writer, T what);

    /// <summary>Something is left that the socket would not take.</summary>
    internal bool Stuck { get; private set; }

    /// <summary>From here on for this socket; what was meant for the last one is dropped. -1: for none.</summary>
    internal void Attach(int fd)
    {
        lock (_gate)
        {
            _fd = fd;
            _writer.Clear();
            _sent = 0;
            Stuck = false;
        }
    }

    internal void Put<T>(T what, Writing<T> write)
    {
        lock (_gate)
        {
            if (_fd >= 0)
            {
                write(ref _writer, what);
            }
        }
    }

    internal void Put(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (_fd >= 0)
            {
                _writer.Bytes(frame);
            }
        }
    }

    /// <summary>Sends what can be sent now.</summary>
    internal void Flush()
    {
        lock (_gate)
        {
            Stuck = false;
            while (_fd >= 0 && _sent < _writer.Length)
            {
                nint n;
                fixed (byte* p = _writer.Written)
                {
                    n = Libc.Send(_fd, p + _sent, _writer.Length - _sent, Libc.MsgDontWait | Libc.MsgNoSignal);
                }

                if (n < 0)
                {
                    var errno = Libc.Errno;
                    if (errno == Libc.EINTR)
                    {
                        continue;
                    }

                    // Any other error: the reader of this socket sees its end too and deals with it.
                    Stuck = errno == Libc.EAGAIN;
                    if (Stuck)
                    {
                        OnStuck?.Invoke();
                    }

                    return;
                }

                _sent += (int)n;
            }

            _writer.Clear();
            _sent = 0;
        }
    }
}
