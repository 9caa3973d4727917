using Qube.Domain.Ranges;

namespace Qube.Actors.Callbacks;

/// <summary>Where a job's callbacks stand in one log that they follow.</summary>
internal sealed class SourceLog(long source)
{
    public long Source { get; } = source;

    /// <summary>The last sequence number folded. Nothing is ever folded past a hole.</summary>
    public long Cursor { get; set; }

    public bool Bound { get; set; }

    public bool Reading { get; set; }

    /// <summary>The furthest sequence number heard of.</summary>
    public long Known { get; set; }

    /// <summary>Names of the source's items; null until its first event or its own answer was seen, and for a job without agenda.</summary>
    public Agenda? Agenda { get; set; }

    public bool KnowsAgenda { get; set; }
}
