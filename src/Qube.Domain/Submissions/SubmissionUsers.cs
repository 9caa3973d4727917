using Qube.Domain.Security;

namespace Qube.Domain.Submissions;

/// <summary>In whose names a submission asks, and what each of them needs for it (spec/scheduling.md §13).</summary>
public static class SubmissionUsers
{
    /// <summary>Everybody that is named, whoever submits first.</summary>
    public static IEnumerable<string> Of(SubmissionDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Needs(draft).Select(need => need.User).Prepend(draft.User).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Each job needs its user's right to submit; each callback its user's to have callbacks, and to do what its verb does. What comes of the attribute
    /// <c>dependency</c> is no callback of anybody's.</summary>
    public static IEnumerable<(string User, Permissions Permission)> Needs(SubmissionDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        foreach (var job in draft.Jobs)
        {
            var owner = job.User ?? draft.User;
            yield return (owner, Permissions.SubmitJob);
            foreach (var callback in job.Callbacks)
            {
                yield return (callback.User ?? owner, Permissions.SubmitCallback);
                if (callback.Language == CallbackLanguages.Qube && VerbPermissions.OfCallback(callback.Code) is var verb and not Permissions.None)
                {
                    yield return (callback.User ?? owner, verb);
                }
            }
        }
    }
}
