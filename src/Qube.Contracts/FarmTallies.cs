using System.Collections.Immutable;

namespace Qube.Contracts;

/// <summary>The whole farm's jobs and frames counted, as the read model has them.</summary>
/// <param name="Jobs">By status.</param>
/// <param name="Frames">Frames of jobs that are not done, by status.</param>
public sealed record FarmTallies(ImmutableSortedDictionary<string, long> Jobs, ImmutableSortedDictionary<string, long> Frames);
