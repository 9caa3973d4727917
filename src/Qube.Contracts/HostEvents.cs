namespace Qube.Contracts;

/// <summary>The journal of a host: persistence id <c>host-&lt;name&gt;</c>.</summary>
public static class HostEvents
{
    /// <summary>The host's lock string changed (spec/scheduling.md §10).</summary>
    public sealed record LocksChanged
    {
        public long AtMs { get; init; }

        public string Locks { get; init; } = "";

        public string User { get; init; } = "";

        /// <summary>The lock string before.</summary>
        public string Was { get; init; } = "";

        public string RequestId { get; init; } = "";
    }

    /// <summary>The host was seen for the first time, went down or came back.</summary>
    public sealed record StateChanged
    {
        public long AtMs { get; init; }

        public string State { get; init; } = "";

        public string BootId { get; init; } = "";

        /// <summary>The state before; empty when the host was never seen.</summary>
        public string Was { get; init; } = "";
    }

    /// <summary>Resources or properties of the host, beside those it says of itself, were set. They are told whole.</summary>
    public sealed record VarsChanged
    {
        public long AtMs { get; init; }

        public string Resources { get; init; } = "";

        public string Properties { get; init; } = "";

        public string User { get; init; } = "";

        public string RequestId { get; init; } = "";
    }

    /// <summary>An event that somebody raised for this host: <c>panic</c>, or one of a user's own.</summary>
    public sealed record Raised
    {
        public string RequestId { get; init; } = "";

        /// <summary>Lower case.</summary>
        public string Name { get; init; } = "";

        public string User { get; init; } = "";

        public long AtMs { get; init; }

        public int Depth { get; init; }
    }
}
