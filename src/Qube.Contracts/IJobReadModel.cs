namespace Qube.Contracts;

/// <summary>Where the read model keeps its rows. All of it is derived from the jobs' logs. Calls block; one instance is used by one thread at
/// a time, and a second instance on the same rows reads beside a first that writes.</summary>
public interface IJobReadModel : IDisposable
{
    /// <summary>Stores the rows in one transaction. A row whose version is below the stored one's changes nothing; of two of
    /// one version the later told counts (the reason why a job waits changes without its log). When it throws,
    /// nothing of it is stored, and the same call may be made again.</summary>
    void Upsert(IReadOnlyList<JobSummary> rows);

    /// <summary>Removes jobs in one transaction; unknown ids are no error.</summary>
    void Remove(IReadOnlyList<JobId> jobIds);

    /// <exception cref="ArgumentException">The order names an unknown column or a pattern cannot be read; the message says which.</exception>
    IReadOnlyList<JobSummary> Query(JobQuery query);

    /// <summary>Jobs and frames by status, of one state of the rows.</summary>
    FarmTallies Tally();
}
