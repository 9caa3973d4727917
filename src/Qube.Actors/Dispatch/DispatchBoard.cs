using Qube.Actors.Hosts;
using Qube.Contracts;
using Qube.Domain.Expressions;
using Qube.Domain.Placement;

namespace Qube.Actors.Dispatch;

/// <summary>The dispatcher's rules without its actor: what hosts and jobs say goes in, what is to be told comes out of <see cref="Outbox"/>.
/// Soft state: all of it can be learnt again by a roll call (design §3).</summary>
internal sealed partial class DispatchBoard
{
    private readonly DispatcherOptions options;
    private readonly PlacementBoard placement;
    private readonly SortedDictionary<string, DispatchHost> hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<long, DispatchJob> jobs = [];

    /// <summary>Jobs by host on which they hold something, the host known or not.</summary>
    private readonly Dictionary<string, HashSet<long>> holders = new(StringComparer.Ordinal);

    /// <summary>Jobs that want more than they were granted.</summary>
    private readonly HashSet<long> waiting = [];

    private long lastGrantId;
    private int reasonTurn;

    /// <param name="options">How hosts are judged.</param>
    /// <param name="firstGrantId">Above every id that an earlier dispatcher gave: jobs know new grants from old by it.</param>
    public DispatchBoard(DispatcherOptions options, long firstGrantId)
    {
        this.options = options;
        lastGrantId = firstGrantId;
        placement = new PlacementBoard(options.Algorithm);
    }

    /// <summary>Messages to jobs (each carries its job's id) and to host entities, in order. The actor empties it.</summary>
    public List<object> Outbox { get; } = [];

    /// <summary>How long each instance that was granted a host had waited for it, ms. The actor empties it.</summary>
    public List<long> GrantWaits { get; } = [];

    public void OnAttach(WorkerMessages.Attach attach, long nowMs)
    {
        var known = hosts.TryGetValue(attach.Host, out var host);
        if (!known)
        {
            hosts[attach.Host] = host = new DispatchHost { Facts = attach };
        }

        host!.LastSeenMs = nowMs;
        if (known && host.IsUp && SameFacts(host.Facts, attach))
        {
            return;
        }

        var restarted = known && host.Facts.BootId != attach.BootId;
        host.Facts = attach;
        host.IsUp = true;
        host.LockedSlots = host.LockedAt(Local(nowMs));
        placement.SetHost(host.ToPlacement());
        Outbox.Add(new HostMessages.HostStateSeen { Host = host.Name, State = host.State, BootId = attach.BootId, AtMs = nowMs });
        foreach (var id in HoldersOn(host.Name))
        {
            CountHolds(jobs[id], host.Name);
            Outbox.Add(restarted
                ? new DispatchMessages.HostLost { JobId = new JobId(id), Host = host.Name, Reason = "the machine was restarted" }
                : new DispatchMessages.HostArrived { JobId = new JobId(id), Host = host.Name, Incarnation = attach.Incarnation });
        }
    }

    public void OnLocks(DispatchMessages.HostLocks told, long nowMs)
    {
        if (!hosts.TryGetValue(told.Host, out var host))
        {
            return;
        }

        var locks = HostLockString.Parse(told.Locks, out _) ?? HostLockString.Open;
        if (host.Locks?.Text == locks.Text && host.SetResources == told.Resources && host.SetProperties == told.Properties)
        {
            return;
        }

        (host.SetResources, host.SetProperties) = (told.Resources, told.Properties);
        var isNewLock = host.Locks?.Text != locks.Text;
        host.Locks = locks;
        host.LockedSlots = host.LockedAt(Local(nowMs));
        placement.SetHost(host.ToPlacement());
        if (locks.IsAggressive && isNewLock)
        {
            Purge(host, nowMs);
        }
    }

    public void OnDemand(DispatchMessages.Demand said, long nowMs)
    {
        var id = said.JobId.Value;
        if (!jobs.TryGetValue(id, out var job))
        {
            if (said.Gone)
            {
                return;
            }

            jobs[id] = job = new DispatchJob { Said = said with { Version = -1, Holds = [] } };
        }

        if ((said.Epoch, said.Version).CompareTo((job.Said.Epoch, job.Said.Version)) <= 0)
        {
            return;
        }

        var freshLife = said.Epoch > job.Said.Epoch;
        var same = job.Demand is not null && DemandReader.SaysTheSame(said, job.Said);
        job.Said = said;
        Answered(job);
        TakeHolds(job, freshLife, nowMs);
        if (said.Gone)
        {
            placement.RemoveDemand(id);
            waiting.Remove(id);
            jobs.Remove(id);
            return;
        }

        Want(job, same, nowMs);
        GreetHosts(job);
    }

    /// <summary>Grants all that fits now, and asks parked instances for slots that others could use.</summary>
    public void Plan(long nowMs)
    {
        if (isStopped)
        {
            // What changes meanwhile is planned for when this ends.
            return;
        }

        foreach (var grant in placement.Plan())
        {
            var job = jobs[grant.JobId];
            job.Grants.Add(new DispatchJob.OpenGrant(++lastGrantId, grant.Host, grant.Count, grant.Allocations, nowMs));
            Outbox.Add(new DispatchMessages.Grant
            {
                JobId = new JobId(grant.JobId),
                GrantId = lastGrantId,
                Host = grant.Host,
                Incarnation = hosts[grant.Host].Facts.Incarnation,
                Allocations = [.. Enumerable.Repeat(grant.AllocationText, grant.Count)],
                Slots = [.. Enumerable.Repeat(grant.Slots, grant.Count)],
                FlightChecks = hosts[grant.Host].Facts.FlightChecks,
            });
            GrantWaits.AddRange(Enumerable.Repeat(nowMs - job.WaitsSinceMs, grant.Count));
            if (placement.WantedOf(grant.JobId) == 0)
            {
                waiting.Remove(grant.JobId);
                job.Reason = "";
            }
        }

        AskParked();
    }

    /// <summary>The passing of time: silent hosts, leases that ran out, lost grants, calendars of locks, reasons.</summary>
    public void OnTick(long nowMs)
    {
        GiveUpExpected(nowMs);
        foreach (var host in hosts.Values)
        {
            var silent = host.IsUp && nowMs - host.LastSeenMs > options.HostSilentSeconds * 1000L;
            if (silent)
            {
                host.IsUp = false;
                Outbox.Add(new HostMessages.HostStateSeen { Host = host.Name, State = host.State, BootId = host.Facts.BootId, AtMs = nowMs });
            }

            var locked = host.LockedAt(Local(nowMs));
            if (silent || (host.Locks is { IsTimed: true } && locked != host.LockedSlots))
            {
                host.LockedSlots = locked;
                placement.SetHost(host.ToPlacement());
            }
        }

        foreach (var (name, ids) in holders)
        {
            if (!hosts.TryGetValue(name, out var host) || !host.IsUp)
            {
                SayLost(name, ids, host?.LastSeenMs ?? 0, nowMs);
            }
        }

        foreach (var job in jobs.Values.Where(job => job.Grants.Count > 0).ToList())
        {
            if (job.Grants.RemoveAll(grant => nowMs - grant.AtMs > options.GrantSeconds * 1000L && Release(job, grant)) > 0)
            {
                Want(job, sameAsBefore: false, nowMs);
            }
        }

        SayReasons();
    }

    private static bool SameFacts(WorkerMessages.Attach one, WorkerMessages.Attach other) =>
        other with { Jobtypes = one.Jobtypes, Beat = one.Beat } == one && one.Jobtypes.AsSpan().SequenceEqual(other.Jobtypes);

    private static DateTimeOffset Local(long nowMs) => DateTimeOffset.FromUnixTimeMilliseconds(nowMs).ToLocalTime();

    private List<long> HoldersOn(string host) => holders.TryGetValue(host, out var ids) ? [.. ids] : [];

    /// <summary>Grants that the job has taken or refused are no longer ours to count: what it took is among its holds.</summary>
    private void Answered(DispatchJob job) => job.Grants.RemoveAll(grant => grant.Id <= job.Said.GrantSeen && Release(job, grant));

    private bool Release(DispatchJob job, DispatchJob.OpenGrant grant)
    {
        for (var count = 0; count < grant.Count; count++)
        {
            placement.Release(job.Said.JobId.Value, grant.Host, grant.Allocations);
        }

        return true;
    }

    private void TakeHolds(DispatchJob job, bool freshLife, long nowMs)
    {
        var id = job.Said.JobId.Value;
        var before = new Dictionary<int, DispatchJob.Hold>(job.Holds);
        var hostsBefore = before.Values.Select(hold => hold.Host).ToHashSet(StringComparer.Ordinal);
        job.Holds.Clear();
        foreach (var held in job.Said.Holds)
        {
            if (before.Remove(held.Instance, out var known) && known.Host == held.Host && known.Text == held.Allocations && !freshLife)
            {
                known.AskedToYield &= held.Parked;
                known.Parked = held.Parked;
                job.Holds[held.Instance] = known;
                continue;
            }

            if (known is not null)
            {
                Uncount(id, known);
            }

            job.Holds[held.Instance] = new DispatchJob.Hold(held.Host, held.Allocations, DemandReader.Allocations(held.Allocations), nowMs) { Parked = held.Parked };
        }

        foreach (var gone in before.Values)
        {
            Uncount(id, gone);
        }

        hostsBefore.ExceptWith(job.Holds.Values.Select(hold => hold.Host));
        foreach (var host in hostsBefore)
        {
            if (holders.TryGetValue(host, out var ids) && ids.Remove(id) && ids.Count == 0)
            {
                holders.Remove(host);
            }
        }

        foreach (var host in job.Holds.Values.Where(hold => !hold.IsCounted).Select(hold => hold.Host).Distinct().ToList())
        {
            (holders.TryGetValue(host, out var ids) ? ids : holders[host] = []).Add(id);
            CountHolds(job, host);
        }
    }

    /// <summary>Tells placement what runs on a host; not yet when the host has not attached.</summary>
    private void CountHolds(DispatchJob job, string host)
    {
        if (!hosts.ContainsKey(host))
        {
            return;
        }

        var duty = new Demand { JobId = job.Said.JobId.Value, Wanted = 0 };
        duty = job.Demand ?? DemandReader.Read(job.Said, 0, out _) ?? duty;
        foreach (var hold in job.Holds.Values)
        {
            if (hold.Host == host && !hold.IsCounted)
            {
                hold.IsCounted = placement.Occupy(duty.ToDuty(), host, hold.Allocations);
            }
        }
    }

    private void Uncount(long id, DispatchJob.Hold hold)
    {
        if (hold.IsCounted)
        {
            placement.Release(id, hold.Host, hold.Allocations);
        }
    }

    /// <summary>What the job wants beyond the grants on their way to it.</summary>
    private void Want(DispatchJob job, bool sameAsBefore, long nowMs)
    {
        var id = job.Said.JobId.Value;
        var wanted = Math.Max(0, job.Said.Wanted - job.Grants.Sum(grant => grant.Count));
        if (sameAsBefore && placement.WantedOf(id) == wanted)
        {
            return;
        }

        job.Demand = DemandReader.Read(job.Said, wanted, out var problem);
        job.Unreadable = problem;
        if (job.Demand is null || wanted == 0)
        {
            placement.RemoveDemand(id);
        }
        else
        {
            placement.SetDemand(job.Demand);
        }

        if (wanted > 0)
        {
            if (waiting.Add(id))
            {
                job.WaitsSinceMs = nowMs;
            }
        }
        else
        {
            waiting.Remove(id);
            job.Reason = "";
        }
    }

    /// <summary>A job that speaks of instances under another incarnation of their host (it recovered, or the node was restarted) is to
    /// tell that host what it should have.</summary>
    private void GreetHosts(DispatchJob job)
    {
        foreach (var held in job.Said.Holds.Where(held => hosts.TryGetValue(held.Host, out var host) && host.IsUp && host.Facts.Incarnation != held.Incarnation).DistinctBy(held => held.Host))
        {
            Outbox.Add(new DispatchMessages.HostArrived { JobId = job.Said.JobId, Host = held.Host, Incarnation = hosts[held.Host].Facts.Incarnation });
        }
    }

    private void SayLost(string name, HashSet<long> ids, long lastSeenMs, long nowMs)
    {
        var leaseMs = (options.LeaseSeconds + options.LeaseMarginSeconds) * 1000L;
        foreach (var id in ids)
        {
            if (jobs[id].Holds.Values.Any(hold => hold.Host == name && Math.Max(hold.SinceMs, lastSeenMs) + leaseMs < nowMs))
            {
                Outbox.Add(new DispatchMessages.HostLost { JobId = new JobId(id), Host = name, Reason = "nothing was heard of it for longer than its lease" });
            }
        }
    }
}
