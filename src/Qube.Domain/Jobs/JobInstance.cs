using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>One instance (Qube!: subjob) of a job.</summary>
public sealed partial class JobInstance(int id)
{
    public int Id { get; } = id;

    public Status Status { get; internal set; } = Status.Pending;

    /// <summary>Blocked by a person, a submission or a verb; not merely because nothing is runnable (spec/callbacks.md Q12, Q13).</summary>
    public bool Held { get; internal set; }

    /// <summary>Where something of it may be; null when it is on no host.</summary>
    public string? Host { get; internal set; }

    public string LastHost { get; internal set; } = "";

    /// <summary>How often it was started on a host.</summary>
    public int Run { get; internal set; }

    /// <summary>Runs that count against <c>retrysubjob</c>.</summary>
    public int Count { get; internal set; }

    public string Allocations { get; internal set; } = "";

    public int Slots { get; internal set; } = 1;

    /// <summary>Items at its worker, the running one first.</summary>
    public List<int> InHand { get; } = [];

    /// <summary>What it becomes after its current item; null when it goes on.</summary>
    public Status? Ending { get; internal set; }

    /// <summary>The verb behind <see cref="Ending"/>, for its events.</summary>
    public JobVerb EndingVerb { get; internal set; }

    /// <summary>Causal depth of that verb.</summary>
    public int EndingDepth { get; internal set; }

    public long StartedMs { get; internal set; }

    public long EndedMs { get; internal set; }

    public int ExitCode { get; internal set; }

    public int Depth { get; internal set; }

    /// <summary>It was told that this run takes too long.</summary>
    public bool TimedOut { get; internal set; }

    /// <summary>How long this run, and its current item, were suspended, milliseconds: time limits do not count it.</summary>
    public long PausedMs { get; internal set; }

    public long ItemPausedMs { get; internal set; }

    /// <summary>Since when it is suspended; 0 when it is not.</summary>
    public long SuspendedAtMs { get; internal set; }

    /// <summary>Where its run on this host stands.</summary>
    public FlightPhase Phase { get; internal set; }

    /// <summary>The checks of its host.</summary>
    public FlightChecks HostChecks { get; internal set; }

    /// <summary>How often its flight checks were started, over all runs: each start has a number of its own for the launcher.</summary>
    public int CheckTries { get; internal set; }

    /// <summary>Its own item is in hand, and is not its command.</summary>
    public bool IsChecking => Phase is FlightPhase.Preflights or FlightPhase.Postflights;

    /// <summary>Try of its own item (number -1): the run, or below 0 that of its checks.</summary>
    public int OwnTry => IsChecking ? -CheckTries : Run;

    /// <summary>On a host, by no verb's will on its way off: what its process says counts.</summary>
    public bool IsActive => Status is Status.Registering or Status.Running or Status.Waiting or Status.Suspended;

    /// <summary>Takes items: on a host, not on its way out.</summary>
    public bool IsWorking => Host is not null && Ending is null && Status is Status.Registering or Status.Running or Status.Waiting && Host is not null;
}
