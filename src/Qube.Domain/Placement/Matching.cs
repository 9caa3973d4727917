using System.Collections.Immutable;
using Qube.Domain.Expressions;

namespace Qube.Domain.Placement;

/// <summary>Whether, and how often, a job fits on a host, and what is in the way (scheduling.md §5–§7).</summary>
internal static class Matching
{
    /// <summary>What does not change while instances come and go. A requirement is left out when it asks about load.</summary>
    public static IEnumerable<Lack> StandingLacks(Demand demand, HostState host, GlobalLedger globals)
    {
        PlacementHost facts = host.Facts;
        if (!facts.IsUp)
        {
            yield return Same(facts.State is "active" or "" ? "down" : facts.State);
        }

        if (facts.TotalSlots > 0 && host.OpenSlots == 0)
        {
            yield return Same("locked");
        }

        if (!demand.Hosts.IsEmpty && !Names(demand.Hosts, facts.Name))
        {
            yield return Same("not among the job's hosts");
        }

        if (Names(demand.OmitHosts, facts.Name))
        {
            yield return Same("among the hosts the job omits");
        }

        if (Names(demand.ExcludedHosts, facts.Name))
        {
            yield return Same("the job left this host");
        }

        if (!demand.Groups.IsEmpty && !demand.Groups.Any(group => facts.Groups.Contains(group)))
        {
            yield return Same($"in none of the groups {string.Join(',', demand.Groups)}");
        }

        if (demand.OmitGroups.FirstOrDefault(group => facts.Groups.Contains(group)) is { } omitted)
        {
            yield return Same($"in the omitted group {omitted}");
        }

        if (demand.Prototype.Length > 0 && !facts.JobTypes.Contains(demand.Prototype))
        {
            yield return Same($"prototype {demand.Prototype} not installed");
        }

        if (!demand.Restrictions.Allows(facts.Cluster))
        {
            yield return new($"outside the job's restrictions {demand.Restrictions}", $"cluster {facts.Cluster} is outside the job's restrictions {demand.Restrictions}");
        }

        if (!demand.Cluster.IsAllowedBy(facts.Restrictions))
        {
            yield return new($"restricted against cluster {demand.Cluster}", $"restricted to {facts.Restrictions}, the job is in {demand.Cluster}");
        }

        if (!AsksAboutLoad(demand.Requirements, host))
        {
            foreach (Lack lack in FalseRequirements(demand, host, globals))
            {
                yield return lack;
            }
        }
    }

    /// <summary>What may be otherwise as soon as an instance ends or starts.</summary>
    public static IEnumerable<Lack> PassingLacks(Demand demand, HostState host, GlobalLedger globals)
    {
        if (AsksAboutLoad(demand.Requirements, host))
        {
            foreach (Lack lack in FalseRequirements(demand, host, globals))
            {
                yield return lack;
            }
        }

        if (demand.IsHostList && host.Runs(demand.JobId))
        {
            yield return Same("has its instance of this job");
        }

        foreach (Reservation reservation in demand.Reservations.All)
        {
            if (LackOf(reservation, demand, host, globals) is { } lack)
            {
                yield return lack;
            }
        }
    }

    public static bool AsksAboutLoad(Expression requirements, HostState host) =>
        requirements.Operands.Any(operand => PlacementOperands.IsOfLoad(operand) || host.Has(operand));

    /// <summary>How many instances fit at once, each with the same allocation; 0 when none does.</summary>
    /// <param name="demand">The job.</param>
    /// <param name="host">A host it may use as far as standing facts go.</param>
    /// <param name="globals">Farm-wide resources.</param>
    /// <param name="wanted">No more than this.</param>
    /// <param name="mayOvercommit">An elite job may take one slot more than there is.</param>
    /// <param name="allocations">What each instance gets.</param>
    public static int Fit(
        Demand demand, HostState host, GlobalLedger globals, int wanted, bool mayOvercommit, out ImmutableArray<Allocation> allocations)
    {
        allocations = [];
        if (!host.Facts.IsUp || (demand.IsHostList && host.Runs(demand.JobId)))
        {
            return 0;
        }

        if (AsksAboutLoad(demand.Requirements, host))
        {
            if (!demand.Requirements.IsTrue(new PlacementOperands(demand, host, globals).Find))
            {
                return 0;
            }

            // The next instance may find it false.
            wanted = Math.Min(wanted, 1);
        }

        if (demand.IsHostList || mayOvercommit || !demand.Reservations.AreExact)
        {
            wanted = Math.Min(wanted, 1);
        }

        var taken = ImmutableArray.CreateBuilder<Allocation>(demand.Reservations.All.Length);
        foreach (Reservation reservation in demand.Reservations.All)
        {
            if (FreeFor(reservation, host, globals) is not { } free)
            {
                return 0;
            }

            if (mayOvercommit && reservation == demand.Reservations.Slots)
            {
                free = host.OpenSlots > 0 && free + 1 >= reservation.Least ? reservation.Least : free;
            }

            int used = reservation.IsOfHost ? host.Used(reservation.Name) : globals.Used(reservation.Name);
            if (reservation.AmountOf(free, used) is not { } amount)
            {
                return 0;
            }

            if (amount > 0 && !reservation.IsOncePerHost)
            {
                wanted = Math.Min(wanted, free / amount);
            }

            taken.Add(new Allocation(reservation.Name, amount));
        }

        allocations = taken.MoveToImmutable();
        return wanted;
    }

    /// <summary>What an instance may take of a resource on a host; null where the resource is unknown.</summary>
    private static int? FreeFor(Reservation reservation, HostState host, GlobalLedger globals)
    {
        string name = reservation.Name;
        if (reservation.IsOfHost)
        {
            return host.Has(name) ? host.Free(name) : null;
        }

        if (!globals.IsKnown(name))
        {
            return null;
        }

        if (reservation.IsOncePerHost)
        {
            // What the host holds already is shared by the newcomer.
            return globals.Free(name) + host.HeldOnce(name);
        }

        bool isCapped = name.StartsWith("scoped.", StringComparison.Ordinal) && host.Has(name);
        return isCapped ? Math.Min(globals.Free(name), host.Free(name)) : globals.Free(name);
    }

    private static Lack? LackOf(Reservation reservation, Demand demand, HostState host, GlobalLedger globals)
    {
        if (FreeFor(reservation, host, globals) is not { } free)
        {
            return Same($"no {reservation.Name} {(reservation.IsOfHost ? "on the host" : "in the farm")}");
        }

        bool isElite = demand.IsElite && reservation == demand.Reservations.Slots && host.OpenSlots > 0;
        int used = reservation.IsOfHost ? host.Used(reservation.Name) : globals.Used(reservation.Name);
        if (reservation.AmountOf(isElite ? free + 1 : free, used) is not null)
        {
            return null;
        }

        int total = reservation.IsOfHost ? host.Total(reservation.Name) : globals.Total(reservation.Name);
        string locked = reservation == demand.Reservations.Slots && host.Facts.LockedSlots > 0 ? $", {host.Facts.LockedSlots} locked" : "";
        string summary = reservation.Least > total ? $"too little {reservation.Name}" : $"no free {reservation.Name}";
        return new Lack(summary, $"needs {reservation}, {Math.Max(0, free)} free of {total}{locked}");
    }

    private static IEnumerable<Lack> FalseRequirements(Demand demand, HostState host, GlobalLedger globals) =>
        demand.Requirements.WhyFalse(new PlacementOperands(demand, host, globals).Find)
            .Select(static reason => new Lack(reason.Split(" is false", 2)[0] + " is false", reason));

    private static bool Names(ImmutableArray<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static Lack Same(string text) => new(text, text);
}
