namespace Qube.Node.Launcher;

/// <summary>
/// Learns how a process ended, whoever's child it is: from the kernel's wait (our own child, adopted ones too), from its zombie's
/// stat line, or, once another has reaped it, from the pidfd (Linux 6.15 on, and only if the pidfd was opened before).
/// </summary>
internal static unsafe class ExitStatusOf
{
    // _IOWR(0xFF, 11, struct pidfd_info) in its first length, 64 bytes: mask at 0, exit_code at 60. PIDFD_INFO_EXIT is bit 3.
    private const nuint PidFdGetInfo = 0xC040FF0B;
    private const ulong PidFdInfoExit = 1 << 3;

    /// <summary>True when the process behind the pidfd is dead, reaped or not. Waits up to <paramref name="waitMs"/> for it.</summary>
    internal static bool HasEnded(int pidFd, int waitMs = 0)
    {
        var poll = new Libc.PollFd { Fd = pidFd, Events = Libc.PollIn };
        return Libc.Poll(&poll, 1, waitMs) > 0;
    }

    /// <summary>How the process ended, or null if that cannot be known any more. It must have ended.</summary>
    /// <param name="record">Which process.</param>
    /// <param name="pidFd">Its pidfd, verified.</param>
    /// <param name="child">True: it is a zombie of our own, to be reaped once its end is written.</param>
    internal static ExitStatus? Learn(StartedRecord record, int pidFd, out bool child)
    {
        child = Libc.WaitId(Libc.PPidFd, pidFd, Libc.WExited | Libc.WNoWait | Libc.WNoHang, out var dead) == 0 && dead.Pid == record.Pid;
        if (child)
        {
            return dead.Exit;
        }

        // Either it is still another's zombie, or the kernel has put the status by when that other reaped it: in this order there is no gap.
        if (ProcFs.Read(record.Pid) is { Dead: true } zombie && zombie.StartTicks == record.StartTicks
            && ProcFs.ShowsPrivateFields(record.Pid))
        {
            return ExitStatus.FromWaitWord(zombie.ExitWord);
        }

        var info = stackalloc byte[64];
        new Span<byte>(info, 64).Clear();
        *(ulong*)info = PidFdInfoExit;
        return Libc.IoCtl(pidFd, PidFdGetInfo, info) == 0 && (*(ulong*)info & PidFdInfoExit) != 0
            ? ExitStatus.FromWaitWord(*(int*)(info + 60))
            : null;
    }
}
