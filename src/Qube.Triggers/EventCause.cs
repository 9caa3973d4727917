namespace Qube.Triggers;

/// <summary>Where an event stands: its source log's persistence id, sequence number there, and ordinal in that batch (design.md §3).</summary>
public readonly record struct EventCause(string LogId, long SequenceNumber, int Ordinal);
