namespace Qube.Domain.Jobs;

/// <summary>How a job's items went on one host.</summary>
/// <param name="Failed">Failed tries, those that were retried among them.</param>
/// <param name="Completed">Items complete there.</param>
public readonly record struct HostRecord(int Failed, int Completed);
