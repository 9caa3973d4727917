using System.Buffers.Text;
using System.Text;

namespace Qube.Node.Launcher;

/// <summary>What /proc knows of processes.</summary>
internal static unsafe class ProcFs
{
    /// <summary>Some fields of /proc/PID/stat.</summary>
    internal readonly record struct Stat(int Pid, char State, int ParentPid, int Session, long StartTicks, int ExitWord)
    {
        internal bool Dead => State is 'Z' or 'X' or 'x';
    }

    /// <summary>This boot of the machine: pids and start times of another one mean nothing.</summary>
    internal static Guid BootId() => Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>The process's stat line, or null when there is no such process.</summary>
    internal static Stat? Read(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var length = ReadSmall($"/proc/{pid}/stat", buffer);
        return length <= 0 ? null : Parse(buffer[..length]);
    }

    /// <summary>A pidfd of the process that started then, dead or alive but not reaped; -1 when there is none such any more.</summary>
    internal static int OpenVerified(int pid, long startTicks)
    {
        var fd = Libc.PidFdOpen(pid);
        if (fd >= 0 && !(Read(pid) is { } now && now.StartTicks == startTicks))
        {
            _ = Libc.Close(fd);
            fd = -1;
        }

        return fd;
    }

    /// <summary>
    /// True when the kernel shows us the process's private fields; others' exit words read 0, which would pass for success.
    /// </summary>
    internal static bool ShowsPrivateFields(int pid)
    {
        if (Libc.GetUid() == 0)
        {
            return true;
        }

        try
        {
            var own = File.ReadLines("/proc/self/status").Where(IsIdentity).ToList();
            return own.SequenceEqual(File.ReadLines($"/proc/{pid}/status").Where(IsIdentity));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        static bool IsIdentity(string line) =>
            line.StartsWith("Uid:", StringComparison.Ordinal) || line.StartsWith("Gid:", StringComparison.Ordinal);
    }

    internal static Stat? Parse(ReadOnlySpan<byte> line)
    {
        // The command's name may hold blanks and parentheses: fields are counted from the last one.
        var close = line.LastIndexOf((byte)')');
        if (close < 0 || !Utf8Parser.TryParse(line, out int pid, out _))
        {
            return null;
        }

        var rest = line[(close + 2)..];
        var state = (char)rest[0];
        int parent = 0, session = 0, exitWord = 0;
        long start = 0;
        for (var field = 3; rest.Length > 0; field++)
        {
            var blank = rest.IndexOf((byte)' ');
            var word = blank < 0 ? rest.TrimEnd((byte)'\n') : rest[..blank];
            switch (field)
            {
                case 4: _ = Utf8Parser.TryParse(word, out parent, out _); break;
                case 6: _ = Utf8Parser.TryParse(word, out session, out _); break;
                case 22: _ = Utf8Parser.TryParse(word, out start, out _); break;
                case 52: _ = Utf8Parser.TryParse(word, out exitWord, out _); break;
            }

            rest = blank < 0 ? default : rest[(blank + 1)..];
        }

        return new Stat(pid, state, parent, session, start, exitWord);
    }

    /// <summary>All processes of the machine, as far as they can be read.</summary>
    internal static IEnumerable<Stat> All()
    {
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), out var pid) && Read(pid) is { } stat)
            {
                yield return stat;
            }
        }
    }

    /// <summary>The value of a variable in the environment with which the process was started; null if unreadable or absent.</summary>
    internal static string? Variable(int pid, string name)
    {
        byte[] block;
        try
        {
            block = File.ReadAllBytes($"/proc/{pid}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var prefix = Encoding.UTF8.GetBytes(name + "=");
        ReadOnlySpan<byte> rest = block;
        while (rest.Length > 0)
        {
            var end = rest.IndexOf((byte)0);
            var entry = end < 0 ? rest : rest[..end];
            if (entry.StartsWith(prefix))
            {
                return Encoding.UTF8.GetString(entry[prefix.Length..]);
            }

            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return null;
    }

    private static int ReadSmall(string path, Span<byte> buffer)
    {
        var fd = Libc.Open(path, Libc.ORdOnly | Libc.OCloExec, 0);
        if (fd < 0)
        {
            return -1;
        }

        nint n;
        fixed (byte* p = buffer)
        {
            n = Libc.Read(fd, p, buffer.Length);
        }

        _ = Libc.Close(fd);
        return (int)n;
    }
}
