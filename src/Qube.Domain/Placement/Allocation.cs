using System.Globalization;

namespace Qube.Domain.Placement;

/// <summary>What one instance got of one resource: <c>host.processors=2</c>.</summary>
public readonly record struct Allocation(string Name, int Amount)
{
    public override string ToString() => Name + "=" + Amount.ToString(CultureInfo.InvariantCulture);
}
