namespace Qube.Node.Launcher;

/// <summary>
/// The lock <c>DIR/launcher.lock</c> (flock). A launcher holds it all its life; whoever mends a dead launcher's run file holds it meanwhile.
/// It is bound to the open file description, which a child of posix_spawn shares until its exec: so whoever gets the lock knows
/// that every child of the dead launcher has either exec'ed (and carries QUBE_RUN) or is gone.
/// </summary>
internal sealed class FileLock : IDisposable
{
    internal const string FileName = "launcher.lock";
    private int _fd;

    private FileLock(int fd) => _fd = fd;

    /// <summary>The lock, or null while another process has it.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    internal static FileLock? TryTake(string directory, string fileName = FileName)
    {
        var path = Path.Combine(directory, fileName);
        var fd = Libc.Open(path, Libc.ORdWr | Libc.OCreat | Libc.OCloExec, 0x180);
        if (fd < 0)
        {
            throw new IOException($"{path}: {Libc.Message(Libc.Errno)}");
        }

        if (Libc.FLock(fd, Libc.LockEx | Libc.LockNb) == 0)
        {
            return new FileLock(fd);
        }

        _ = Libc.Close(fd);
        return null;
    }

    /// <summary>The same, waiting for it; null when another process still has it after <paramref name="patience"/>.</summary>
    internal static FileLock? Take(string directory, string fileName, TimeSpan patience)
    {
        var until = Libc.BootMs() + (long)patience.TotalMilliseconds;
        while (true)
        {
            if (TryTake(directory, fileName) is { } held)
            {
                return held;
            }

            if (Libc.BootMs() >= until)
            {
                return null;
            }

            Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        if (_fd >= 0)
        {
            _ = Libc.Close(_fd);
            _fd = -1;
        }
    }
}
