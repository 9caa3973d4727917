namespace Qube.Domain.Submissions;

/// <summary>Why a submission is refused as a whole (design §4 step 1).</summary>
/// <param name="Message">Readable by itself: names the job, the field and the place.</param>
/// <param name="Job">The job's label, else its 1-based place in the submission; null where no job is at fault.</param>
/// <param name="Field">The key at fault, <c>callbacks[2].triggers</c>; null where there is none.</param>
/// <param name="Column">1-based column in that field's text; null where there is none.</param>
public sealed record SubmissionError(string Message, string? Job = null, string? Field = null, int? Column = null);
