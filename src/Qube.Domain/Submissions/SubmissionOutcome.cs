using Qube.Contracts;

namespace Qube.Domain.Submissions;

/// <summary>A submission is taken whole or not at all.</summary>
public abstract record SubmissionOutcome
{
    private SubmissionOutcome()
    {
    }

    /// <param name="Jobs">In the order of the submission, ids in succession.</param>
    /// <param name="Warnings">What will not do what it seems to say; never an error.</param>
    public sealed record Accepted(JobSpec[] Jobs, string[] Warnings) : SubmissionOutcome;

    public sealed record Refused(SubmissionError Error) : SubmissionOutcome;
}
