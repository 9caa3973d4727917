using System.Runtime.InteropServices;

namespace Qube.Node.Launcher;

/// <summary>How the kernel schedules the calling thread.</summary>
internal static unsafe partial class Libc
{
    private const ulong ShortestSliceNs = 100_000, ResetOnFork = 1;

    /// <summary>
    /// Asks for short slices of the processor (Linux 6.12 and later; elsewhere nothing happens). The thread gets no more of it than others,
    /// but soon: one that wakes for a fraction of a millisecond does not wait out the 3 ms slice of a render. What it starts does not inherit it.
    /// </summary>
    internal static void AskForShortSlices()
    {
        var (set, get) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (314, 315),
            Architecture.Arm64 => (274, 275),
            _ => (0, 0),
        };
        SchedulingAttributes attributes = default;
        if (set != 0 && SysCall(get, 0, (nint)(&attributes), sizeof(SchedulingAttributes), 0, 0) == 0 && attributes.Policy == 0)
        {
            attributes.Size = (uint)sizeof(SchedulingAttributes);
            attributes.Flags = ResetOnFork;
            attributes.RuntimeNs = ShortestSliceNs;
            _ = SysCall(set, 0, (nint)(&attributes), 0, 0, 0);
        }
    }

    /// <summary>The kernel's <c>struct sched_attr</c>, first version. A policy of 0 is the ordinary one.</summary>
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
