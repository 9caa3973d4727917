using System.Runtime.InteropServices;

namespace Qube.Node.Launcher;

/// <summary>Unix domain sockets.</summary>
internal static unsafe partial class Libc
{
    internal const int MsgDontWait = 0x40, MsgNoSignal = 0x4000;
    private const int AfUnix = 1, SockStream = 1, SockCloExec = 0x80000, SolSocket = 1, SoPeerCred = 17, ShutRdWr = 2;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int fd, void* address, uint length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int fd, void* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int Listen(int fd, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetSockOpt(int fd, int level, int name, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int Shutdown(int fd, int how);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(int fd, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Recv(int fd, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int domain, int type, int protocol, int* ends);

    /// <summary>Two connected ends, or minus errno in the first.</summary>
    internal static (int Ours, int Theirs) NewPair()
    {
        var ends = stackalloc int[2];
        return SocketPair(AfUnix, SockStream | SockCloExec, 0, ends) == 0 ? (ends[0], ends[1]) : (-Errno, -1);
    }

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(string from, string to);

    internal static int Accept(int listener) => Accept4(listener, null, null, SockCloExec);

    internal static void ShutdownSocket(int fd) => _ = Shutdown(fd, ShutRdWr);

    /// <summary>Listens on DIR/name. Returns the descriptor, or minus errno.</summary>
    internal static int ListenUnix(string directory, string name) => OnUnixSocket(directory, name, listen: true);

    /// <summary>Connects to DIR/name. Returns the descriptor, or minus errno.</summary>
    internal static int ConnectUnix(string directory, string name) => OnUnixSocket(directory, name, listen: false);

    /// <summary>The process and user at the other end.</summary>
    internal static (int Pid, uint Uid) Peer(int fd)
    {
        var credentials = stackalloc int[3];
        uint length = 12;
        return GetSockOpt(fd, SolSocket, SoPeerCred, credentials, &length) == 0 ? (credentials[0], (uint)credentials[1]) : (-1, uint.MaxValue);
    }

    // A socket's path may have 107 bytes; a data folder's may have 4,095. Through /proc/self/fd the path is short whatever the
    // folder's is, and no working directory, which is the whole process's, is touched.
    private static int OnUnixSocket(string directory, string name, bool listen)
    {
        var folder = Open(directory, OPath | OCloExec, 0);
        if (folder < 0)
        {
            return -Errno;
        }

        try
        {
            var fd = Socket(AfUnix, SockStream | SockCloExec, 0);
            if (fd < 0)
            {
                return -Errno;
            }

            var address = stackalloc byte[110];
            *(ushort*)address = AfUnix;
            var text = System.Text.Encoding.UTF8.GetBytes($"/proc/self/fd/{folder}/{name}");
            text.CopyTo(new Span<byte>(address + 2, 107));
            address[2 + text.Length] = 0;
            var length = (uint)(3 + text.Length);
            var result = listen ? Bind(fd, address, length) : Connect(fd, address, length);
            if (result == 0 && listen)
            {
                result = Listen(fd, 16);
            }

            if (result == 0)
            {
                return fd;
            }

            var errno = Errno;
            _ = Close(fd);
            return -errno;
        }
        finally
        {
            _ = Close(folder);
        }
    }
}
