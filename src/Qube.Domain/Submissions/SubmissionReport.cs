using System.Collections.Immutable;

namespace Qube.Domain.Submissions;

/// <summary>What a submission would do, without doing it.</summary>
/// <param name="Errors">All that is wrong; while there is one, nothing would be created.</param>
/// <param name="Warnings">What will not do what it seems to say.</param>
/// <param name="Jobs">What would be created, as far as it could be read.</param>
/// <param name="Links">What waits for what.</param>
public sealed record SubmissionReport(
    ImmutableArray<SubmissionError> Errors,
    ImmutableArray<string> Warnings,
    ImmutableArray<PlannedJob> Jobs,
    ImmutableArray<PlannedLink> Links)
{
    public bool IsAccepted => Errors.IsEmpty;
}
