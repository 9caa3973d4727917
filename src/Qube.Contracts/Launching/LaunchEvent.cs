namespace Qube.Contracts.Launching;

/// <summary>What a launcher tells its client, in order.</summary>
public abstract record LaunchEvent
{
    private LaunchEvent()
    {
    }

    /// <summary>
    /// The first event after <c>ConnectAsync</c>, and only then: all that is running, and all that ended and was not yet
    /// declared recorded. After a reconnection the differences come as single events.
    /// </summary>
    public sealed record Snapshot(IReadOnlyList<Started> Running, IReadOnlyList<Ended> Finished) : LaunchEvent;

    /// <summary>The process runs, or ran: it is also the answer to a repeated start while it is running.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Epoch">The highest epoch under which it was asked for.</param>
    /// <param name="Pid">Its process id, which is also its session's and process group's id.</param>
    /// <param name="StartedUnixMs">When, milliseconds of Unix time.</param>
    public sealed record Started(LaunchKey Key, int Epoch, int Pid, long StartedUnixMs) : LaunchEvent;

    /// <summary>The process ended. Told again, by every launcher to every new client, until <see cref="ILauncher.Forget"/>.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Epoch">The highest epoch under which it was asked for.</param>
    /// <param name="Outcome">How.</param>
    /// <param name="Code">Exit code, or signal number; 0 where the outcome has neither.</param>
    /// <param name="StartedUnixMs">When it started, milliseconds of Unix time; 0 if it never did.</param>
    /// <param name="EndedUnixMs">When it ended, or was found ended.</param>
    /// <param name="Usage">What it used; zeros when that could not be learnt.</param>
    /// <param name="Result">What a back end reported with the item, a JSON object (<c>{}</c> when nothing); empty where nobody reported.</param>
    public sealed record Ended(
        LaunchKey Key, int Epoch, LaunchOutcome Outcome, int Code, long StartedUnixMs, long EndedUnixMs, LaunchUsage Usage, string Result = "") : LaunchEvent;

    /// <summary>A request was not carried out.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Epoch">The epoch of the request; 0 for a kill.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="HighestEpoch">The highest epoch seen for the job.</param>
    public sealed record Refused(LaunchKey Key, int Epoch, LaunchRefusal Reason, int HighestEpoch) : LaunchEvent;

    /// <summary>Another client has taken this launcher over; this one is dead and stays so. The last event.</summary>
    public sealed record Displaced : LaunchEvent;
}
