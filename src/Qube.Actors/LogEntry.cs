namespace Qube.Actors;

/// <summary>An event of a log with its sequence number.</summary>
public readonly record struct LogEntry(long SequenceNr, object Event);
