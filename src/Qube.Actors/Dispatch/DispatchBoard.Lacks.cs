using Qube.Contracts;
using Qube.Domain.Placement;

namespace Qube.Actors.Dispatch;

/// <content>What keeps a job from each host, for explanations.</content>
internal sealed partial class DispatchBoard
{
    /// <summary>No message over 64 kB (design §8).</summary>
    private const int LackBytes = 48_000;

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
            Reason = job.Demand is null ? job.Unreadable : placement.Reason(job.Demand),
            Unreadable = job.Unreadable,
            Hosts = [.. named],
            HostCount = hosts.Count,
        };
    }
}
