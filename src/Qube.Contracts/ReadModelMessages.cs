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
}
