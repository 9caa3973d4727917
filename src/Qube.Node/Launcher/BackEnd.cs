using System.Text;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>A back end: the one process of an instance that takes items and reports them (DESIGN.md). Guarded by the launcher's one lock; its
/// descriptor is used and closed by the socket's thread alone.</summary>
internal sealed unsafe class BackEnd(LaunchKey process, int run, int fd)
{
    /// <summary>The number of the socket in the process: <c>QUBE_BACKEND_FD</c>.</summary>
    internal const int Descriptor = 3;

    private const int MostBytes = 1 << 20;
    private readonly List<byte> _received = [];

    internal LaunchKey Process { get; } = process;

    internal int Run { get; } = run;

    /// <summary>Our end; -1 once closed.</summary>
    internal int Fd { get; private set; } = fd;

    /// <summary>Given by the node and not taken. Not on file: a node that starts anew gives it again.</summary>
    internal (LaunchKey Key, int Epoch, string Item)? Waiting { get; set; }

    /// <summary>Taken and not reported; on file as running.</summary>
    internal StartedRecord? Current { get; set; }

    /// <summary>How many items it has taken.</summary>
    internal int Taken { get; set; }

    /// <summary>When it asked for work and was not answered yet, milliseconds since boot; -1: it does not ask.</summary>
    internal long AsksSinceBootMs { get; set; } = -1;

    /// <summary>What its next request for work is answered with, once there is no more for it.</summary>
    internal string? Farewell { get; set; }

    /// <summary>It has said that it is over (<c>reportjob</c>).</summary>
    internal bool HasReportedJob { get; set; }

    /// <summary>The process is gone: the socket's thread is to close the descriptor.</summary>
    internal bool IsDead { get; set; }

    /// <summary>Another item may be given to it.</summary>
    internal bool Takes => Farewell is null && !HasReportedJob && !IsDead && Fd >= 0 && Waiting is null;

    internal void Close()
    {
        if (Fd >= 0)
        {
            _ = Libc.Close(Fd);
            Fd = -1;
        }
    }

    /// <summary>A line to the process. It asked and waits, so it is taken at once; one that closed its end is about to end.</summary>
    internal void Send(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* pointer = bytes)
        {
            for (nint sent = 0; Fd >= 0 && sent < bytes.Length;)
            {
                var count = Libc.Send(Fd, pointer + sent, bytes.Length - sent, Libc.MsgDontWait | Libc.MsgNoSignal);
                if (count < 0 && Libc.Errno == Libc.EINTR)
                {
                    continue;
                }

                if (count < 0)
                {
                    return;
                }

                sent += count;
            }
        }
    }

    /// <summary>What has come, in lines. False: the other end is closed, or speaks nonsense.</summary>
    internal bool Receive(List<string> lines)
    {
        var buffer = stackalloc byte[16 << 10];
        while (true)
        {
            var count = Libc.Recv(Fd, buffer, 16 << 10, Libc.MsgDontWait);
            if (count < 0 && Libc.Errno == Libc.EINTR)
            {
                continue;
            }

            if (count <= 0)
            {
                return count < 0 && Libc.Errno == Libc.EAGAIN;
            }

            foreach (var one in new ReadOnlySpan<byte>(buffer, (int)count))
            {
                if (one != (byte)'\n')
                {
                    _received.Add(one);
                }
                else
                {
                    lines.Add(Encoding.UTF8.GetString([.. _received]));
                    _received.Clear();
                }
            }

            if (_received.Count > MostBytes)
            {
                return false;
            }
        }
    }
}
