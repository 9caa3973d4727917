namespace Qube.Actors.Workers;

/// <summary>What a job's expressions found in an item's output.</summary>
/// <param name="FailedBy">The line that makes the item failed; null where none does.</param>
/// <param name="Result">The result in JSON, or empty.</param>
public readonly record struct OutputVerdict(string? FailedBy, string Result)
{
    /// <summary>Nothing was looked for, or nothing found.</summary>
    public static OutputVerdict None { get; } = new(null, "");
}
