namespace Qube.Contracts;

/// <summary>What travels on the event bus (design §4 step 9).</summary>
public static class BusMessages
{
    /// <summary>One commit of a source log: the event itself, under its sequence number.</summary>
    public sealed record Envelope
    {
        /// <summary>As <see cref="EventSources"/> numbers logs.</summary>
        public JobId Source { get; init; }

        public long SequenceNr { get; init; }

        /// <summary>Null when <see cref="Created"/> is set.</summary>
        public JobEvents.Batch? Batch { get; init; }

        public JobEvents.Created? Created { get; init; }

        /// <summary>Logs with entries that nobody follows (the farm's): the last sequence number before this one that says anything to a follower.
        /// 0 when there is none, and in envelopes of jobs, where every entry does.</summary>
        public long Previous { get; init; }

        /// <summary>The host whose log it is; empty for other sources.</summary>
        public string Host { get; init; } = "";

        public HostEvents.LocksChanged? HostLocks { get; init; }

        public HostEvents.StateChanged? HostState { get; init; }

        public HostEvents.Raised? HostRaised { get; init; }

        public FarmEvents.Raised? FarmRaised { get; init; }

        public HostEvents.VarsChanged? HostVars { get; init; }

        /// <summary>The entry itself, as it stands in the log.</summary>
        public object? Entry => Batch ?? Created ?? HostState ?? HostLocks ?? HostRaised ?? FarmRaised ?? (object?)HostVars;
    }

    /// <summary>Where source logs that moved lately stand: source, sequence number, source, sequence number…. A lost envelope is noticed by this.</summary>
    public sealed record Heads
    {
        public long[] Positions { get; init; } = [];
    }

    /// <summary>Local only: the sender wants the envelopes of these sources from now on, and of no others. It is forgotten when it stops.</summary>
    public sealed record Subscribe
    {
        /// <summary>As <see cref="EventSources"/> numbers them, <see cref="EventSources.Every"/> and <see cref="EventSources.EveryHost"/> included.</summary>
        public long[] Sources { get; init; } = [];
    }
}
