namespace Qube.Domain.Placement;

/// <summary>A countable resource of a host: slots, megabytes, licences tied to it.</summary>
/// <param name="Used">In use by anything the planner is not told of as an instance.</param>
/// <param name="Total">All there is.</param>
public readonly record struct HostResource(int Used, int Total);
