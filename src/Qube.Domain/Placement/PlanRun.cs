using System.Collections.Immutable;
using Qube.Domain.Expressions;

namespace Qube.Domain.Placement;

/// <summary>One planning: looks at what changed since the last, and grants until nothing more fits.</summary>
/// <remarks>
/// <para>
/// Before a run, no host with room has a demand it could serve, except among what changed. So a changed group looks at all hosts with
/// room, any other only at the changed hosts.
/// </para>
/// <para>
/// The best demand leads: it chooses the host it prefers (hostorder) and fills it before it goes on to the next (scheduling.md §7). But
/// the host has its own order, with the cluster's rank first (§8.1), so whoever comes first there is served before the leader.
/// </para>
/// </remarks>
internal sealed class PlanRun(Farm farm)
{
    private readonly List<Grant> _grants = [];
    private readonly HashSet<HostState> _touched = [];

    /// <summary>Every host that got something.</summary>
    public HashSet<HostState> Filled { get; } = [];

    public List<Grant> Run(IReadOnlyCollection<HostState> changedHosts, IReadOnlySet<DemandGroup> changedGroups)
    {
        Round(farm.Groups.Values, HostList.Sorted(changedHosts), changedGroups);

        // A start may be just what another job waits for ("host.processors.used > 0"): ask those that look at load once more.
        while (_touched.Count > 0)
        {
            DemandGroup[] watching = [.. farm.Groups.Values.Where(static group => group.AsksAboutLoad && !group.IsEmpty)];
            List<HostState> touched = HostList.Sorted(_touched);
            _touched.Clear();
            if (watching.Length > 0)
            {
                Round(watching, touched, watching.Where(static group => group.AsksAboutGlobals).ToHashSet());
            }
        }

        return _grants;
    }

    private void Round(IEnumerable<DemandGroup> groups, List<HostState> changedHosts, IReadOnlySet<DemandGroup> changedGroups)
    {
        PriorityQueue<Leader, PendingDemand> leaders = new(farm.Order);
        foreach (DemandGroup group in groups)
        {
            if (group.Head is { } head)
            {
                IReadOnlyList<HostState> pool = !changedGroups.Contains(group) ? changedHosts
                    : group.NeedsSlot ? farm.Open.All : farm.ByName.All;
                if (pool.Count > 0)
                {
                    leaders.Enqueue(new Leader(group, Preferred(group, pool)), head);
                }
            }
        }

        while (leaders.TryDequeue(out Leader? leader, out PendingDemand? head))
        {
            if (head == leader.Group.Head)
            {
                Serve(leader, head);
            }

            if (leader.Group.Head is { } next && !leader.AtEnd)
            {
                leaders.Enqueue(leader, next);
            }
        }
    }

    /// <summary>Until the leading demand has all it wants or no host is left.</summary>
    private void Serve(Leader leader, PendingDemand demand)
    {
        while (!leader.AtEnd && leader.Group.Head == demand)
        {
            HostState host = leader.Host;
            if (!farm.CanServe(demand, host, leader.MayOvercommit))
            {
                leader.GoOn();
                continue;
            }

            PendingDemand first = leader.MayOvercommit ? demand : FirstOn(host, demand);
            Grant(first, host, leader.MayOvercommit);
        }
    }

    private PendingDemand FirstOn(HostState host, PendingDemand leader)
    {
        PendingDemand first = leader;
        foreach (DemandGroup group in farm.Groups.Values)
        {
            if (group != leader.Group && group.Head is { } head
                && farm.Order.CompareOn(host, head, first) < 0 && farm.CanServe(head, host, false))
            {
                first = head;
            }
        }

        return first;
    }

    private void Grant(PendingDemand pending, HostState host, bool mayOvercommit)
    {
        Demand demand = pending.Demand;
        int wanted = Math.Min(pending.Wanted, farm.Limits.RestFor(demand.LimitKeys));
        int count = Matching.Fit(demand, host, farm.Globals, wanted, mayOvercommit, out ImmutableArray<Allocation> allocations);
        host.Occupy(demand.ToDuty(), allocations, count, farm.Globals);
        farm.Limits.Count(demand.LimitKeys, count);
        pending.Wanted -= count;
        if (pending.Wanted == 0)
        {
            pending.Group.Remove(pending);
        }

        _touched.Add(host);
        Filled.Add(host);
        var grant = new Grant(demand.JobId, host.Name, count, allocations);
        if (_grants.Count > 0 && _grants[^1] is var last && last with { Count = count } == grant)
        {
            _grants[^1] = last with { Count = last.Count + count };
        }
        else
        {
            _grants.Add(grant);
        }
    }

    private IReadOnlyList<HostState> Preferred(DemandGroup group, IReadOnlyList<HostState> pool)
    {
        HostOrder order = group.Example.HostOrder;
        if (order.IsNone && !group.IsElite)
        {
            return pool;
        }

        List<(HostState Host, ExpressionValue[] Keys)> keyed =
            [.. pool.Select(host => (host, order.KeysOf(new PlacementOperands(group.Example, host, farm.Globals).Find)))];

        // OrderBy is stable: hosts that tie stay in the order of their names. Elite jobs look for room before they make it.
        return [.. keyed
            .OrderByDescending(entry => group.IsElite ? entry.Host.FreeSlots : 0)
            .ThenBy(static entry => entry.Keys, Comparer<ExpressionValue[]>.Create(order.Compare))
            .Select(static entry => entry.Host)];
    }

    /// <summary>A group on its way through the hosts it may use; an elite one goes twice, the second time with leave to overcommit.</summary>
    private sealed class Leader(DemandGroup group, IReadOnlyList<HostState> pool)
    {
        private readonly int _end = group.IsElite ? pool.Count * 2 : pool.Count;
        private int _at;

        public DemandGroup Group => group;

        public bool AtEnd => _at >= _end;

        public bool MayOvercommit => _at >= pool.Count;

        public HostState Host => pool[_at % pool.Count];

        public void GoOn() => _at++;
    }
}
