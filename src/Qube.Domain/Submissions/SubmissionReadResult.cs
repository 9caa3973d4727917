using System.Diagnostics.CodeAnalysis;

namespace Qube.Domain.Submissions;

/// <summary>Either what was submitted or the first error, never both.</summary>
public sealed record SubmissionReadResult(SubmissionDraft? Draft, SubmissionError? Error)
{
    [MemberNotNullWhen(true, nameof(Draft))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsValid => Draft is not null;
}
