namespace Qube.Contracts;

/// <summary>Commands to the farm's singleton and to process groups.</summary>
public static class FarmMessages
{
    /// <summary>Ids for a submission; the same ones for the same request.</summary>
    public sealed record IssueIds
    {
        public string RequestId { get; init; } = "";

        public int Count { get; init; }

        /// <summary>The process group to join; 0: the first id leads a new one.</summary>
        public long Pgrp { get; init; }
    }

    public sealed record IdsIssued
    {
        public string RequestId { get; init; } = "";

        public long FirstId { get; init; }

        /// <summary>0: the farm takes no submissions now.</summary>
        public int Count { get; init; }

        public long Pgrp { get; init; }

        /// <summary>The request was seen before.</summary>
        public bool Again { get; init; }

        /// <summary>Where the farm's log stood when the ids were issued: what is raised after it, these jobs hear.</summary>
        public long SequenceNr { get; init; }
    }

    /// <summary>How far ids have been issued: a higher one has never existed.</summary>
    public sealed record GetLastId
    {
        /// <summary>The submission that asks; empty when none does.</summary>
        public string RequestId { get; init; } = "";
    }

    public sealed record LastId
    {
        public long Value { get; init; }

        /// <summary>The process group for which ids were issued to <see cref="GetLastId.RequestId"/> before; 0 when it is new.</summary>
        public long RequestPgrp { get; init; }

        /// <summary>The modes that are set (<see cref="FarmModes"/>).</summary>
        public string[] Modes { get; init; } = [];
    }

    /// <summary>Job → farm: terminal, its readers served, nothing left to wake for.</summary>
    public sealed record JobSettled
    {
        public JobId JobId { get; init; }
    }

    /// <summary>Job → farm: alive again; answered by <see cref="JobRevivedAck"/> after the commit.</summary>
    public sealed record JobRevived
    {
        public JobId JobId { get; init; }

        public long Pgrp { get; init; }
    }

    public sealed record JobRevivedAck
    {
        public JobId JobId { get; init; }
    }

    /// <summary>Job → farm: my shard goes to another supervisor, where nobody knows me; wake me there. Lost when a supervisor dies, which the farm hears of
    /// by itself.</summary>
    public sealed record JobMoved
    {
        public JobId JobId { get; init; }
    }

    /// <summary>Accept these jobs as a whole, or refuse them.</summary>
    public sealed record AcceptSubmission
    {
        public long Pgrp { get; init; }

        public string RequestId { get; init; } = "";

        public JobSpec[] Jobs { get; init; } = [];

        public string[] Warnings { get; init; } = [];
    }

    public sealed record SubmissionAccepted
    {
        public long Pgrp { get; init; }

        public JobSpec[] Jobs { get; init; } = [];

        public string[] Warnings { get; init; } = [];
    }

    public sealed record SubmissionRefused
    {
        public long Pgrp { get; init; }

        public string Message { get; init; } = "";

        public string Job { get; init; } = "";

        public string Field { get; init; } = "";

        /// <summary>1-based; 0 where there is none.</summary>
        public int Column { get; init; }

        /// <summary>Nothing is wrong with the submission: its ids were given up when the farm restarted before it came. It needs others.</summary>
        public bool IdsVoided { get; init; }
    }

    /// <summary>Members of a process group with their labels; also answers a job that looks for its spec.</summary>
    public sealed record GetProcessGroup
    {
        public long Pgrp { get; init; }

        /// <summary>The submission that asks; empty when none does.</summary>
        public string RequestId { get; init; } = "";
    }

    public sealed record ProcessGroup
    {
        public long Pgrp { get; init; }

        public long[] JobIds { get; init; } = [];

        public string[] Labels { get; init; } = [];

        /// <summary>What was accepted under <see cref="GetProcessGroup.RequestId"/> before; null when nothing was.</summary>
        public SubmissionAccepted? Accepted { get; init; }
    }

    /// <summary>A woken job that has no journal asks what it should be. Answered by CreateJob, or by <see cref="NoSuchJob"/> for good.</summary>
    public sealed record GetSpec
    {
        public long Pgrp { get; init; }

        public JobId JobId { get; init; }

        /// <summary>Somebody has asked the job something: a submission that has not come yet may still come.</summary>
        public bool IsQuestion { get; init; }
    }

    /// <summary>A job that is to move here, or to change its label: answered by <see cref="GroupJoined"/> after the commit, again when it is asked again.</summary>
    public sealed record JoinGroup
    {
        public long Pgrp { get; init; }

        public JobId JobId { get; init; }

        public string Label { get; init; } = "";

        /// <summary>The label was given automatically, and another one will do.</summary>
        public bool IsAutomatic { get; init; }

        /// <summary>The modification that asks.</summary>
        public string RequestId { get; init; } = "";
    }

    public sealed record GroupJoined
    {
        public long Pgrp { get; init; }

        public JobId JobId { get; init; }

        public string Label { get; init; } = "";

        public string RequestId { get; init; } = "";

        /// <summary>Why it cannot be; empty when it is done.</summary>
        public string Problem { get; init; } = "";
    }

    /// <summary>The job is a member of this group no longer. Not answered.</summary>
    public sealed record LeaveGroup
    {
        public long Pgrp { get; init; }

        public JobId JobId { get; init; }
    }

    /// <summary>Sets farm-wide resources (spec/scheduling.md §6); those not named stay. Answered by <see cref="ResourcesSet"/> after the commit.</summary>
    public sealed record SetResources
    {
        public ResourceTotal[] Items { get; init; } = [];

        public string User { get; init; } = "";

        public string RequestId { get; init; } = "";
    }

    public sealed record ResourcesSet
    {
        public string RequestId { get; init; } = "";
    }

    public sealed record ResourceTotal
    {
        /// <summary>With its prefix: <c>license.maya</c>, <c>global.x</c>.</summary>
        public string Name { get; init; } = "";

        public int Total { get; init; }

        /// <summary>Taken by others than the farm's instances.</summary>
        public int UsedOutside { get; init; }
    }

    /// <summary>Sets and takes back modes of the supervisor. Answered by <see cref="ModesSet"/> after the commit.</summary>
    public sealed record SetModes
    {
        public string[] Add { get; init; } = [];

        public string[] Remove { get; init; } = [];

        public string User { get; init; } = "";

        public string RequestId { get; init; } = "";
    }

    public sealed record ModesSet
    {
        public string RequestId { get; init; } = "";

        /// <summary>All that are set now.</summary>
        public string[] Modes { get; init; } = [];
    }

    public sealed record NoSuchJob
    {
        public JobId JobId { get; init; }

        /// <summary>As it was asked: not yet, perhaps.</summary>
        public bool IsQuestion { get; init; }
    }

    /// <summary>A job that was asked something and has no journal → farm: am I one that was accepted, and has only not heard of it? Answered by
    /// <see cref="JobFound"/>.</summary>
    public sealed record FindJob
    {
        public JobId JobId { get; init; }
    }

    /// <summary>The process group that its id was issued for; 0 when there is no such job.</summary>
    public sealed record JobFound
    {
        public JobId JobId { get; init; }

        public long Pgrp { get; init; }
    }
}
