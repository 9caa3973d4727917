using System.Globalization;
using Qube.Contracts;
using Qube.Domain.Expressions;

namespace Qube.Actors.Dispatch;

/// <content>Parked slots, aggressive locks, reasons, and the list of hosts.</content>
internal sealed partial class DispatchBoard
{
    /// <summary>How many waiting jobs are considered at a time when parked slots are asked for: the best come first.</summary>
    private const int YieldersFor = 50;

    public HostMessages.Hosts Hosts(HostMessages.GetHosts query, int pageSize)
    {
        var page = hosts.Values.Where(host => string.CompareOrdinal(host.Name, query.After) > 0).Take(pageSize).ToList();
        var last = page.Count == pageSize ? page[^1].Name : "";
        return new HostMessages.Hosts { Items = [.. page.Select(host => View(host, query.Subjobs))], Next = last };
    }

    private HostMessages.HostView View(DispatchHost host, bool subjobs) => new()
    {
        Attach = host.Facts with { Properties = host.Properties },
        State = host.State,
        Locks = host.Locks?.Text ?? "",
        SlotsUsed = SlotsUsed(host),
        LastSeenMs = host.LastSeenMs,
        Resources = string.Join(',', host.ToPlacement().Resources.Keys.Order(StringComparer.Ordinal).Select(name => Usage(host.Name, name))),
        Instances = subjobs ? [.. HoldersOn(host.Name).Order().SelectMany(id => InstancesOn(id, host.Name))] : [],
    };

    private int SlotsUsed(DispatchHost host) => placement.HostUsage(host.Name, Reservations.Processors)?.Used ?? 0;

    private string Usage(string host, string resource)
    {
        var (used, total) = placement.HostUsage(host, resource) ?? (0, 0);
        return string.Create(CultureInfo.InvariantCulture, $"{resource}={used}/{total}");
    }

    private IEnumerable<string> InstancesOn(long id, string host) =>
        jobs[id].Holds.Where(entry => entry.Value.Host == host).Select(entry => entry.Key).Order()
            .Select(instance => string.Create(CultureInfo.InvariantCulture, $"{id}.{instance}"));

    /// <summary>A parked instance has nothing to run: whoever could use its slot now gets it (design §4 step 6).</summary>
    private void AskParked()
    {
        if (waiting.Count == 0)
        {
            return;
        }

        var parked = holders.Where(entry => hosts.TryGetValue(entry.Key, out var host) && host.IsUp)
            .SelectMany(entry => entry.Value.Select(id => (Host: entry.Key, Job: jobs[id])))
            .Where(entry => entry.Job.Holds.Values.Any(hold => hold.Host == entry.Host && hold is { Parked: true, AskedToYield: false }))
            .ToList();
        if (parked.Count == 0)
        {
            return;
        }

        foreach (var hungry in waiting.Select(id => jobs[id]).Where(job => job.Demand is not null).OrderBy(job => job.Said.Priority).ThenBy(job => job.Said.JobId.Value).Take(YieldersFor))
        {
            var wanted = placement.WantedOf(hungry.Said.JobId.Value);
            foreach (var entry in parked.Where(entry => entry.Job != hungry && placement.CouldUse(hungry.Demand!, entry.Host)).ToList())
            {
                if (wanted <= 0)
                {
                    break;
                }

                foreach (var hold in entry.Job.Holds.Values.Where(hold => hold.Host == entry.Host && hold.Parked))
                {
                    hold.AskedToYield = true;
                    wanted--;
                }

                parked.Remove(entry);
                Outbox.Add(new DispatchMessages.YieldParked { JobId = entry.Job.Said.JobId, Host = entry.Host });
            }
        }
    }

    /// <summary>An aggressive lock: what runs on more slots than are left open goes back to its job (spec/scheduling.md §10).</summary>
    private void Purge(DispatchHost host, long nowMs)
    {
        var over = (placement.HostUsage(host.Name, Reservations.Processors)?.Used ?? 0) - Math.Max(0, host.Facts.Slots - host.LockedSlots);
        foreach (var id in HoldersOn(host.Name))
        {
            foreach (var (instance, hold) in jobs[id].Holds.Where(entry => entry.Value.Host == host.Name).ToList())
            {
                if (over <= 0)
                {
                    return;
                }

                over -= hold.Allocations.FirstOrDefault(allocation => allocation.Name == Reservations.Processors).Amount;
                Outbox.Add(new JobMessages.ControlJob
                {
                    JobId = new JobId(id),
                    RequestId = string.Create(CultureInfo.InvariantCulture, $"purge/{host.Name}/{nowMs}/{instance}"),
                    Verb = JobVerb.Interrupt,
                    Instances = [instance],
                    User = "qube supervisor",
                });
            }
        }
    }

    private string ReasonOf(DispatchJob job) => job.Demand is null ? job.Unreadable : isStopped ? Stopped : placement.Reason(job.Demand);

    private void SayReasons()
    {
        var ids = waiting.Order().ToArray();
        var count = Math.Min(ids.Length, options.ReasonsPerTick);
        for (var turn = 0; turn < count; turn++)
        {
            var job = jobs[ids[(reasonTurn + turn) % ids.Length]];
            var reason = ReasonOf(job);
            if (reason != job.Reason)
            {
                job.Reason = reason;
                Outbox.Add(new DispatchMessages.PendingReason { JobId = job.Said.JobId, Reason = reason });
            }
        }

        reasonTurn = ids.Length == 0 ? 0 : (reasonTurn + count) % ids.Length;
    }
}
