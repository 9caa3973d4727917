namespace Qube.Contracts;

/// <summary>The conversation between jobs and worker nodes (design §4 steps 5 to 8). Workers are reached by remoting, in process by a tell.</summary>
public static class WorkerMessages
{
    /// <summary>Worker → gate, at start, after a gap and every few seconds: who I am. Idempotent.</summary>
    public sealed record Attach
    {
        public string Host { get; init; } = "";

        /// <summary>Changes when the machine restarts: then nothing that ran there can still be alive.</summary>
        public string BootId { get; init; } = "";

        /// <summary>Changes with every start of the worker node.</summary>
        public string Incarnation { get; init; } = "";

        /// <summary>0 while the node drains: it takes nothing more.</summary>
        public int Slots { get; init; }

        public int MemoryMegabytes { get; init; }

        public string Address { get; init; } = "";

        public string MacAddress { get; init; } = "";

        public string Cluster { get; init; } = "/";

        public string Groups { get; init; } = "";

        public string Restrictions { get; init; } = "";

        /// <summary><c>host.os=linux,…</c></summary>
        public string Properties { get; init; } = "";

        /// <summary>Beyond host.processors and host.memory: <c>host.x=total,…</c></summary>
        public string Resources { get; init; } = "";

        public string[] Jobtypes { get; init; } = [];

        public string Description { get; init; } = "";

        /// <summary>The sender's own clock at sending; comes back in the answer and means nothing to others.</summary>
        public long Beat { get; init; }

        /// <summary>The flight checks of its own that this host has for instances (spec/jobs.md §10).</summary>
        public FlightChecks FlightChecks { get; init; }
    }

    /// <summary>Gate → worker: heard you. Renews the lease of all that runs there.</summary>
    public sealed record Attached
    {
        public string Host { get; init; } = "";

        public int LeaseSeconds { get; init; }

        /// <summary>Where job logs go and who the supervisor is, for processes' environments.</summary>
        public string LogPath { get; init; } = "";

        public string SupervisorUrl { get; init; } = "";

        /// <summary><see cref="Attach.Beat"/> of what this answers: an answer that was long under way must not renew a lease.</summary>
        public long Beat { get; init; }

        /// <summary>Addresses of the supervisors that there are now, of which each is to know this host; empty where there is only one.</summary>
        public string[] Supervisors { get; init; } = [];
    }

    /// <summary>One item to run, in the order in which it is to be run.</summary>
    public sealed record RunItem
    {
        /// <summary>-1 is the instance's own command (a job without agenda).</summary>
        public int Seq { get; init; } = -1;

        public int Attempt { get; init; }

        public string Name { get; init; } = "";

        /// <summary>First, last and step where the item is a frame or a chunk.</summary>
        public long First { get; init; }

        public long Last { get; init; }

        public long Step { get; init; }

        public bool IsFrames { get; init; }

        /// <summary>For a back end: what was submitted of the item beside its name, in JSON; empty where nothing was, or a command runs it.</summary>
        public string Submitted { get; init; } = "";

        /// <summary>With <see cref="Seq"/> -1: not the instance's command but the checks before or after it (spec/jobs.md §10).</summary>
        public FlightPhase Check { get; init; }

        /// <summary>For postflights: what the instance becomes if they find nothing.</summary>
        public Status Becomes { get; init; }

        /// <summary>For postflights: exit code of the instance's last process.</summary>
        public int LastExitCode { get; init; }
    }

    /// <summary>An instance as it should be at the worker.</summary>
    public sealed record InstanceState
    {
        public int Instance { get; init; }

        /// <summary>How often this instance was started; a worker drops a lower run when it sees a higher one.</summary>
        public int Run { get; init; }

        public int Slots { get; init; }

        public string Allocations { get; init; } = "";

        public RunItem[] Items { get; init; } = [];

        /// <summary>What runs of it is stopped and nothing of it starts, until a later word says otherwise.</summary>
        public bool Suspended { get; init; }
    }

    /// <summary>Job → worker: these instances, with these items in hand, are yours. Idempotent: what runs goes on, what ended is reported,
    /// what is missing is started. Instances of this job that are not listed are not touched unless <see cref="Whole"/>.</summary>
    public sealed record SyncInstances
    {
        public JobId JobId { get; init; }

        public int Epoch { get; init; }

        public long Pgrp { get; init; }

        public string User { get; init; } = "";

        public JobFlags Flags { get; init; }

        public CommandSpec Command { get; init; } = new();

        public InstanceState[] Instances { get; init; } = [];

        /// <summary>The list is all this job has on this host, of the instances from <see cref="First"/> to <see cref="Last"/>: others of these are killed.</summary>
        public bool Whole { get; init; }

        /// <summary>A long list is said in pages, each of which can be lost by itself.</summary>
        public int First { get; init; }

        public int Last { get; init; } = int.MaxValue;

        /// <summary>What the job's processes ask the API with; put in by the gate, null where nothing is asked for.</summary>
        public Secret? Token { get; init; }
    }

    /// <summary>Job → worker: more items for an instance, and which reports are recorded.</summary>
    public sealed record HandOut
    {
        public JobId JobId { get; init; }

        public int Epoch { get; init; }

        public int Instance { get; init; }

        public int Run { get; init; }

        public RunItem[] Items { get; init; } = [];

        /// <summary>Seq, attempt, seq, attempt…: reports, of ends and of returns, that are in the journal and may be forgotten.</summary>
        public int[] Recorded { get; init; } = [];

        /// <summary>The instance is over: its slot is free as soon as nothing of it runs.</summary>
        public bool Leave { get; init; }

        /// <summary>With <see cref="Leave"/>: what the instance is then, for its back end (spec/jobs.md §6.2).</summary>
        public Status LeaveAs { get; init; }
    }

    /// <summary>Job → worker: stop these. What never started is given back, what runs is killed.</summary>
    public sealed record StopItems
    {
        public JobId JobId { get; init; }

        public int Epoch { get; init; }

        public int Instance { get; init; }

        public int Run { get; init; }

        /// <summary>Seq, attempt, seq, attempt…; null is everything of this instance.</summary>
        public int[]? Items { get; init; }

        /// <summary>False: only take back what has not started.</summary>
        public bool Kill { get; init; }

        public int GraceSeconds { get; init; } = 30;
    }

    /// <summary>Job → worker: stop what runs of the instance where it is and start nothing of it; or let it go on.</summary>
    public sealed record SuspendInstance
    {
        public JobId JobId { get; init; }

        public int Epoch { get; init; }

        public int Instance { get; init; }

        public int Run { get; init; }

        public bool Suspended { get; init; }
    }

    /// <summary>Worker → job: what happened to an instance's items. Sent again until recorded.</summary>
    public sealed record Report
    {
        public JobId JobId { get; init; }

        public int Epoch { get; init; }

        public string Host { get; init; } = "";

        public int Instance { get; init; }

        public int Run { get; init; }

        public ItemStart[] Started { get; init; } = [];

        public ItemEnd[] Ended { get; init; } = [];

        /// <summary>Seq, attempt, seq, attempt…: items that never started and never will. Said again until recorded, as ends are.</summary>
        public int[] Returned { get; init; } = [];

        /// <summary>Items still at the worker after this report: running or waiting for their turn.</summary>
        public int InHand { get; init; }

        /// <summary>The instance is suspended here.</summary>
        public bool Suspended { get; init; }
    }

    public sealed record ItemStart
    {
        public int Seq { get; init; } = -1;

        public int Attempt { get; init; }

        public long AtMs { get; init; }
    }

    public sealed record ItemEnd
    {
        public int Seq { get; init; } = -1;

        public int Attempt { get; init; }

        public EndOutcome Outcome { get; init; }

        /// <summary>Exit code, or minus the signal's number.</summary>
        public int ExitCode { get; init; }

        public long StartedMs { get; init; }

        public long EndedMs { get; init; }

        public long UserMs { get; init; }

        public long SystemMs { get; init; }

        public long MaxRssKilobytes { get; init; }

        /// <summary>The <c>resultpackage</c> in JSON, or empty.</summary>
        public string Result { get; init; } = "";

        /// <summary>Why an exit code of 0 is a failure all the same (regex_errors), or why it could not be started.</summary>
        public string Reason { get; init; } = "";
    }

    /// <summary>Worker → job: your epoch is behind the one I have seen.</summary>
    public sealed record EpochRefused
    {
        public JobId JobId { get; init; }

        public int Epoch { get; init; }
    }
}
