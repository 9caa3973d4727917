namespace Qube.Node.Api;

/// <summary>Whose events a reader wants: these jobs and all jobs of these process groups; both empty is every job.</summary>
internal sealed record EventFilter(long[] Jobs, long[] Groups)
{
    public bool IsEverything => Jobs.Length == 0 && Groups.Length == 0;

    public bool Wants(long job, long group) => IsEverything || Jobs.Contains(job) || Groups.Contains(group);
}
