namespace Qube.Contracts;

/// <summary>Commands to and queries of the read model, which answers filtered questions without waking a job.</summary>
public static class ReadModelMessages
{
    /// <summary>Job → read model, before the job answers the command that changed it.</summary>
    public sealed record JobChanged
    {
        public JobSummary Summary { get; init; } = new();
    }

    public sealed record JobRemoved
    {
        public JobId JobId { get; init; }
    }

    /// <summary>Tell the asker (with <see cref="Flushed"/>) when all that came before is on disk.</summary>
    public sealed record Flush
    {
        public JobId JobId { get; init; }
    }

    public sealed record Flushed
    {
        public JobId JobId { get; init; }
    }

    /// <summary>Client → read model; answered by <see cref="JobRows"/>, which has all that was told before the question.</summary>
    public sealed record QueryJobs
    {
        public JobQuery Query { get; init; } = new();
    }

    public sealed record JobRows
    {
        public JobSummary[] Rows { get; init; } = [];

        /// <summary>Empty when answered. What is wrong with the query, or, with <see cref="Away"/>, why the read model cannot answer now.</summary>
        public string Error { get; init; } = "";

        /// <summary>The same query may succeed later: the fault is not the asker's.</summary>
        public bool Away { get; init; }
    }
}
