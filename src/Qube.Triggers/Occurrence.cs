namespace Qube.Triggers;

/// <summary>A pattern of a callback.</summary>
internal readonly record struct Occurrence(int CallbackId, int Ordinal) : IComparable<Occurrence>
{
    public int CompareTo(Occurrence other) =>
        CallbackId != other.CallbackId ? CallbackId.CompareTo(other.CallbackId) : Ordinal.CompareTo(other.Ordinal);
}
