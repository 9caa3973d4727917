namespace Qube.Contracts;

/// <summary>Commands to, queries of and replies by a job.</summary>
public static class JobMessages
{
    /// <summary>Process group → job: exist. Answered by <see cref="JobCreated"/> after the commit; again, when it exists already.</summary>
    public sealed record CreateJob
    {
        public JobId JobId { get; init; }

        public JobSpec Spec { get; init; } = new();
    }

    public sealed record JobCreated
    {
        public JobId JobId { get; init; }
    }

    /// <summary>Farm → job, at a start: go on where you were; if you do not exist, ask your process group.</summary>
    public sealed record WakeJob
    {
        public JobId JobId { get; init; }

        public long Pgrp { get; init; }
    }

    /// <summary>A verb of spec/jobs.md §6.1 or spec/callbacks.md §11.</summary>
    public sealed record ControlJob
    {
        public JobId JobId { get; init; }

        /// <summary>Firing id or client's request id: applied once.</summary>
        public string RequestId { get; init; } = "";

        public JobVerb Verb { get; init; }

        public VerbScope Scope { get; init; }

        /// <summary>Instances addressed; empty is all.</summary>
        public int[] Instances { get; init; } = [];

        /// <summary>Items addressed by name; for scope Work, empty with <see cref="Intervals"/> empty is all.</summary>
        public string[] Items { get; init; } = [];

        /// <summary>Items addressed by number: first, last, first, last… of canonical integer names.</summary>
        public long[] Intervals { get; init; } = [];

        public string User { get; init; } = "";

        public int Depth { get; init; }

        /// <summary>From a callback: an unblocked item opens its job as well, and an id is kept until forgotten.</summary>
        public bool FromCallback { get; init; }

        /// <summary>One instance that the verb applies to, of those addressed if any of them does, and no more (<c>…-single</c>).</summary>
        public bool OnlyOne { get; init; }

        /// <summary>Only a job of one of <see cref="Owners"/> does it (spec/scheduling.md §13).</summary>
        public bool IsLimited { get; init; }

        /// <summary>Whose jobs whoever asks may do this to, where that is limited; none is nobody's.</summary>
        public string[] Owners { get; init; } = [];
    }

    public sealed record ControlDone
    {
        public JobId JobId { get; init; }

        public string RequestId { get; init; } = "";

        /// <summary><c>job.instance</c>, <c>job:name</c> or <c>job</c>.</summary>
        public string[] Affected { get; init; } = [];

        /// <summary>Empty when it was understood.</summary>
        public string Error { get; init; } = "";

        /// <summary>Why whoever asked may not have this done; empty otherwise.</summary>
        public string Denied { get; init; } = "";
    }

    /// <summary>Callbacks → job: the outcome of these commands is in the callbacks' own journal.</summary>
    public sealed record ForgetCommands
    {
        public JobId JobId { get; init; }

        public string[] RequestIds { get; init; } = [];
    }

    public sealed record ModifyJob
    {
        public JobId JobId { get; init; }

        public string RequestId { get; init; } = "";

        public string User { get; init; } = "";

        /// <summary>Attributes as a JSON object.</summary>
        public string Params { get; init; } = "{}";

        /// <summary>Only a job of one of <see cref="Owners"/> does it (spec/scheduling.md §13).</summary>
        public bool IsLimited { get; init; }

        /// <summary>Whose jobs whoever asks may do this to, where that is limited; none is nobody's.</summary>
        public string[] Owners { get; init; } = [];
    }

    /// <summary>What a callback or a submission needs of a job that it names.</summary>
    public sealed record GetSource
    {
        public JobId JobId { get; init; }
    }

    public sealed record Source
    {
        public JobId JobId { get; init; }

        public bool Exists { get; init; }

        public bool Removed { get; init; }

        public long Pgrp { get; init; }

        public string Label { get; init; } = "";

        /// <summary>The last committed sequence number of its log.</summary>
        public long LastSequenceNr { get; init; }

        public AgendaSpec? Agenda { get; init; }

        public Status Status { get; init; }

        public int Instances { get; init; }

        /// <summary>Terminal instances: number, status, number, status….</summary>
        public int[] InstanceStatuses { get; init; } = [];

        /// <summary>First, last… of the sequence numbers of complete, failed and killed items.</summary>
        public int[] CompleteItems { get; init; } = [];

        public int[] FailedItems { get; init; } = [];

        public int[] KilledItems { get; init; } = [];

        /// <summary>Instances that are on a host, and beside each its host.</summary>
        public int[] HostInstances { get; init; } = [];

        public string[] InstanceHosts { get; init; } = [];
    }

    /// <summary>The job as clients see it.</summary>
    public sealed record GetJob
    {
        public JobId JobId { get; init; }

        public bool Agenda { get; init; }

        public bool Subjobs { get; init; }

        public bool Callbacks { get; init; }
    }

    public sealed record JobReply
    {
        public JobId JobId { get; init; }

        public bool Exists { get; init; }

        /// <summary>The job's dictionary in JSON, in the shape of the HTTP API.</summary>
        public string Json { get; init; } = "";
    }

    /// <summary>History lines of a job: answered with <see cref="HistoryReply"/>.</summary>
    public sealed record GetHistory
    {
        public JobId JobId { get; init; }
    }

    public sealed record HistoryReply
    {
        public JobId JobId { get; init; }

        public HistoryLine[] Lines { get; init; } = [];
    }

    /// <summary>A piece of an answer that is too long for one message (design §8). Whoever gets the first asks <see cref="Pager"/> for the others.</summary>
    public sealed record Page
    {
        /// <summary>The actor that holds the answer for a while, as an address.</summary>
        public string Pager { get; init; } = "";

        /// <summary>What the pieces together are, as on the wire.</summary>
        public string Manifest { get; init; } = "";

        public int Index { get; init; }

        public int Count { get; init; }

        public byte[] Bytes { get; init; } = [];

        /// <summary>Which entity of a shard region it is for, where it begins something and answers nothing.</summary>
        public string Entity { get; init; } = "";
    }

    public sealed record GetPage
    {
        public int Index { get; init; }
    }
}
