namespace Qube.Contracts;

/// <summary>Commands to and queries of hosts.</summary>
public static class HostMessages
{
    public sealed record LockHost
    {
        public string Host { get; init; } = "";

        /// <summary>Lock string of spec/scheduling.md §10; empty is open.</summary>
        public string Locks { get; init; } = "";

        public string User { get; init; } = "";

        /// <summary>Applied once: said again after others have changed the locks, it changes nothing. Empty is nobody's.</summary>
        public string RequestId { get; init; } = "";
    }

    public sealed record HostLocked
    {
        public string Host { get; init; } = "";

        /// <summary>As they are now.</summary>
        public string Locks { get; init; } = "";

        /// <summary>Why the lock string was refused; empty when it is in force.</summary>
        public string Error { get; init; } = "";
    }

    /// <summary>Sets resources and properties of a host beside its own (spec/scheduling.md §3). Answered by <see cref="HostVarsSet"/>.</summary>
    public sealed record SetHostVars
    {
        public string Host { get; init; } = "";

        /// <summary><c>host.x=used/total,…</c>; <c>host.x=</c> takes one back.</summary>
        public string Resources { get; init; } = "";

        /// <summary><c>host.p=v,…</c>; <c>host.p=</c> takes one back.</summary>
        public string Properties { get; init; } = "";

        public string User { get; init; } = "";

        /// <summary>Applied once, as <see cref="LockHost.RequestId"/>.</summary>
        public string RequestId { get; init; } = "";
    }

    public sealed record HostVarsSet
    {
        public string Host { get; init; } = "";

        /// <summary>Why it was refused; empty when it is in force.</summary>
        public string Error { get; init; } = "";
    }

    /// <summary>Everything the dispatcher knows of hosts.</summary>
    public sealed record GetHosts
    {
        public bool Subjobs { get; init; }

        /// <summary>Only hosts after this name: where the page before ended.</summary>
        public string After { get; init; } = "";
    }

    public sealed record Hosts
    {
        public HostView[] Items { get; init; } = [];

        /// <summary>The page is full: ask again with this as <see cref="GetHosts.After"/>. Empty when all has been said, as it always is to an
        /// asker in the dispatcher's own process.</summary>
        public string Next { get; init; } = "";
    }

    public sealed record HostView
    {
        public WorkerMessages.Attach Attach { get; init; } = new();

        public string State { get; init; } = "";

        public string Locks { get; init; } = "";

        public int SlotsUsed { get; init; }

        public long LastSeenMs { get; init; }

        /// <summary><c>host.processors=used/total,…</c></summary>
        public string Resources { get; init; } = "";

        /// <summary>Instances on it, <c>job.instance</c>.</summary>
        public string[] Instances { get; init; } = [];
    }

    /// <summary>Dispatcher → host entity: what has become of the host, for its log; wakes the entity, which answers with
    /// <see cref="DispatchMessages.HostLocks"/>. Idempotent: the same state and boot id again are not logged again.</summary>
    public sealed record HostStateSeen
    {
        public string Host { get; init; } = "";

        /// <summary><c>active</c> or <c>down</c> (spec/scheduling.md §2.1).</summary>
        public string State { get; init; } = "";

        public string BootId { get; init; } = "";

        public long AtMs { get; init; }
    }
}
