namespace Qube.Domain.Jobs;

/// <summary>Settings of every job.</summary>
public sealed record JobDeciderOptions
{
    /// <summary>How long an instance with nothing to do keeps its slot (design §4 step 6). Longer keeps linked frames fast, shorter frees slots.</summary>
    public int IdleLingerSeconds { get; init; } = 10;

    /// <summary>How much work a slot is given ahead, in milliseconds: hides the commit behind frames of milliseconds, and is what a lost host gives back.</summary>
    public int AheadMs { get; init; } = 20;

    /// <summary>The most items a slot is given ahead.</summary>
    public int MaxAhead { get; init; } = 16;

    /// <summary>Seconds from SIGTERM to SIGKILL (spec/jobs.md §6.1).</summary>
    public int KillGraceSeconds { get; init; } = 30;

    /// <summary><c>aw_activation_work_count</c>: more failures than this on a host, and no item complete there, are looked into (spec/scheduling.md §11).</summary>
    public int WranglingFailures { get; init; } = 5;

    /// <summary><c>aw_job_migrate_max</c>: how often a job that fails on its only host is tried on another.</summary>
    public int WranglingMigrations { get; init; } = 3;

    /// <summary><c>supervisor_migrate_timeout</c>: how long a job stays away from a host that it was migrated from, seconds (spec/scheduling.md §7).</summary>
    public int MigrateTimeoutSeconds { get; init; } = 1200;
}
