namespace Qube.Contracts;

/// <summary>The journal of a job's callbacks: persistence id <c>callbacks-&lt;job&gt;</c>.</summary>
public static class CallbackEvents
{
    /// <summary>A source log is followed from here on.</summary>
    public sealed record SourceBound
    {
        /// <summary>Job id of the source.</summary>
        public long Source { get; init; }

        /// <summary>The last sequence number that is not looked at.</summary>
        public long Cursor { get; init; }

        /// <summary>What was already true (design §5, already true at submission).</summary>
        public Match[] Matches { get; init; } = [];
    }

    /// <summary>A job with a label that was waited for has joined the process group: its log is followed from its start (spec/callbacks.md Q6).</summary>
    public sealed record LabelBound
    {
        public string Label { get; init; } = "";

        public long Source { get; init; }
    }

    /// <summary>Cursors, matches and firings of one fold: one write.</summary>
    public sealed record Folded
    {
        public long AtMs { get; init; }

        /// <summary>Source, sequence number, source, sequence number….</summary>
        public long[] Cursors { get; init; } = [];

        public Match[] Matches { get; init; } = [];

        /// <summary>Firings whose action is done (verb applied, script ended).</summary>
        public Finished[] Finished { get; init; } = [];

        /// <summary>Callbacks that the loop guard has suspended (design §5).</summary>
        public int[] Suspended { get; init; } = [];
    }

    /// <summary>One pattern of one callback met by one event. Folding the matches in order gives the latches and the firings again.</summary>
    public sealed record Match
    {
        public int Callback { get; init; }

        /// <summary>The patterns met, by their place in the trigger.</summary>
        public int[] Patterns { get; init; } = [];

        public long Source { get; init; }

        public long SequenceNr { get; init; }

        public int Ordinal { get; init; }

        public int Depth { get; init; }

        /// <summary>Items by name where they are not canonical integers.</summary>
        public string[] Names { get; init; } = [];

        /// <summary>Items that are canonical integers: first, last, first, last….</summary>
        public long[] Intervals { get; init; } = [];

        /// <summary>Not a match: what is remembered of this source is forgotten (a retry, spec/callbacks.md Q4, Q28); by subject type, 0 is all.</summary>
        public int Unlatch { get; init; }
    }

    /// <summary>How the action of a firing ended.</summary>
    public sealed record Finished
    {
        public string Firing { get; init; } = "";

        public string Outcome { get; init; } = "";

        public long StartedMs { get; init; }

        public long EndedMs { get; init; }
    }
}
