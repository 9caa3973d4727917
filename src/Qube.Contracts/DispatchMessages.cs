namespace Qube.Contracts;

/// <summary>The conversation between jobs and the dispatcher. Every message is whole and idempotent, so that the dispatcher is soft state:
/// a new one learns the farm by a roll call.</summary>
public static class DispatchMessages
{
    /// <summary>Job → dispatcher: all I hold and all I want, replacing what I said before. Sent on every change.</summary>
    public sealed record Demand
    {
        public JobId JobId { get; init; }

        /// <summary>Grows with every demand of one life of the job; with <see cref="Epoch"/> it tells old from new.</summary>
        public long Version { get; init; }

        public int Epoch { get; init; }

        /// <summary>Instances that could start now.</summary>
        public int Wanted { get; init; }

        /// <summary>The highest grant that is reflected here.</summary>
        public long GrantSeen { get; init; }

        public Held[] Holds { get; init; } = [];

        public int Priority { get; init; }

        /// <summary>Top and bottom within one priority; 0 as submitted.</summary>
        public int LocalOrder { get; init; }

        public long Pgrp { get; init; }

        public string User { get; init; } = "";

        public string Cluster { get; init; } = "/";

        public string Requirements { get; init; } = "";

        public string Reservations { get; init; } = "";

        public string Restrictions { get; init; } = "";

        public string Hosts { get; init; } = "";

        public string OmitHosts { get; init; } = "";

        public string Groups { get; init; } = "";

        public string OmitGroups { get; init; } = "";

        public string HostOrder { get; init; } = "";

        public string Prototype { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Name { get; init; } = "";

        public string Label { get; init; } = "";

        public JobFlags Flags { get; init; }

        /// <summary>Nothing is wanted or held and the job is going to sleep: forget it.</summary>
        public bool Gone { get; init; }

        /// <summary>Hosts, between commas, that it was migrated from and must not go back to yet.</summary>
        public string ExcludedHosts { get; init; } = "";
    }

    /// <summary>An instance on a host.</summary>
    public sealed record Held
    {
        public int Instance { get; init; }

        public string Host { get; init; } = "";

        public string Allocations { get; init; } = "";

        /// <summary>Holds its slot with nothing to do; may be asked to yield it.</summary>
        public bool Parked { get; init; }

        /// <summary>The worker incarnation that knows of it; empty when a recovered job has not told any yet.</summary>
        public string Incarnation { get; init; } = "";
    }

    /// <summary>Dispatcher → job: room for instances on a host.</summary>
    public sealed record Grant
    {
        public JobId JobId { get; init; }

        public long GrantId { get; init; }

        public string Host { get; init; } = "";

        public string Incarnation { get; init; } = "";

        /// <summary>Reservations obtained per instance, <c>host.processors=1</c>.</summary>
        public string[] Allocations { get; init; } = [];

        public int[] Slots { get; init; } = [];

        /// <summary>What the host itself checks around each run of an instance (spec/jobs.md §10).</summary>
        public FlightChecks FlightChecks { get; init; }
    }

    /// <summary>Dispatcher → job: a host that holds your instances is here, under this incarnation.</summary>
    public sealed record HostArrived
    {
        public JobId JobId { get; init; }

        public string Host { get; init; } = "";

        public string Incarnation { get; init; } = "";
    }

    /// <summary>Dispatcher → job: nothing of yours can be alive on that host any more.</summary>
    public sealed record HostLost
    {
        public JobId JobId { get; init; }

        public string Host { get; init; } = "";

        public string Reason { get; init; } = "";
    }

    /// <summary>Dispatcher → job: others could use the slots of your parked instances on that host.</summary>
    public sealed record YieldParked
    {
        public JobId JobId { get; init; }

        public string Host { get; init; } = "";
    }

    /// <summary>Dispatcher → job: why nothing of it starts; for <c>jobinfo</c>'s reason.</summary>
    public sealed record PendingReason
    {
        public JobId JobId { get; init; }

        public string Reason { get; init; } = "";
    }

    /// <summary>Dispatcher → every job that is awake: say your demand again.</summary>
    public sealed record RollCall
    {
        public string Dispatcher { get; init; } = "";
    }

    /// <summary>A host's locks and settings as they are now (host entity → dispatcher).</summary>
    public sealed record HostLocks
    {
        public string Host { get; init; } = "";

        public string Locks { get; init; } = "";

        /// <summary>Resources set on it beside its own, <c>host.x=used/total,…</c></summary>
        public string Resources { get; init; } = "";

        /// <summary>Properties set on it beside its own, <c>host.p=v,…</c></summary>
        public string Properties { get; init; } = "";
    }

    /// <summary>Farm → dispatcher: the farm-wide resources, all of them, replacing what was said before.</summary>
    public sealed record GlobalResources
    {
        public FarmMessages.ResourceTotal[] Items { get; init; } = [];

        /// <summary>Nothing is to be started (<see cref="FarmModes.StopActivity"/>).</summary>
        public bool IsStopped { get; init; }
    }

    /// <summary>The jobs that run on a host or could be started there, in the order in which it would take them. Answered by <see cref="HostJobs"/>.</summary>
    public sealed record GetHostJobs
    {
        public string Host { get; init; } = "";

        /// <summary>No more than so many.</summary>
        public int Limit { get; init; }
    }

    public sealed record HostJobs
    {
        /// <summary>False: there is no such host.</summary>
        public bool IsKnown { get; init; }

        public long[] JobIds { get; init; } = [];
    }

    /// <summary>The farm-wide resources as they are used. Answered by <see cref="GlobalUsage"/>.</summary>
    public sealed record GetGlobalUsage;

    public sealed record GlobalUsage
    {
        public ResourceUsage[] Items { get; init; } = [];
    }

    public sealed record ResourceUsage
    {
        public string Name { get; init; } = "";

        /// <summary>By the farm's instances and by others, as shown.</summary>
        public int Used { get; init; }

        public int Total { get; init; }

        /// <summary>Of those, by the farm's instances.</summary>
        public int Held { get; init; }
    }
}
