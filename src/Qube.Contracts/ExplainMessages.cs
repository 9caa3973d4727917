namespace Qube.Contracts;

/// <summary>What an explanation is put together from: the triggers as they stand, and what keeps a job from each host.</summary>
public static class ExplainMessages
{
    /// <summary>The callbacks of a job with what each leaf remembers. Answered by <see cref="Triggers"/>.</summary>
    public sealed record GetTriggers
    {
        public JobId JobId { get; init; }

        /// <summary>Callbacks of higher numbers than this only.</summary>
        public int After { get; init; }

        /// <summary>Only callbacks that act on this item of the job; empty is all callbacks.</summary>
        public string Item { get; init; } = "";

        public int Limit { get; init; } = 50;
    }

    public sealed record Triggers
    {
        public JobId JobId { get; init; }

        public TriggerView[] Items { get; init; } = [];

        /// <summary>Ask again with this as <see cref="GetTriggers.After"/>; 0 when there are no more.</summary>
        public int Next { get; init; }

        /// <summary>Of all that were asked for.</summary>
        public int Count { get; init; }

        /// <summary>Labels of the process group as the triggers were read with them.</summary>
        public string[] Labels { get; init; } = [];
    }

    public sealed record TriggerView
    {
        public CallbackSpec Callback { get; init; } = new();

        public bool Suspended { get; init; }

        public int Fired { get; init; }

        public LeafView[] Leaves { get; init; } = [];
    }

    /// <summary>A leaf that has matched, or is bound to a job; leaves of which there is nothing to say are left out.</summary>
    public sealed record LeafView
    {
        public int Ordinal { get; init; }

        /// <summary>The job listened to; 0 is the farm, and <see cref="NoSource"/> is none yet.</summary>
        public long Source { get; init; } = NoSource;

        /// <summary>It is remembered, for the item asked about where it is remembered by item.</summary>
        public bool IsReady { get; init; }

        /// <summary>How many items it remembers.</summary>
        public long Names { get; init; }

        public LedgerMessages.LeafMark? Last { get; init; }

        public const long NoSource = long.MinValue;
    }

    /// <summary>What is to be explained: a job, or one item of it. Answered by <see cref="Subject"/>.</summary>
    public sealed record GetSubject
    {
        public JobId JobId { get; init; }

        /// <summary>An item's name; empty is the job.</summary>
        public string Item { get; init; } = "";
    }

    public sealed record Subject
    {
        public JobId JobId { get; init; }

        /// <summary>False when there is no such job, or it has been removed.</summary>
        public bool Exists { get; init; }

        public string Name { get; init; } = "";

        public string Label { get; init; } = "";

        public long Pgrp { get; init; }

        public long Pid { get; init; }

        public Status Status { get; init; }

        /// <summary>Unknown when no item was asked about, or the job has none of that name.</summary>
        public Status ItemStatus { get; init; }

        /// <summary>Where the item is or was last.</summary>
        public string ItemHost { get; init; } = "";

        /// <summary>How often it was handed out.</summary>
        public int ItemAttempts { get; init; }

        public int Items { get; init; }

        /// <summary>Items in each status: status, count, status, count….</summary>
        public int[] ItemCounts { get; init; } = [];

        /// <summary>The same for instances.</summary>
        public int[] InstanceCounts { get; init; } = [];

        public int CallbackCount { get; init; }
    }

    /// <summary>What keeps a job from each host now. Answered by <see cref="Lacks"/>.</summary>
    public sealed record GetLacks
    {
        public JobId JobId { get; init; }

        /// <summary>Hosts named singly, at most.</summary>
        public int Limit { get; init; } = 200;
    }

    public sealed record Lacks
    {
        public JobId JobId { get; init; }

        /// <summary>False when the dispatcher knows of no wish of that job.</summary>
        public bool IsKnown { get; init; }

        /// <summary>Instances that could start now.</summary>
        public int Wanted { get; init; }

        /// <summary>In one sentence.</summary>
        public string Reason { get; init; } = "";

        /// <summary>Not empty: its requirements could not be read.</summary>
        public string Unreadable { get; init; } = "";

        public HostLack[] Hosts { get; init; } = [];

        /// <summary>All hosts of the farm.</summary>
        public int HostCount { get; init; }
    }

    public sealed record HostLack
    {
        public string Host { get; init; } = "";

        /// <summary>Empty: it fits, and starts there as its turn comes.</summary>
        public string[] Lacks { get; init; } = [];
    }
}
