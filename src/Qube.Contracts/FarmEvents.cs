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
    public sealed record Settled
    {
        public long[] JobIds { get; init; } = [];
    }

    /// <summary>These jobs must be woken again at a start (a finished job was retried). Pgrps stand beside their ids.</summary>
    public sealed record Revived
    {
        public long[] JobIds { get; init; } = [];

        public long[] Pgrps { get; init; } = [];
    }
}
