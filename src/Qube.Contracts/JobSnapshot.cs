namespace Qube.Contracts;

/// <summary>A job's state as of one event of its log: spares a recovery the events before it. Never a source of truth: one that cannot be read is
/// ignored, and the log is replayed.</summary>
public sealed record JobSnapshot
{
    /// <summary>The meaning of the fields. Any other is not read: it counts up whenever a field changes its meaning or a transition its effect.</summary>
    public const int CurrentFormat = 2;

    public int Format { get; init; }

    /// <summary>With the modifications of <see cref="Modifications"/> in it.</summary>
    public JobSpec Spec { get; init; } = new();

    public Status Status { get; init; }

    public int Epoch { get; init; }

    public bool Removed { get; init; }

    public bool Erased { get; init; }

    public int LocalOrder { get; init; }

    public long StartedMs { get; init; }

    public long EndedMs { get; init; }

    public long LastUpdateMs { get; init; }

    public long RunningSinceMs { get; init; }

    public bool TimedOut { get; init; }

    public int AutoMigrations { get; init; }

    /// <summary>Hosts that the job stays away from for now.</summary>
    public AvoidedHost[] Avoided { get; init; } = [];

    /// <summary>Hosts that auto-wrangling has counted on.</summary>
    public HostTally[] HostTallies { get; init; } = [];

    public string[] Modifications { get; init; } = [];

    /// <summary>Commands that are not applied again, those of <see cref="ClientCommands"/> left out.</summary>
    public string[] Applied { get; init; } = [];

    /// <summary>Those of clients, the oldest first.</summary>
    public string[] ClientCommands { get; init; } = [];

    /// <summary>Which of <see cref="ClientCommands"/> have been forgotten meanwhile.</summary>
    public string[] Forgotten { get; init; } = [];

    public Instance[] Instances { get; init; } = [];

    public ItemColumns Items { get; init; } = new();

    /// <summary>A host, and until when.</summary>
    public sealed record AvoidedHost
    {
        public string Host { get; init; } = "";

        public long UntilMs { get; init; }
    }

    /// <summary>A host, and how items ended there.</summary>
    public sealed record HostTally
    {
        public string Host { get; init; } = "";

        public int Failed { get; init; }

        public int Completed { get; init; }
    }

    /// <summary>An instance of the job, in the order of their numbers.</summary>
    public sealed record Instance
    {
        public Status Status { get; init; }

        public bool Held { get; init; }

        public string? Host { get; init; }

        public string LastHost { get; init; } = "";

        public int Run { get; init; }

        public int Count { get; init; }

        public string Allocations { get; init; } = "";

        public int Slots { get; init; }

        public int[] InHand { get; init; } = [];

        /// <summary>Null when it goes on.</summary>
        public Status? Ending { get; init; }

        public long StartedMs { get; init; }

        public long EndedMs { get; init; }

        public int ExitCode { get; init; }

        public int Depth { get; init; }

        public JobVerb EndingVerb { get; init; }

        public int EndingDepth { get; init; }

        public bool TimedOut { get; init; }

        public long PausedMs { get; init; }

        public long ItemPausedMs { get; init; }

        public long SuspendedAtMs { get; init; }

        public FlightPhase Phase { get; init; }

        public FlightChecks HostChecks { get; init; }

        public int CheckTries { get; init; }
    }

    /// <summary>The items, by column. Beside the two first, a column has a value for each touched item in order; one value stands for all when they
    /// are the same, none for all when they are 0.</summary>
    public sealed record ItemColumns
    {
        /// <summary>Status, how many in a row have it, status, how many….</summary>
        public int[] Statuses { get; init; } = [];

        /// <summary>First, last, first, last… of the items of which more is known than their status.</summary>
        public int[] Touched { get; init; } = [];

        public int[] Tries { get; init; } = [];

        public int[] Counts { get; init; } = [];

        public int[] Instances { get; init; } = [];

        /// <summary>1 while it is in hand.</summary>
        public int[] InHand { get; init; } = [];

        /// <summary>The names of which <see cref="Hosts"/> gives the place, from 1; 0 is none.</summary>
        public string[] HostNames { get; init; } = [];

        public int[] Hosts { get; init; } = [];

        public int[] ExitCodes { get; init; } = [];

        /// <summary>Milliseconds after the start of the item before, as they stand.</summary>
        public long[] Started { get; init; } = [];

        /// <summary>Milliseconds after the item's own start.</summary>
        public long[] Ended { get; init; } = [];

        /// <summary>Milliseconds beyond what lies between this start and this end.</summary>
        public long[] Cumulative { get; init; } = [];

        public long[] NotBefore { get; init; } = [];

        public int[] Depths { get; init; } = [];

        /// <summary>1 where its time is over.</summary>
        public int[] TimedOut { get; init; } = [];

        /// <summary>1 where <see cref="Results"/> has the next.</summary>
        public int[] HasResult { get; init; } = [];

        public string[] Results { get; init; } = [];
    }
}
