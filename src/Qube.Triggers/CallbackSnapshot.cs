using System.Collections.Immutable;

namespace Qube.Triggers;

/// <summary>The memory of one callback: how often it fired, and what its `&amp;&amp;` remember. Plain data for snapshots.</summary>
public sealed record CallbackSnapshot(int CallbackId, int Count, ImmutableArray<LatchSnapshot> Latches);
