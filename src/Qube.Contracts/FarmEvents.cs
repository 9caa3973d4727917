namespace Qube.Contracts;

/// <summary>The journal of the farm: persistence id <c>farm</c>. It is also the live index (design §3).</summary>
public static class FarmEvents
{
    /// <summary>Ids were handed out for a submission and are live until settled.</summary>
    public sealed record IdsIssued
    {
        public string RequestId { get; init; } = "";

        public long FirstId { get; init; }

        public int Count { get; init; }

        /// <summary>The process group these ids join.</summary>
        public long Pgrp { get; init; }

        public long AtMs { get; init; }
    }

    /// <summary>These jobs need not be woken at a start.</summary>
    public sealed record Settled : IPatientEvent
    {
        public long[] JobIds { get; init; } = [];
    }

    /// <summary>These jobs must be woken again at a start (a finished job was retried). Pgrps stand beside their ids.</summary>
    public sealed record Revived
    {
        public long[] JobIds { get; init; } = [];

        public long[] Pgrps { get; init; } = [];
    }

    /// <summary>A user-defined event that belongs to no job: <c>name-global</c> (spec/callbacks.md Q22).</summary>
    public sealed record Raised
    {
        public string RequestId { get; init; } = "";

        /// <summary>Lower case; empty for a bare <c>global</c>.</summary>
        public string Name { get; init; } = "";

        public string User { get; init; } = "";

        public long AtMs { get; init; }

        /// <summary>Length of the causal chain that led here (design §5, loop guard).</summary>
        public int Depth { get; init; }
    }

    /// <summary>A host has been seen for the first time: it has a log from now on.</summary>
    public sealed record HostJoined
    {
        public string Host { get; init; } = "";
    }

    /// <summary>Farm-wide resources were set, one by one.</summary>
    public sealed record ResourcesSet
    {
        public FarmMessages.ResourceTotal[] Items { get; init; } = [];

        public string User { get; init; } = "";

        public long AtMs { get; init; }

        public string RequestId { get; init; } = "";
    }

    /// <summary>Modes of the supervisor were set, and others taken back (<see cref="FarmModes"/>).</summary>
    public sealed record ModesSet
    {
        public string[] Added { get; init; } = [];

        public string[] Removed { get; init; } = [];

        public string User { get; init; } = "";

        public long AtMs { get; init; }

        public string RequestId { get; init; } = "";
    }

    /// <summary>A global callback was accepted (spec/callbacks.md §15). It hears of what happens after this entry.</summary>
    public sealed record GlobalAdded
    {
        public string RequestId { get; init; } = "";

        public CallbackSpec Callback { get; init; } = new();

        public long AtMs { get; init; }
    }

    /// <summary>Global callbacks that are no more: removed by somebody, or having fired as often as they may.</summary>
    public sealed record GlobalsRemoved
    {
        public int[] Ids { get; init; } = [];

        public string User { get; init; } = "";
    }

    /// <summary>A user's entry as it is from now on.</summary>
    public sealed record UserSet
    {
        public UserEntry Entry { get; init; } = new();

        /// <summary>There is none any more; <see cref="Entry"/> has the name alone.</summary>
        public bool IsRemoved { get; init; }

        /// <summary>Who did it.</summary>
        public string User { get; init; } = "";

        public long AtMs { get; init; }

        public string RequestId { get; init; } = "";
    }
}
