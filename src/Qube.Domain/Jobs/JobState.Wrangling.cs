using System.Runtime.InteropServices;
using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>How items went on each host: kept for jobs with the flag <c>auto_wrangling</c> alone.</content>
public sealed partial class JobState
{
    private readonly Dictionary<string, HostRecord> hostRecords = new(StringComparer.Ordinal);

    /// <summary>By host, since it was last judged.</summary>
    public IReadOnlyDictionary<string, HostRecord> HostRecords => hostRecords;

    /// <summary>How often auto-wrangling has migrated the job (<c>auto_migrate_count</c>).</summary>
    public int AutoMigrations { get; private set; }

    private void Count(string? host, Status ended)
    {
        if (host is not null && ended != Status.Unknown)
        {
            ref var record = ref CollectionsMarshal.GetValueRefOrAddDefault(hostRecords, host, out _);
            record = ended == Status.Complete ? record with { Completed = record.Completed + 1 } : record with { Failed = record.Failed + 1 };
        }
    }

    private void Judge(Transition t)
    {
        AutoMigrations += t.Verb == JobVerb.Migrate ? 1 : 0;
        if (t.Host is not null)
        {
            hostRecords.Remove(t.Host);
        }
    }
}
