namespace Qube.Actors.Workers;

/// <summary>What a job's expressions found in an item's output.</summary>
/// <param name="FailedBy">The line that makes the item failed; null where none does.</param>
/// <param name="Result">The result in JSON; empty or null where there is none: the default is an item without findings.</param>
/// <param name="Check">The flight check that made it fail, and how; null where none did.</param>
public readonly record struct OutputVerdict(string? FailedBy, string? Result, string? Check = null);
