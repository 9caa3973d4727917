using System.Collections.Immutable;

namespace Qube.Triggers;

/// <summary>What one event says to one callback: the unit that is journalled and folded.</summary>
/// <param name="CallbackId">The callback.</param>
/// <param name="Ordinals">The patterns hit, ascending: one event may hit several, and must still fire once.</param>
/// <param name="Names">
/// The concrete items: all of the event's when a wildcard was hit, else those that fixed patterns name; empty for jobs and clocks.
/// </param>
public readonly record struct PatternMatch(int CallbackId, ImmutableArray<int> Ordinals, NameSet Names)
{
    public bool Equals(PatternMatch other) =>
        CallbackId == other.CallbackId && Ordinals.AsSpan().SequenceEqual(other.Ordinals.AsSpan()) && Equals(Names, other.Names);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(CallbackId);
        foreach (var ordinal in Ordinals)
        {
            hash.Add(ordinal);
        }

        hash.Add(Names);
        return hash.ToHashCode();
    }
}
