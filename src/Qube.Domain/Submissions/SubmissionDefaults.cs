using Qube.Contracts;

namespace Qube.Domain.Submissions;

/// <summary>What holds where a job says nothing (spec/jobs.md §1, defaulting order).</summary>
public sealed record SubmissionDefaults
{
    public int Priority { get; init; } = 9999;

    /// <summary>No job gets a better priority (a lower number) than this.</summary>
    public int BestPriority { get; init; } = 1;

    public int WorstPriority { get; init; } = 9999;

    public string Cluster { get; init; } = "/";

    public string Restrictions { get; init; } = "";

    public string Reservations { get; init; } = "host.processors=1";

    public string HostOrder { get; init; } = "";

    public string Account { get; init; } = "";

    /// <summary>Flags of a job that names none.</summary>
    public JobFlags ClientFlags { get; init; } = JobFlags.AutoMount;

    /// <summary><c>supervisor_job_flags</c>: added unless the job says <c>no_defaults</c>.</summary>
    public JobFlags JobFlags { get; init; } = JobFlags.AutoMount;
}
