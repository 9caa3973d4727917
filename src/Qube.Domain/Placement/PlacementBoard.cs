using System.Collections.Immutable;
using Qube.Domain.Expressions;

namespace Qube.Domain.Placement;

/// <summary>
/// The dispatcher's picture of hosts, demands and farm-wide resources, and who goes where (scheduling.md §8). It keeps what it grants:
/// tell it what changes, ask it to plan, tell it when an instance ends.
/// </summary>
/// <remarks>
/// Soft state of one actor, not thread-safe. After a failover it is filled again: hosts, then <see cref="Occupy"/> for every instance
/// that runs, then demands. Planning costs what changed, not what exists: one changed host asks each group of like demands once, one
/// changed demand looks at the hosts with room until it has what it wants.
/// </remarks>
public sealed class PlacementBoard(QueueAlgorithm algorithm = QueueAlgorithm.Cluster)
{
    private readonly Farm _farm = new(algorithm);
    private readonly HashSet<HostState> _changedHosts = [];
    private readonly HashSet<DemandGroup> _changedGroups = [];
    private readonly Stack<int> _freeIndexes = [];

    public int HostCount => _farm.Hosts.Count;

    /// <summary>Groups of demands that every host answers alike: what planning costs by.</summary>
    public int GroupCount => _farm.Groups.Count;

    /// <summary>Adds a host or replaces what is known of it; the instances it runs stay.</summary>
    public void SetHost(PlacementHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (_farm.Hosts.TryGetValue(host.Name, out HostState? state))
        {
            state.Facts = host;
            ForgetAnswers(state);
        }
        else
        {
            state = new HostState(host, _freeIndexes.TryPop(out int index) ? index : _farm.Hosts.Count);
            _farm.Hosts.Add(host.Name, state);
            _farm.ByName.Set(state, true);
        }

        Change(state);
    }

    /// <summary>Takes a host off with all that its instances held; releasing them later does nothing.</summary>
    public bool RemoveHost(string name)
    {
        if (!_farm.Hosts.Remove(name, out HostState? state))
        {
            return false;
        }

        foreach ((string resource, int amount) in state.HeldGlobals())
        {
            _farm.Globals.Take(resource, -amount);
            ChangeGlobal(resource);
        }

        foreach ((Duty duty, int instances) in state.OwnDuties)
        {
            CountLimits(duty.LimitKeys, -instances);
        }

        ForgetAnswers(state);
        _farm.ByName.Set(state, false);
        _farm.Open.Set(state, false);
        _changedHosts.Remove(state);
        _freeIndexes.Push(state.Index);
        return true;
    }

    /// <summary>What a job wants now, instead of whatever it wanted before. Instances granted but not yet started do not belong to Wanted.</summary>
    public void SetDemand(Demand demand)
    {
        ArgumentNullException.ThrowIfNull(demand);
        RemoveDemand(demand.JobId);
        if (demand.Wanted <= 0)
        {
            return;
        }

        string signature = DemandGroup.SignatureOf(demand);
        if (!_farm.Groups.TryGetValue(signature, out DemandGroup? group))
        {
            group = new DemandGroup(signature, demand, _farm.Order);
            _farm.Groups.Add(signature, group);
        }

        var pending = new PendingDemand(demand, group);
        group.Add(pending);
        _farm.Demands[demand.JobId] = pending;
        _changedGroups.Add(group);
    }

    public bool RemoveDemand(long jobId)
    {
        if (!_farm.Demands.Remove(jobId, out PendingDemand? pending))
        {
            return false;
        }

        pending.Group.Remove(pending);
        DropIfEmpty(pending.Group);
        return true;
    }

    /// <summary>Instances of a job that are still to be granted.</summary>
    public int WantedOf(long jobId) => _farm.Demands.TryGetValue(jobId, out PendingDemand? pending) ? pending.Wanted : 0;

    /// <summary>Adds a farm-wide resource or changes its size; what the farm's instances hold of it stays.</summary>
    public void SetGlobal(GlobalResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        _farm.Globals.Set(resource);
        ChangeGlobal(resource.Name);
    }

    public void RemoveGlobal(string name)
    {
        _farm.Globals.Remove(name);
        ChangeGlobal(name);
    }

    /// <summary>How many of a farm-wide resource the farm's own instances hold: F of <see cref="GlobalResource.License"/>.</summary>
    public int HeldByFarm(string name) => _farm.Globals.HeldByFarm(name);

    /// <summary>Used and total of a farm-wide resource as shown.</summary>
    public (int Used, int Total) GlobalUsage(string name) => (_farm.Globals.Used(name), _farm.Globals.Total(name));

    /// <summary>Used and total of a host's resource, with all that was granted; null when there is no such host.</summary>
    public (int Used, int Total)? HostUsage(string host, string resource) =>
        _farm.Hosts.TryGetValue(host, out HostState? state) ? (state.Used(resource), state.Total(resource)) : null;

    /// <summary>At most so many instances of demands with this limit key at a time; null lifts the limit (scheduling.md §8.6).</summary>
    public void SetLimit(string key, int? most)
    {
        _farm.Limits.Set(key, most);
        CountLimits([key], 0);
    }

    /// <summary>Tells of instances that run already. False when the host is unknown.</summary>
    public bool Occupy(Duty duty, string host, ImmutableArray<Allocation> allocations, int count = 1)
    {
        ArgumentNullException.ThrowIfNull(duty);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!_farm.Hosts.TryGetValue(host, out HostState? state))
        {
            return false;
        }

        state.Occupy(duty, allocations, count, _farm.Globals);
        _farm.Limits.Count(duty.LimitKeys, count);
        ChangeGlobals(allocations);
        Change(state);
        return true;
    }

    /// <summary>Tells that one instance ended, or that its grant was not used. False when no such instance is known: then nothing changes.</summary>
    public bool Release(long jobId, string host, ImmutableArray<Allocation> allocations)
    {
        if (!_farm.Hosts.TryGetValue(host, out HostState? state) || state.Release(jobId, allocations, _farm.Globals) is not { } duty)
        {
            return false;
        }

        ChangeGlobals(allocations);
        CountLimits(duty.LimitKeys, -1);
        Change(state);
        return true;
    }

    /// <summary>
    /// Grants all that fits now. Each grant is kept as if its instances ran already and its demand reduced: whoever does not start one
    /// releases it and sets the demand again.
    /// </summary>
    public IReadOnlyList<Grant> Plan()
    {
        if (_changedHosts.Count == 0 && _changedGroups.Count == 0)
        {
            return [];
        }

        var run = new PlanRun(_farm);
        List<Grant> grants = run.Run(_changedHosts, _changedGroups);
        _changedHosts.Clear();
        _changedGroups.Clear();
        foreach (HostState host in run.Filled)
        {
            _farm.Open.Set(host, host.HasRoom);
        }

        foreach (Grant grant in grants)
        {
            if (_farm.Demands.TryGetValue(grant.JobId, out PendingDemand? pending) && pending.Wanted == 0)
            {
                _farm.Demands.Remove(grant.JobId);
                DropIfEmpty(pending.Group);
            }
        }

        return grants;
    }

    /// <summary>True when nothing but what runs there now keeps a job from a host.</summary>
    public bool CouldUse(Demand demand, string host)
    {
        ArgumentNullException.ThrowIfNull(demand);
        return _farm.Hosts.TryGetValue(host, out HostState? state) && !Matching.StandingLacks(demand, state, _farm.Globals).Any();
    }

    /// <summary>Jobs in the order in which a host would take them (scheduling.md §8.1); none when there is no such host.</summary>
    public IEnumerable<long> OrderOn(string host, IEnumerable<Demand> demands)
    {
        ArgumentNullException.ThrowIfNull(demands);
        return _farm.Hosts.TryGetValue(host, out HostState? state)
            ? demands.Select(demand => new PendingDemand(demand, new DemandGroup("", demand, _farm.Order)))
                .Order(Comparer<PendingDemand>.Create((left, right) => _farm.Order.CompareOn(state, left, right)))
                .Select(static pending => pending.Demand.JobId)
            : [];
    }

    /// <summary>All that keeps a job from a host now; empty when it fits.</summary>
    public IReadOnlyList<Lack> WhyNot(Demand demand, string host)
    {
        ArgumentNullException.ThrowIfNull(demand);
        return _farm.Hosts.TryGetValue(host, out HostState? state)
            ? [.. Lacks(demand, state)]
            : [new Lack("no such host", $"no host {host}")];
    }

    /// <summary>
    /// One line on why a job waits: <c>3 hosts: no free host.processors; 1 host: down</c>. Each host counts for the first thing that it
    /// lacks.
    /// </summary>
    public string Reason(Demand demand)
    {
        ArgumentNullException.ThrowIfNull(demand);
        if (_farm.Hosts.Count == 0)
        {
            return "no host in the farm";
        }

        if (_farm.Limits.WhyReached(demand.LimitKeys) is { } limit)
        {
            return limit;
        }

        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        int fitting = 0;
        foreach (HostState host in _farm.ByName.All)
        {
            string summary = Lacks(demand, host).Select(static lack => lack.Summary).FirstOrDefault("");
            fitting += summary.Length == 0 ? 1 : 0;
            counts[summary] = counts.GetValueOrDefault(summary) + 1;
        }

        return fitting > 0
            ? $"about to start: {Hosts(fitting)} {(fitting == 1 ? "fits" : "fit")}"
            : string.Join("; ", counts.OrderByDescending(static entry => entry.Value).ThenBy(static entry => entry.Key, StringComparer.Ordinal)
                .Select(static entry => $"{Hosts(entry.Value)}: {entry.Key}"));
    }

    private static string Hosts(int count) => count == 1 ? "1 host" : $"{count} hosts";

    private IEnumerable<Lack> Lacks(Demand demand, HostState host) =>
        Matching.StandingLacks(demand, host, _farm.Globals).Concat(Matching.PassingLacks(demand, host, _farm.Globals));

    private void Change(HostState host)
    {
        _changedHosts.Add(host);
        _farm.Open.Set(host, host.HasRoom);
    }

    private void ChangeGlobals(ImmutableArray<Allocation> allocations)
    {
        foreach (Allocation allocation in allocations)
        {
            if (!allocation.Name.StartsWith("host.", StringComparison.Ordinal))
            {
                ChangeGlobal(allocation.Name);
            }
        }
    }

    private void ChangeGlobal(string name)
    {
        foreach (DemandGroup group in _farm.Groups.Values)
        {
            if (group.AsksAboutGlobals || group.Example.Reservations.All.Any(reservation => reservation.Name == name))
            {
                _changedGroups.Add(group);
            }
        }
    }

    private void CountLimits(ImmutableArray<string> keys, int instances)
    {
        _farm.Limits.Count(keys, instances);
        foreach (DemandGroup group in keys.IsEmpty ? [] : _farm.Groups.Values.AsEnumerable())
        {
            if (group.Example.LimitKeys.Any(key => keys.Contains(key)))
            {
                _changedGroups.Add(group);
            }
        }
    }

    private void ForgetAnswers(HostState host)
    {
        foreach (DemandGroup group in _farm.Groups.Values)
        {
            group.Forget(host);
        }
    }

    private void DropIfEmpty(DemandGroup group)
    {
        if (group.IsEmpty)
        {
            _farm.Groups.Remove(group.Signature);
            _changedGroups.Remove(group);
        }
    }
}
