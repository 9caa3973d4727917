using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Actors.Callbacks;

/// <summary>Where a job's callbacks stand in one log that they follow.</summary>
/// <param name="source">As <see cref="EventSources"/> numbers logs.</param>
/// <param name="host">The host whose log it is; null for other sources.</param>
internal sealed class SourceLog(long source, string? host = null)
{
    public long Source { get; } = source;

    /// <summary>The log's persistence id.</summary>
    public string Log { get; } = host is not null ? Names.Host(host) : source == EventSources.Farm ? Names.Farm : Names.Job(new JobId(source));

    public string Host { get; } = host ?? "";

    public bool IsJob => EventSources.IsJob(Source);

    /// <summary>The last sequence number folded. Nothing is ever folded past a hole.</summary>
    public long Cursor { get; set; }

    /// <summary>Entries made before this moment are passed over: they are older than the callbacks. 0: the cursor alone says where to begin.</summary>
    public long SinceMs { get; init; }

    public bool Bound { get; set; }

    public bool Reading { get; set; }

    /// <summary>The furthest sequence number heard of.</summary>
    public long Known { get; set; }

    /// <summary>Names of the source's items; null until its first event or its own answer was seen, and for a job without agenda.</summary>
    public Agenda? Agenda { get; set; }

    public bool KnowsAgenda { get; set; } = !EventSources.IsJob(source);

    /// <summary>On which hosts the job has instances; kept only where a callback asks for it.</summary>
    public HostsOfJob? Hosts { get; set; }

    /// <summary>Nobody named it: it is followed because a callback listens to every job, and left when the job has ended.</summary>
    public bool IsRoaming { get; init; }

    /// <summary>The job is terminal, or removed, as far as its log was folded.</summary>
    public bool HasEnded { get; set; }
}
