using System.Collections.Immutable;
using Qube.Contracts;
using Qube.Domain.Placement;

namespace Qube.Actors.Dispatch;

/// <summary>A job as the dispatcher knows it: its last demand, where its instances are, and grants that it has not answered yet.</summary>
internal sealed class DispatchJob
{
    public required DispatchMessages.Demand Said { get; set; }

    /// <summary>For placement; null when an expression of the job cannot be read, which <see cref="Unreadable"/> then says.</summary>
    public Demand? Demand { get; set; }

    public string Unreadable { get; set; } = "";

    /// <summary>What runs, by instance.</summary>
    public Dictionary<int, Hold> Holds { get; } = [];

    public List<OpenGrant> Grants { get; } = [];

    /// <summary>Since when it wants more than it was granted.</summary>
    public long WaitsSinceMs { get; set; }

    /// <summary>The reason it was last told.</summary>
    public string Reason { get; set; } = "";

    /// <summary>An instance on a host.</summary>
    /// <param name="Host">The host's name.</param>
    /// <param name="Text">Its allocations as text.</param>
    /// <param name="Allocations">The same, read.</param>
    /// <param name="SinceMs">When this life of the job first spoke of it: a lost host's lease is counted from no earlier.</param>
    public sealed record Hold(string Host, string Text, ImmutableArray<Allocation> Allocations, long SinceMs)
    {
        public bool Parked { get; set; }

        /// <summary>It was asked for its slot already.</summary>
        public bool AskedToYield { get; set; }

        /// <summary>The board counts it: its host was known when it was heard of.</summary>
        public bool IsCounted { get; set; }
    }

    /// <summary>Room that was given and not yet answered.</summary>
    public sealed record OpenGrant(long Id, string Host, int Count, ImmutableArray<Allocation> Allocations, long AtMs);
}
