namespace Qube.Contracts;

/// <summary>A line of a job's history (spec/jobs.md §5.3).</summary>
public sealed record HistoryLine
{
    public long AtMs { get; init; }

    public int Instance { get; init; } = -1;

    public string Item { get; init; } = "";

    public string User { get; init; } = "";

    public string Comment { get; init; } = "";
}
