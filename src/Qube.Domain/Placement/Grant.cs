using System.Collections.Immutable;
using Qube.Domain.Expressions;

namespace Qube.Domain.Placement;

/// <summary>Leave to start instances of a job on a host.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Host">The host's name.</param>
/// <param name="Count">How many instances.</param>
/// <param name="Allocations">What each of them gets.</param>
public sealed record Grant(long JobId, string Host, int Count, ImmutableArray<Allocation> Allocations)
{
    /// <summary>Slots each of them gets: <c>QB_JOBSLOTS</c>.</summary>
    public int Slots => Allocations.FirstOrDefault(static allocation => allocation.Name == Reservations.Processors).Amount;

    /// <summary><c>QB_ALLOCATIONS</c>: <c>host.processors=2,license.maya=1</c>.</summary>
    public string AllocationText => string.Join(',', Allocations);

    public bool Equals(Grant? other) => other is not null && JobId == other.JobId && Host == other.Host && Count == other.Count
        && Allocations.SequenceEqual(other.Allocations);

    public override int GetHashCode() => HashCode.Combine(JobId, Host, Count);

    public override string ToString() => $"{Count} × job {JobId} on {Host} ({AllocationText})";
}
