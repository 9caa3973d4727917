using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Qube.Domain.Expressions;
using Qube.Domain.Placement;

namespace Qube.Domain.Tests.Placement;

/// <summary>A farm kept the slow way, with its own idea of what fits: it shares no rule with the code it judges.</summary>
public sealed class FarmModel
{
    public const string Licence = "license.l";

    public sealed record ModelHost(string Name, int Slots, int Locked, int OutsideUse, int Memory, string Cluster, string Os, string Group, bool IsUp, bool HasMaya, string AllowedJobs)
    {
        public PlacementHost ToHost() => new()
        {
            Name = Name,
            IsUp = IsUp,
            LockedSlots = Locked,
            Cluster = Cluster,
            Groups = [Group],
            JobTypes = HasMaya ? ["cmdline", "maya"] : ["cmdline"],
            Restrictions = ClusterExpression.Parse(AllowedJobs).Required(),
            Properties = ImmutableDictionary<string, string>.Empty.Add("host.os", Os),
            Resources = ImmutableDictionary<string, HostResource>.Empty
                .Add("host.processors", new HostResource(OutsideUse, Slots))
                .Add("host.memory", new HostResource(0, Memory)),
        };
    }

    public sealed record ModelDemand(long Id, int Wanted, int Priority, int Order, string Cluster, int Slots, int Memory, int Licences, string Os, bool WithoutCompany, string Prototype, string Group, string OmitHost, bool PrefersMemory)
    {
        public Demand ToDemand() => new()
        {
            JobId = Id,
            Wanted = Wanted,
            Priority = Priority,
            Order = Order,
            Cluster = JobCluster.Parse(Cluster).Required(),
            Prototype = Prototype,
            Groups = Group.Length > 0 ? [Group] : [],
            OmitHosts = OmitHost.Length > 0 ? [OmitHost] : [],
            HostOrder = HostOrder.Parse(PrefersMemory ? "host.memory.avail" : "").Required(),
            Requirements = Expression.Parse((Os.Length > 0 ? $"host.os = {Os}" : "1") + (WithoutCompany ? " and not(job.id in host.duty.id)" : "")).Required(),
            Reservations = Reservations.Parse($"host.processors={Slots}" + (Memory > 0 ? $",host.memory={Memory}" : "")
                + (Licences > 0 ? $",{Licence}={Licences}" : "")).Required(),
        };
    }

    public Dictionary<string, ModelHost> Hosts { get; } = [];

    public Dictionary<long, (ModelDemand Demand, int Left)> Demands { get; } = [];

    /// <summary>Every instance that runs, one entry each.</summary>
    public List<(ModelDemand Demand, string Host, Grant Grant)> Running { get; } = [];

    public int LicenceTotal { get; set; }

    public bool Fits(ModelDemand demand, ModelHost host) =>
        MayUse(demand, host)
        && host.Locked + host.OutsideUse + Taken(host, static running => running.Slots) + demand.Slots <= host.Slots
        && (demand.Memory == 0 || Taken(host, static running => running.Memory) + demand.Memory <= host.Memory)
        && (demand.Licences == 0 || Running.Sum(static running => running.Demand.Licences) + demand.Licences <= LicenceTotal)
        && !(demand.WithoutCompany && Running.Exists(running => running.Host == host.Name && running.Demand.Id == demand.Id));

    public static bool MayUse(ModelDemand demand, ModelHost host) =>
        host.IsUp
        && (host.Slots == 0 || host.Locked < host.Slots)
        && (demand.Os.Length == 0 || demand.Os == host.Os)
        && (demand.Prototype == "cmdline" || host.HasMaya)
        && (demand.Group.Length == 0 || demand.Group == host.Group)
        && demand.OmitHost != host.Name
        && (host.AllowedJobs.Length == 0 || host.AllowedJobs == demand.Cluster);

    /// <summary>Cluster rank, straight from the table's wording.</summary>
    public static int Rank(ModelDemand demand, ModelHost host)
    {
        if (demand.Cluster == host.Cluster)
        {
            return 1;
        }

        string at = host.Cluster;
        int climbed = 0;
        while (at != "/" && demand.Cluster != at && !demand.Cluster.StartsWith(at + "/", StringComparison.Ordinal))
        {
            at = at[..Math.Max(1, at.LastIndexOf('/'))];
            climbed++;
        }

        return 2 + climbed;
    }

    public static (int Rank, int Priority, int Order, long Id) KeyOn(ModelHost host, ModelDemand demand) =>
        (Rank(demand, host), demand.Priority, demand.Order, demand.Id);

    /// <summary>Enters grants one instance at a time and returns the first thing that is wrong.</summary>
    public string? Apply(IEnumerable<Grant> grants)
    {
        foreach (Grant grant in grants)
        {
            for (int instance = 0; instance < grant.Count; instance++)
            {
                if (!Demands.TryGetValue(grant.JobId, out (ModelDemand Demand, int Left) entry) || entry.Left == 0)
                {
                    return $"{grant}: nobody wants it";
                }

                ModelHost host = Hosts[grant.Host];
                if (!Fits(entry.Demand, host))
                {
                    return $"{grant}: does not fit {host}";
                }

                (ModelDemand Demand, int Left) better = Demands.Values.FirstOrDefault(other => other.Left > 0
                    && KeyOn(host, other.Demand).CompareTo(KeyOn(host, entry.Demand)) < 0 && Fits(other.Demand, host));
                if (better.Demand is not null)
                {
                    return $"{grant}: job {better.Demand.Id} comes first on {host}";
                }

                Running.Add((entry.Demand, grant.Host, grant));
                Demands[grant.JobId] = (entry.Demand, entry.Left - 1);
            }
        }

        return null;
    }

    /// <summary>A demand that is left though a host could serve it.</summary>
    public string? FindUnserved()
    {
        foreach ((ModelDemand demand, int left) in Demands.Values)
        {
            if (left > 0 && Hosts.Values.FirstOrDefault(host => Fits(demand, host)) is { } host)
            {
                return $"{left} instances of {demand} wait though {host} has room";
            }
        }

        return null;
    }

    private int Taken(ModelHost host, Func<ModelDemand, int> amount) =>
        Running.Where(running => running.Host == host.Name).Sum(running => amount(running.Demand));
}

public static class FarmParts
{
    private static readonly string[] _clusters = ["/", "/A", "/A/B", "/C"];

    public static Arbitrary<FarmModel.ModelHost> Hosts() => (
        from number in Gen.Choose(0, 5)
        from slots in Gen.Choose(0, 6)
        from locked in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, slots)))
        from outside in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, slots)))
        from memory in Gen.Choose(0, 10)
        from cluster in Gen.Elements(_clusters)
        from os in Gen.Elements("linux", "osx")
        from hostGroup in Gen.Elements("g1", "g2")
        from isUp in Gen.Frequency((5, Gen.Constant(true)), (1, Gen.Constant(false)))
        from hasMaya in Gen.Elements(true, false)
        from allowed in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Elements(_clusters)))
        select new FarmModel.ModelHost($"h{number}", slots, locked, outside, memory, cluster, os, hostGroup, isUp, hasMaya, allowed)).ToArbitrary();

    public static Arbitrary<FarmModel.ModelDemand> Demands() => (
        from id in Gen.Choose(1, 12)
        from wanted in Gen.Choose(1, 6)
        from priority in Gen.Choose(1, 3)
        from order in Gen.Choose(-1, 1)
        from cluster in Gen.Elements(_clusters)
        from slots in Gen.Frequency((4, Gen.Constant(1)), (2, Gen.Choose(0, 4)))
        from memory in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 5)))
        from licences in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 2)))
        from os in Gen.Elements("", "", "linux", "osx")
        from withoutCompany in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from prototype in Gen.Elements("cmdline", "maya")
        from hostGroup in Gen.Elements("", "", "g1", "g2")
        from omit in Gen.Elements("", "", "h1", "h2")
        from prefersMemory in Gen.Elements(true, false)
        select new FarmModel.ModelDemand(id, wanted, priority, order, cluster, slots, memory, licences, os, withoutCompany, prototype, hostGroup, omit, prefersMemory)).ToArbitrary();
}
