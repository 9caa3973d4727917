namespace Qube.Node.Launcher;

/// <summary>Wakes one thread that waits for it, or the next that will. Not a monitor's condition: whoever that wakes waits at once for the lock
/// its waker has yet to leave, and with short slices takes the processor from it first.</summary>
internal sealed unsafe class Bell
{
    private readonly int _fd = Libc.EventFd(0, Libc.OCloExec | Libc.ONonBlock);

    internal Bell()
    {
        if (_fd < 0)
        {
            throw new IOException($"eventfd: {Libc.Message(Libc.Errno)}");
        }
    }

    internal void Ring()
    {
        long one = 1;
        _ = Libc.Write(_fd, (byte*)&one, sizeof(long));
    }

    /// <summary>True: it has been rung. False: so many milliseconds have passed, or a signal came. -1: no limit.</summary>
    internal bool Wait(int milliseconds = -1)
    {
        var poll = new Libc.PollFd { Fd = _fd, Events = Libc.PollIn };
        _ = Libc.Poll(&poll, 1, milliseconds);
        long count;
        return Libc.Read(_fd, (byte*)&count, sizeof(long)) > 0;
    }

    /// <summary>For its only waiter, when nobody will ring it any more.</summary>
    internal void Close() => _ = Libc.Close(_fd);
}
