namespace Qube.Domain.Jobs;

/// <summary>When a job's state is worth a snapshot. Replaying costs by commits and transitions, a snapshot by the items it holds: so a job of a million
/// items is written no oftener than they change.</summary>
public static class SnapshotRule
{
    /// <summary>Of the items that a snapshot would hold, one in so many has changed since the last.</summary>
    private const int ItemsPerTransition = 8;

    /// <summary>Recoveries that replay fewer commits than this gain nothing: a job of a few frames never has a snapshot.</summary>
    private const int SharePassing = 8;

    /// <param name="commits">Commits since the last snapshot.</param>
    /// <param name="transitions">What they hold.</param>
    /// <param name="items">Items that are not as they were submitted.</param>
    /// <param name="everyCommits">At most so often; 0 is never.</param>
    public static bool IsDue(int commits, long transitions, int items, int everyCommits) =>
        everyCommits > 0 && commits >= everyCommits && transitions * ItemsPerTransition >= items;

    /// <summary>At the end of a job's stay in memory: it is going to be recovered, and not before long.</summary>
    public static bool IsDueAtEnd(int commits, int everyCommits) => everyCommits > 0 && commits >= Math.Max(1, everyCommits / SharePassing);
}
