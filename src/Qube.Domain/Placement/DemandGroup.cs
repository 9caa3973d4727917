using System.Collections;
using Qube.Domain.Expressions;

namespace Qube.Domain.Placement;

/// <summary>Demands that every host answers alike: matched once per host, served in their order.</summary>
internal sealed class DemandGroup
{
    private readonly SortedSet<PendingDemand> _members;
    private readonly Dictionary<string, int> _ranks = new(StringComparer.Ordinal);
    private readonly BitArray _asked = new(64);
    private readonly BitArray _answers = new(64);

    public DemandGroup(string signature, Demand example, IComparer<PendingDemand> order)
    {
        Signature = signature;
        _members = new SortedSet<PendingDemand>(order);
        Example = example;
        IsElite = example.IsElite;
        AsksAboutLoad = example.Requirements.Operands.Any(PlacementOperands.MayBeOfLoad);
        AsksAboutGlobals = example.Requirements.Operands.Any(PlacementOperands.IsOfGlobals);
        NeedsSlot = example.Reservations.Slots.Least > 0 && !example.IsElite;
    }

    public string Signature { get; }

    /// <summary>Any demand that was in it: for all that the signature holds, it speaks for each.</summary>
    public Demand Example { get; }

    public bool IsElite { get; }

    /// <summary>May change its mind about a host when something starts there.</summary>
    public bool AsksAboutLoad { get; }

    public bool AsksAboutGlobals { get; }

    /// <summary>False when even a full host may do.</summary>
    public bool NeedsSlot { get; }

    public PendingDemand? Head => _members.Min;

    public bool IsEmpty => _members.Count == 0;

    public static string SignatureOf(Demand demand)
    {
        const char Separator = '\u001f';
        IEnumerable<string> parts =
        [
            demand.Requirements.Text,
            demand.Reservations.Text,
            demand.Cluster.Text,
            demand.Restrictions.Text,
            demand.Prototype,
            demand.HostOrder.Text,
            string.Join(',', demand.Hosts),
            string.Join(',', demand.OmitHosts),
            string.Join(',', demand.Groups),
            string.Join(',', demand.OmitGroups),
            string.Join(',', demand.LimitKeys),
            demand.IsElite ? "elite" : "",

            // What is the job's own makes it a group of its own.
            demand.IsHostList || !demand.ExcludedHosts.IsEmpty ? $"{demand.JobId}:{string.Join(',', demand.ExcludedHosts)}" : "",
            .. demand.Requirements.Operands.Where(static operand => operand.StartsWith("job.", StringComparison.Ordinal))
                .Select(operand => PlacementOperands.OfJob(demand, operand["job.".Length..]) ?? ""),
        ];
        return string.Join(Separator, parts);
    }

    public void Add(PendingDemand demand) => _members.Add(demand);

    public void Remove(PendingDemand demand) => _members.Remove(demand);

    public int RankOn(string cluster)
    {
        if (!_ranks.TryGetValue(cluster, out int rank))
        {
            rank = Example.Cluster.RankOn(cluster);
            _ranks.Add(cluster, rank);
        }

        return rank;
    }

    /// <summary>Whether nothing but load stands between these demands and a host. Asked once per host until <see cref="Forget"/>.</summary>
    public bool MayUse(HostState host, GlobalLedger globals)
    {
        if (host.Index >= _asked.Length)
        {
            int length = Math.Max(host.Index + 1, _asked.Length * 2);
            _asked.Length = length;
            _answers.Length = length;
        }

        if (!_asked[host.Index])
        {
            _answers[host.Index] = !Matching.StandingLacks(Example, host, globals).Any();
            _asked[host.Index] = true;
        }

        return _answers[host.Index];
    }

    public void Forget(HostState host)
    {
        if (host.Index < _asked.Length)
        {
            _asked[host.Index] = false;
        }
    }
}
