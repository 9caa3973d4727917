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

        public long AtMs { get; init; }
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

        /// <summary>Attempts of scripts, mails and web hooks that begin as soon as this is written.</summary>
        public Started[] Started { get; init; } = [];

        /// <summary>Firings that somebody had done once more.</summary>
        public Refired[] Refired { get; init; } = [];

        /// <summary>The node that wrote this, and on which its attempts were made.</summary>
        public string Node { get; init; } = "";
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

        public FiringEnd End { get; init; }

        /// <summary>Counts from 1 over all attempts of the firing; 0 in journals from before attempts were counted.</summary>
        public int Attempt { get; init; }

        /// <summary>1, and one more for every time that somebody had it done again by hand: with the firing's id the key of its action.</summary>
        public int Run { get; init; }

        /// <summary>Where its output begins in the job's <c>.cb</c> file.</summary>
        public long OutputOffset { get; init; }

        public long OutputBytes { get; init; }
    }

    /// <summary>An attempt begins. Written with whatever is written anyway: the firing, or the end of the script before it.</summary>
    public sealed record Started
    {
        public string Firing { get; init; } = "";

        public int Attempt { get; init; }

        public int Run { get; init; }

        public long AtMs { get; init; }

        /// <summary>The attempt before it was cut off by a crash and may have done something.</summary>
        public bool IsAgain { get; init; }
    }

    /// <summary>Somebody had a firing done again. It says all there is to know of the firing, which may have been forgotten since.</summary>
    public sealed record Refired
    {
        public string Firing { get; init; } = "";

        public string RequestId { get; init; } = "";

        public string User { get; init; } = "";

        public long AtMs { get; init; }

        public int Callback { get; init; }

        public int Run { get; init; }

        /// <summary>Attempts made before.</summary>
        public int Attempts { get; init; }

        public long Source { get; init; }

        public long SequenceNr { get; init; }

        public int Ordinal { get; init; }

        public int Depth { get; init; }

        public string EventText { get; init; } = "";

        /// <summary>When it first fired, in milliseconds.</summary>
        public long FiredMs { get; init; }

        /// <summary>The current item; null for none or many.</summary>
        public string? Current { get; init; }

        public string[] Works { get; init; } = [];

        public long[] WorkIntervals { get; init; } = [];

        public string[] Instances { get; init; } = [];

        public long[] InstanceIntervals { get; init; } = [];

        /// <summary>Its place among all firings of the job.</summary>
        public long Order { get; init; }
    }
}
