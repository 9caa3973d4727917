namespace Qube.Actors.Workers;

/// <summary>The flight checks that a back end makes around an item (spec/jobs.md §10).</summary>
/// <param name="Before">Paths.</param>
/// <param name="After">Paths.</param>
/// <param name="Environment">The item's variables, <c>NAME=value</c>.</param>
internal sealed record ItemChecks(IReadOnlyList<string> Before, IReadOnlyList<string> After, IReadOnlyList<string> Environment);
