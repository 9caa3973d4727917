using System.Collections.Immutable;
using Qube.Domain.Expressions;

namespace Qube.Domain.Placement;

/// <summary>A host with what the farm's instances hold of it.</summary>
internal sealed class HostState(PlacementHost facts, int index)
{
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Instances, int Amount)> _oncePerHost = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (Duty Duty, int Instances)> _duties = [];

    public PlacementHost Facts { get; set; } = facts;

    /// <summary>A small number of its own, the host's place in bit sets.</summary>
    public int Index { get; } = index;

    public string Name => Facts.Name;

    /// <summary>Unlocked slots, whether used or not.</summary>
    public int OpenSlots => Math.Max(0, Facts.TotalSlots - Facts.LockedSlots);

    /// <summary>Negative when an elite job took one more than there are, or slots in use were taken away.</summary>
    public int FreeSlots => Facts.TotalSlots - Facts.LockedSlots - Used(Reservations.Processors);

    /// <summary>True when a job that takes a slot could fit.</summary>
    public bool HasRoom => Facts.IsUp && FreeSlots > 0;

    public bool Has(string resource) => Facts.Resources.ContainsKey(resource);

    public int Total(string resource) => Facts.Resources.TryGetValue(resource, out HostResource found) ? found.Total : 0;

    public int Used(string resource) =>
        _held.GetValueOrDefault(resource) + (Facts.Resources.TryGetValue(resource, out HostResource found) ? found.Used : 0);

    public int Free(string resource) => resource == Reservations.Processors ? FreeSlots : Total(resource) - Used(resource);

    /// <summary>What this host holds of a resource counted once per host.</summary>
    public int HeldOnce(string resource) => _oncePerHost.GetValueOrDefault(resource).Amount;

    public bool Runs(long jobId) => _duties.ContainsKey(jobId) || Facts.Duties.Any(duty => duty.JobId == jobId);

    public int InstancesOf(long jobId) => _duties.GetValueOrDefault(jobId).Instances;

    public IEnumerable<(Duty Duty, int Instances)> OwnDuties => _duties.Values;

    public IEnumerable<Duty> Duties => Facts.Duties.Concat(_duties.Values.Select(static entry => entry.Duty));

    public IEnumerable<KeyValuePair<string, int>> HeldGlobals() => _held.Where(static entry => !entry.Key.StartsWith("host.", StringComparison.Ordinal))
        .Concat(_oncePerHost.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.Amount)));

    public void Occupy(Duty duty, ImmutableArray<Allocation> allocations, int count, GlobalLedger globals)
    {
        _duties[duty.JobId] = (duty, InstancesOf(duty.JobId) + count);
        foreach (Allocation allocation in allocations)
        {
            if (IsOncePerHost(allocation.Name))
            {
                (int instances, int amount) = _oncePerHost.GetValueOrDefault(allocation.Name);
                int held = Math.Max(amount, allocation.Amount);
                globals.Take(allocation.Name, held - amount);
                _oncePerHost[allocation.Name] = (instances + count, held);
                continue;
            }

            Hold(allocation.Name, allocation.Amount * count);
            if (!allocation.Name.StartsWith("host.", StringComparison.Ordinal))
            {
                globals.Take(allocation.Name, allocation.Amount * count);
            }
        }
    }

    /// <summary>Gives back what one instance held; null when no instance of the job is known here.</summary>
    public Duty? Release(long jobId, ImmutableArray<Allocation> allocations, GlobalLedger globals)
    {
        if (!_duties.TryGetValue(jobId, out (Duty Duty, int Instances) entry))
        {
            return null;
        }

        if (entry.Instances == 1)
        {
            _duties.Remove(jobId);
        }
        else
        {
            _duties[jobId] = (entry.Duty, entry.Instances - 1);
        }

        foreach (Allocation allocation in allocations)
        {
            if (IsOncePerHost(allocation.Name))
            {
                ReleaseOnce(allocation.Name, globals);
                continue;
            }

            Hold(allocation.Name, -allocation.Amount);
            if (!allocation.Name.StartsWith("host.", StringComparison.Ordinal))
            {
                globals.Take(allocation.Name, -allocation.Amount);
            }
        }

        return entry.Duty;
    }

    private static bool IsOncePerHost(string name) =>
        name.StartsWith("global_host.", StringComparison.Ordinal) || name.StartsWith("license_host.", StringComparison.Ordinal);

    private void ReleaseOnce(string name, GlobalLedger globals)
    {
        if (!_oncePerHost.TryGetValue(name, out (int Instances, int Amount) held))
        {
            return;
        }

        if (held.Instances > 1)
        {
            _oncePerHost[name] = (held.Instances - 1, held.Amount);
            return;
        }

        _oncePerHost.Remove(name);
        globals.Take(name, -held.Amount);
    }

    private void Hold(string name, int amount)
    {
        int held = Math.Max(0, _held.GetValueOrDefault(name) + amount);
        if (held == 0)
        {
            _held.Remove(name);
        }
        else
        {
            _held[name] = held;
        }
    }
}
