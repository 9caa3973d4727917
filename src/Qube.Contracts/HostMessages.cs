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
    }

    public sealed record HostLocked
    {
        public string Host { get; init; } = "";

        public string Locks { get; init; } = "";
    }

    /// <summary>Everything the dispatcher knows of hosts.</summary>
    public sealed record GetHosts
    {
        public bool Subjobs { get; init; }
    }

    public sealed record Hosts
    {
        public HostView[] Items { get; init; } = [];
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
}
