namespace Qube.Actors.Callbacks;

/// <summary>When a leaf of a trigger last matched and by what event; <paramref name="Item"/> is the one item, or empty.</summary>
internal readonly record struct LeafMark(int Ordinal, long AtMs, long Source, long SequenceNr, int EventOrdinal, string Item);
