namespace Qube.Contracts;

/// <summary>Questions about what a job's callbacks did, and the command to do it again.</summary>
public static class LedgerMessages
{
    /// <summary>The firings of a job, newest first. Answered by <see cref="Firings"/>.</summary>
    public sealed record GetFirings
    {
        public JobId JobId { get; init; }

        /// <summary>Only this callback's; 0 is all.</summary>
        public int Callback { get; init; }

        /// <summary>Only in these states; empty is any.</summary>
        public FiringState[] States { get; init; } = [];

        /// <summary>Only this one; empty is any.</summary>
        public string Firing { get; init; } = "";

        /// <summary>Older than this <see cref="FiringRow.Order"/>; 0 is the newest.</summary>
        public long Before { get; init; }

        /// <summary>At most so many; fewer come when a message would grow too large.</summary>
        public int Limit { get; init; } = 100;
    }

    public sealed record Firings
    {
        public JobId JobId { get; init; }

        /// <summary>False when there is no such job.</summary>
        public bool Exists { get; init; }

        public FiringRow[] Rows { get; init; } = [];

        /// <summary>Ask again with this as <see cref="GetFirings.Before"/>; 0 when there are no more.</summary>
        public long Next { get; init; }

        /// <summary>Not empty: the log could not be read just now.</summary>
        public string Error { get; init; } = "";
    }

    /// <summary>One firing.</summary>
    public sealed record FiringRow
    {
        public string Id { get; init; } = "";

        /// <summary>Its place among all firings of the job, from 1.</summary>
        public long Order { get; init; }

        public int Callback { get; init; }

        public string Language { get; init; } = "";

        public string Code { get; init; } = "";

        /// <summary>The event that fired it: <c>complete-work-ribgen-5</c>.</summary>
        public string Event { get; init; } = "";

        /// <summary>Persistence id of the log in which that event stands, or what else caused it.</summary>
        public string Log { get; init; } = "";

        public long SequenceNr { get; init; }

        public int Ordinal { get; init; }

        /// <summary>Length of the causal chain up to it.</summary>
        public int Depth { get; init; }

        public long AtMs { get; init; }

        public FiringState State { get; init; }

        public string Outcome { get; init; } = "";

        /// <summary>Whose permissions its action has.</summary>
        public string User { get; init; } = "";

        public AttemptRow[] Attempts { get; init; } = [];

        /// <summary>The trigger as it stood at the firing, leaf by leaf.</summary>
        public LeafMark[] Leaves { get; init; } = [];
    }

    /// <summary>One attempt at a firing's action.</summary>
    public sealed record AttemptRow
    {
        public int Number { get; init; }

        /// <summary>0 for verbs still under way.</summary>
        public long StartedMs { get; init; }

        /// <summary>0 while it runs.</summary>
        public long EndedMs { get; init; }

        public FiringEnd End { get; init; }

        public string Outcome { get; init; } = "";

        public string Node { get; init; } = "";

        /// <summary>Who had it done: the callback's user, or who repeated it by hand.</summary>
        public string User { get; init; } = "";

        /// <summary>It repeats an attempt that a crash cut off.</summary>
        public bool IsAgain { get; init; }

        public long OutputOffset { get; init; }

        public long OutputBytes { get; init; }
    }

    /// <summary>When a leaf of a trigger last matched, and by what.</summary>
    public sealed record LeafMark
    {
        /// <summary>Its place in the trigger, from 0.</summary>
        public int Ordinal { get; init; }

        public string Pattern { get; init; } = "";

        /// <summary>0 when it has not matched yet; then the rest says nothing.</summary>
        public long AtMs { get; init; }

        public string Log { get; init; } = "";

        public long SequenceNr { get; init; }

        public int EventOrdinal { get; init; }

        /// <summary>The one item that matched a wildcard; empty for none or many.</summary>
        public string Item { get; init; } = "";
    }

    /// <summary>Do a firing's action once more. Answered by <see cref="FiringRefired"/>.</summary>
    public sealed record Refire
    {
        public JobId JobId { get; init; }

        public string Firing { get; init; } = "";

        public string User { get; init; } = "";

        /// <summary>Applied once.</summary>
        public string RequestId { get; init; } = "";
    }

    public sealed record FiringRefired
    {
        public JobId JobId { get; init; }

        public string Firing { get; init; } = "";

        /// <summary>Number of the attempt that now follows.</summary>
        public int Attempt { get; init; }

        /// <summary>Empty when it is done again.</summary>
        public string Error { get; init; } = "";
    }
}
