using Qube.Contracts;
using Qube.Domain.Placement;

namespace Qube.Actors.Dispatch;

/// <content>What keeps a job from each host, for explanations.</content>
internal sealed partial class DispatchBoard
{
    /// <summary>No message over 64 kB (design §8).</summary>
    private const int LackBytes = 48_000;
    private const int HostJobsMost = 5000;

    /// <summary>The jobs that run on a host, and those that only what runs there now keeps from it, in the order of the host.</summary>
    public DispatchMessages.HostJobs JobsOf(DispatchMessages.GetHostJobs query)
    {
        if (!hosts.ContainsKey(query.Host))
        {
            return new();
        }

        var held = holders.GetValueOrDefault(query.Host) ?? [];
        var demands = jobs.Values
            .Where(job => job.Demand is not null && (held.Contains(job.Said.JobId.Value) || (job.Said.Wanted > 0 && MayComeTo(job.Demand, query.Host))))
            .Select(job => job.Demand!);
        return new() { IsKnown = true, JobIds = [.. placement.OrderOn(query.Host, demands).Take(Math.Clamp(query.Limit, 0, HostJobsMost))] };
    }

    /// <summary>Nothing but what runs there now is in the way, and the host is large enough.</summary>
    private bool MayComeTo(Demand demand, string host) => placement.CouldUse(demand, host)
        && demand.Reservations.All.All(reservation => !reservation.IsOfHost || placement.HostUsage(host, reservation.Name)?.Total >= reservation.Least);

    public ExplainMessages.Lacks LacksOf(ExplainMessages.GetLacks query)
    {
        if (!jobs.TryGetValue(query.JobId.Value, out var job))
        {
            return new() { JobId = query.JobId, HostCount = hosts.Count };
        }

        var named = new List<ExplainMessages.HostLack>();
        var bytes = 0;
        foreach (var host in job.Demand is null ? [] : hosts.Keys.Take(query.Limit))
        {
            string[] lacks = [.. placement.WhyNot(job.Demand!, host).Select(lack => lack.Detail)];
            bytes += 20 + host.Length + lacks.Sum(lack => lack.Length + 4);
            if (bytes > LackBytes)
            {
                break;
            }

            named.Add(new() { Host = host, Lacks = lacks });
        }

        return new()
        {
            JobId = query.JobId,
            IsKnown = true,
            Wanted = job.Said.Wanted,
            Reason = ReasonOf(job),
            Unreadable = job.Unreadable,
            Hosts = [.. named],
            HostCount = hosts.Count,
        };
    }
}
