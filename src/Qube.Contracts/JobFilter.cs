namespace Qube.Contracts;

/// <summary>What one attribute of a job must be (spec/cli.md, spec/scheduling.md §7): one of the patterns.</summary>
public sealed record JobFilter
{
    /// <summary>A column of <see cref="JobSummary"/> in Qube!'s spelling (<c>status</c>, <c>timesubmit</c>), or a key of the job's dictionary.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>~regex</c> (found anywhere), a text with <c>*</c> or <c>%</c> as a wildcard over the whole value, or an exact value. Case
    /// counts; a JSON true of the dictionary is <c>1</c>, a false <c>0</c>. None: no job passes.</summary>
    public string[] Patterns { get; init; } = [];
}
