namespace Qube.Contracts;

/// <summary>What travels on the event bus (design §4 step 9).</summary>
public static class BusMessages
{
    /// <summary>One commit of a source log: the event itself, under its sequence number.</summary>
    public sealed record Envelope
    {
        public JobId Source { get; init; }

        public long SequenceNr { get; init; }

        /// <summary>Null when <see cref="Created"/> is set.</summary>
        public JobEvents.Batch? Batch { get; init; }

        public JobEvents.Created? Created { get; init; }
    }

    /// <summary>Where source logs that moved lately stand: source, sequence number, source, sequence number…. A lost envelope is noticed by this.</summary>
    public sealed record Heads
    {
        public long[] Positions { get; init; } = [];
    }

    /// <summary>Local only: the sender wants the envelopes of these sources from now on, and of no others. It is forgotten when it stops.</summary>
    public sealed record Subscribe
    {
        /// <summary>Job ids; 0 is every source.</summary>
        public long[] Sources { get; init; } = [];
    }
}
