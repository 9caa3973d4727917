namespace Qube.Contracts;

/// <summary>What one attribute of a job must be (spec/cli.md, spec/scheduling.md §7): one of the patterns.</summary>
public sealed record JobFilter
{
    /// <summary>A column of <see cref="JobSummary"/> in Qube!'s spelling (<c>status</c>, <c>timesubmit</c>), or a key of the job's dictionary.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>~regex</c>, a text with <c>*</c> or <c>%</c> as a wildcard, or an exact value. None: no job passes.</summary>
    public string[] Patterns { get; init; } = [];
}
