namespace Qube.Contracts.Launching;

/// <summary>
/// The port through which a worker node runs processes on its host (design.md §2, §4.7). No call blocks and every call may be
/// made from any thread; answers come as <see cref="LaunchEvent"/>s to the callback given at connection, one at a time and in
/// order. What was asked for survives the death of the process that runs renders: it is asked for again.
/// </summary>
public interface ILauncher : IAsyncDisposable
{
    /// <summary>
    /// Starts a process, once per key. Answered by <see cref="LaunchEvent.Started"/>, <see cref="LaunchEvent.Ended"/> or
    /// <see cref="LaunchEvent.Refused"/>.
    /// </summary>
    void Start(LaunchRequest request);

    /// <summary>
    /// Sends SIGTERM to the process group and, after <paramref name="grace"/>, SIGKILL to all of its session (spec/jobs.md §6.1: 30 s).
    /// Zero kills at once. Asking again may shorten the grace, never lengthen it.
    /// </summary>
    void Kill(LaunchKey key, TimeSpan grace);

    /// <summary>Stops the process group (SIGSTOP; spec/jobs.md §6.1, suspend).</summary>
    void Suspend(LaunchKey key);

    /// <summary>Lets a stopped process group go on (SIGCONT).</summary>
    void Resume(LaunchKey key);

    /// <summary>
    /// The back end of this instance gets no more items: its next request for work is answered with <paramref name="status"/>, and it is
    /// ended if it does not end itself. Harmless when there is none, or only one of a later run.
    /// </summary>
    void CloseBackEnd(long jobId, int instance, int run, string status);

    /// <summary>These ends are recorded elsewhere: the launcher need not tell them again, and will not start these keys again.</summary>
    void Forget(IReadOnlyList<LaunchKey> keys);

    /// <summary>Renews the host's lease for its whole length, counted on the launcher's own clock. A start is a grant of one lease too.</summary>
    void RenewLease();

    /// <summary>
    /// Ends the conversation: the launcher exits if nothing runs, or, with <paramref name="killAll"/>, kills everything first
    /// (which is then <see cref="LaunchOutcome.Lost"/>). Completes when the connection is closed.
    /// </summary>
    Task ShutdownAsync(bool killAll);
}
