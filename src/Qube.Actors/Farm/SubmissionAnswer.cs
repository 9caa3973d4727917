using Qube.Contracts;
using Qube.Domain.Submissions;

namespace Qube.Actors.Farm;

/// <summary>What became of a submission.</summary>
public abstract record SubmissionAnswer
{
    private SubmissionAnswer()
    {
    }

    /// <summary>In the journal; or, when <see cref="DryRun"/>, what would be.</summary>
    /// <param name="Jobs">In the order of the submission. The ids of a dry run are nobody's.</param>
    /// <param name="Warnings">What will not do what it seems to say.</param>
    /// <param name="DryRun">Nothing was created and no id issued.</param>
    public sealed record Accepted(JobSpec[] Jobs, string[] Warnings, bool DryRun) : SubmissionAnswer;

    /// <summary>Nothing was created.</summary>
    public sealed record Refused(SubmissionError Error) : SubmissionAnswer;
}
