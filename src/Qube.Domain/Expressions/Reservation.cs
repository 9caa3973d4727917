using System.Globalization;

namespace Qube.Domain.Expressions;

/// <summary>One resource an instance takes: <c>host.processors=2-4</c>.</summary>
/// <param name="Name">With its prefix: <c>host.processors</c>, <c>license.maya</c>.</param>
/// <param name="Kind">How much is taken.</param>
/// <param name="Least">What must be free.</param>
/// <param name="Most">What is taken at most; for AllFree and Whole no bound.</param>
public sealed record Reservation(string Name, ReservationKind Kind, int Least, int Most)
{
    public bool IsOfHost => Name.StartsWith("host.", StringComparison.Ordinal);

    /// <summary>True for resources counted once per host, however many instances there share it (scheduling.md §6).</summary>
    public bool IsOncePerHost =>
        Name.StartsWith("global_host.", StringComparison.Ordinal) || Name.StartsWith("license_host.", StringComparison.Ordinal);

    /// <summary>What an instance would take of this, or null when it does not fit.</summary>
    /// <param name="free">Unused and available now.</param>
    /// <param name="used">In use now.</param>
    public int? AmountOf(int free, int used) => free < Least
        ? null
        : Kind switch
        {
            ReservationKind.Whole when used > 0 => null,
            ReservationKind.Exactly => Least,
            _ => Math.Min(free, Most),
        };

    public override string ToString()
    {
        string least = Least.ToString(CultureInfo.InvariantCulture);
        return Name + "=" + Kind switch
        {
            ReservationKind.AllFree => least + "+",
            ReservationKind.Whole => least + "*",
            ReservationKind.UpTo => least + "-" + Most.ToString(CultureInfo.InvariantCulture),
            _ => least,
        };
    }
}
