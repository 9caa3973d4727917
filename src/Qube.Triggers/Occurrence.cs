namespace Qube.Triggers;

/// <summary>A pattern of a callback.</summary>
/// <param name="CallbackId">Whose.</param>
/// <param name="Ordinal">Its place there.</param>
/// <param name="Limited">
/// The callback, where it may not fire for ever: then a look-up must ask whether it still may. Of all others a look-up needs nothing but this,
/// which with a million patterns is what it costs.
/// </param>
internal readonly record struct Occurrence(int CallbackId, int Ordinal, CallbackState? Limited = null) : IComparable<Occurrence>
{
    public bool Equals(Occurrence other) => CallbackId == other.CallbackId && Ordinal == other.Ordinal;

    public override int GetHashCode() => HashCode.Combine(CallbackId, Ordinal);

    public int CompareTo(Occurrence other) =>
        CallbackId != other.CallbackId ? CallbackId.CompareTo(other.CallbackId) : Ordinal.CompareTo(other.Ordinal);
}
