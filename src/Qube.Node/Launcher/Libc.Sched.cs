using System.Runtime.InteropServices;

namespace Qube.Node.Launcher;

/// <summary>How the kernel schedules the calling thread.</summary>
internal static unsafe partial class Libc
{
    private const ulong ShortestSliceNs = 100_000, ResetOnFork = 1;
    private const uint Ordinary = 0, RoundRobin = 2;

    /// <summary>
    /// For threads that do next to nothing, at once: the lowest real-time priority, where the system grants it (root, or a limit on
    /// RTPRIO), else short slices. A render on every processor then does not make the next one start late. What such a thread starts is
    /// scheduled in the ordinary way.
    /// </summary>
    internal static void AskToGoFirst()
    {
        var attributes = new SchedulingAttributes { Size = (uint)sizeof(SchedulingAttributes), Policy = RoundRobin, Flags = ResetOnFork, Priority = 1 };
        if (SetSchedulingCall == 0 || SysCall(SetSchedulingCall, 0, (nint)(&attributes), 0, 0, 0) != 0)
        {
            AskForShortSlices(inherited: true);
        }
    }

    /// <summary>
    /// Asks for short slices of the processor (Linux 6.12 and later; elsewhere nothing happens). The thread gets no more of it than others,
    /// but soon: one that wakes for a fraction of a millisecond does not wait out the 3 ms slice of a render.
    /// </summary>
    /// <param name="inherited">What it starts has them too, until <see cref="GiveOrdinarySlices"/>.</param>
    internal static void AskForShortSlices(bool inherited = false) => SetSlices(0, ShortestSliceNs, inherited ? 0 : ResetOnFork);

    /// <summary>Ends what a process has inherited from its starter.</summary>
    internal static void GiveOrdinarySlices(int pid) => SetSlices(pid, 0, 0);

    private static nint SetSchedulingCall => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 314,
        Architecture.Arm64 => 274,
        _ => 0,
    };

    private static void SetSlices(int pid, ulong sliceNs, ulong flags)
    {
        var set = SetSchedulingCall;
        SchedulingAttributes attributes = default;
        if (set != 0 && SysCall(set + 1, pid, (nint)(&attributes), sizeof(SchedulingAttributes), 0, 0) == 0 && attributes.Policy == Ordinary)
        {
            // Its niceness stays what it is.
            attributes.Size = (uint)sizeof(SchedulingAttributes);
            attributes.Flags = flags;
            attributes.RuntimeNs = sliceNs;
            _ = SysCall(set, pid, (nint)(&attributes), 0, 0, 0);
        }
    }

    /// <summary>The kernel's <c>struct sched_attr</c>, first version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulingAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong RuntimeNs;
        public ulong DeadlineNs;
        public ulong PeriodNs;
    }
}
