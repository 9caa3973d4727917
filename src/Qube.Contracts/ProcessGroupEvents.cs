namespace Qube.Contracts;

/// <summary>The journal of a process group: persistence id <c>pgrp-&lt;id&gt;</c>.</summary>
public static class ProcessGroupEvents
{
    /// <summary>One submission, whole.</summary>
    public sealed record Accepted
    {
        public string RequestId { get; init; } = "";

        public JobSpec[] Jobs { get; init; } = [];

        public string[] Warnings { get; init; } = [];
    }

    /// <summary>Ids that were issued for a submission that never was accepted, and now never will be.</summary>
    public sealed record Voided
    {
        public long[] JobIds { get; init; } = [];
    }

    /// <summary>A job came here from another group, or has another label now.</summary>
    public sealed record Joined
    {
        public JobId JobId { get; init; }

        public string Label { get; init; } = "";
    }

    /// <summary>A job went to another group, or is gone for good: its label is free.</summary>
    public sealed record Left
    {
        public JobId JobId { get; init; }
    }

    /// <summary>These jobs have journals of their own.</summary>
    public sealed record Created : IPatientEvent
    {
        public long[] JobIds { get; init; } = [];
    }
}
