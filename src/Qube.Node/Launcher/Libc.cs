using System.Runtime.InteropServices;

namespace Qube.Node.Launcher;

/// <summary>
/// The system calls of the launcher and its client, straight from libc: System.Diagnostics.Process and System.Net.Sockets bring
/// threads, signal handlers and pipes that a launcher must not have (DESIGN.md). Linux on x86-64 and arm64.
/// </summary>
internal static unsafe partial class Libc
{
    internal const int EINTR = 4, ENOENT = 2, ENOEXEC = 8, ECHILD = 10, EAGAIN = 11, EACCES = 13;
    internal const int SIGKILL = 9, SIGTERM = 15, SIGCONT = 18, SIGSTOP = 19;
    internal const int ORdOnly = 0, OWrOnly = 1, ORdWr = 2, OCreat = 0x40, OAppend = 0x400, OCloExec = 0x80000, ONonBlock = 0x800, OPath = 0x200000;
    internal const int WNoHang = 1, WExited = 4, WNoWait = 0x1000000;
    internal const int PAll = 0, PPid = 1, PPidFd = 3;
    internal const short PollIn = 1, PollOut = 4;
    internal const int LockEx = 2, LockNb = 4;

    private const int ClockBootTime = 7;
    private const int PrSetChildSubreaper = 36;
    private static readonly nint SysWaitId = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 95 : 247;
    private const nint SysPidFdOpen = 434;
    private const nint SysPidFdSendSignal = 424;

    internal static int Errno => Marshal.GetLastPInvokeError();

    internal static string Message(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Revents;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int FDataSync(int fd);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int FSync(int fd);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int FTruncate(int fd, long length);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int FLock(int fd, int operation);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollFd* fds, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "getuid")]
    internal static partial uint GetUid();

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int IoCtl(int fd, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int ClockGetTime(int clock, long* secondsAndNanos);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SysCall(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial long SysConf(int name);

    /// <summary>Orphaned descendants become this process's children, so that their exit status can be had.</summary>
    internal static bool BecomeSubreaper(bool on = true) => PrCtl(PrSetChildSubreaper, on ? 1u : 0u, 0, 0, 0) == 0;

    /// <summary>Milliseconds since boot, time asleep included, never set back: the clock of leases.</summary>
    internal static long BootMs()
    {
        var time = stackalloc long[2];
        _ = ClockGetTime(ClockBootTime, time);
        return (time[0] * 1000) + (time[1] / 1_000_000);
    }

    /// <summary>Length of the tick in which /proc states start times (field 22), per second.</summary>
    internal static long TicksPerSecond { get; } = SysConf(2);

    /// <summary>Now, as /proc would state it of a process that begins now.</summary>
    internal static long BootTicks() => BootMs() * TicksPerSecond / 1000;

    internal static int PidFdOpen(int pid) => (int)SysCall(SysPidFdOpen, pid, 0, 0, 0, 0);

    internal static int PidFdSendSignal(int pidFd, int signal) => (int)SysCall(SysPidFdSendSignal, pidFd, signal, 0, 0, 0);

    /// <summary>A signal to a process group; nothing for a number that is none: kill(-1) would reach every process of the user.</summary>
    internal static void KillGroup(int group, int signal) => _ = group > 1 ? Kill(-group, signal) : 0;

    /// <summary>waitid(2) as the kernel has it: libc's leaves the usage out.</summary>
    internal static int WaitId(int idType, int id, int options, out WaitResult result)
    {
        // siginfo_t is 128 bytes: si_code at 8, si_pid at 16, si_status at 24. rusage is 144: two timevals, then ru_maxrss.
        var info = stackalloc byte[128];
        var usage = stackalloc long[18];
        *(int*)(info + 16) = 0;
        nint r;
        do
        {
            r = SysCall(SysWaitId, idType, id, (nint)info, options, (nint)usage);
        }
        while (r < 0 && Errno == EINTR);

        result = new WaitResult(
            *(int*)(info + 16),
            *(int*)(info + 8),
            *(int*)(info + 24),
            new Contracts.Launching.LaunchUsage((usage[0] * 1000) + (usage[1] / 1000), (usage[2] * 1000) + (usage[3] / 1000), usage[4]));
        return (int)r;
    }

    /// <summary>Takes a dead child out of the process table.</summary>
    internal static void Reap(int pid) => _ = WaitId(PPid, pid, WExited | WNoHang, out _);

    internal readonly record struct WaitResult(int Pid, int Code, int Status, Contracts.Launching.LaunchUsage Usage)
    {
        private const int CldExited = 1;

        internal ExitStatus Exit => new(Code == CldExited, Status, Usage);
    }
}
