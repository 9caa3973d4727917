using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>How a process ended, as the kernel says it.</summary>
/// <param name="Exited">True: <paramref name="Code"/> is an exit code. False: it is a signal.</param>
/// <param name="Code">Exit code or signal number.</param>
/// <param name="Usage">What it used; zeros where only the code could be learnt.</param>
internal readonly record struct ExitStatus(bool Exited, int Code, LaunchUsage Usage)
{
    /// <summary>Reads the word that wait(2), /proc/PID/stat field 52 and PIDFD_GET_INFO share.</summary>
    internal static ExitStatus FromWaitWord(int word) =>
        (word & 0x7f) == 0 ? new ExitStatus(true, (word >> 8) & 0xff, default) : new ExitStatus(false, word & 0x7f, default);

    internal bool KilledByForce => !Exited && Code == Libc.SIGKILL;
}
