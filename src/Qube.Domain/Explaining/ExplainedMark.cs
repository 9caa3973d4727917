namespace Qube.Domain.Explaining;

/// <summary>When a leaf last matched, and the event that did it.</summary>
/// <param name="Time">Unix seconds.</param>
/// <param name="Log">Persistence id of the log in which the event stands.</param>
/// <param name="Seq">Its sequence number there.</param>
/// <param name="Ordinal">Its place in that entry.</param>
/// <param name="Item">The one item, or empty.</param>
public sealed record ExplainedMark(double Time, string Log, long Seq, int Ordinal, string Item);
