using System.Collections.Immutable;

namespace Qube.Domain.Security;

/// <summary>Whose jobs somebody may do something to.</summary>
/// <param name="IsAnybody">Anybody's.</param>
/// <param name="Names">Else these users'; none is nobody's.</param>
public sealed record JobOwners(bool IsAnybody, ImmutableArray<string> Names)
{
    public static JobOwners Anybody { get; } = new(true, []);

    public static JobOwners Nobody { get; } = new(false, []);

    public bool Holds(string owner) => IsAnybody || Names.Contains(owner, StringComparer.Ordinal);
}
