using Qube.Contracts;

namespace Qube.Domain.Security;

/// <summary>Which permission a verb needs.</summary>
public static class VerbPermissions
{
    public static Permissions Of(JobVerb verb) => verb switch
    {
        JobVerb.Block => Permissions.Block,
        JobVerb.Unblock => Permissions.Unblock,
        JobVerb.Kill => Permissions.Kill,
        JobVerb.Retry => Permissions.Retry,
        JobVerb.Requeue => Permissions.Requeue,
        JobVerb.Interrupt => Permissions.Interrupt,
        JobVerb.Preempt => Permissions.Preempt,
        JobVerb.Migrate => Permissions.Migrate,
        JobVerb.Suspend => Permissions.Suspend,
        JobVerb.Resume => Permissions.Resume,
        JobVerb.Retire => Permissions.Retire,
        JobVerb.Fail => Permissions.Fail,
        JobVerb.Remove => Permissions.Remove,
        JobVerb.Shove => Permissions.Shove,
        JobVerb.Top or JobVerb.Bottom => Permissions.Bump,

        // One that nobody has thought of is for administrators.
        _ => Permissions.Admin,
    };

    /// <summary>As it is written, where <c>complete</c> and <c>retire</c> do the same and have a permission each.</summary>
    public static Permissions Of(JobVerb verb, string? written) =>
        verb == JobVerb.Retire && string.Equals(written, "complete", StringComparison.OrdinalIgnoreCase) ? Permissions.Complete : Of(verb);

    /// <summary>What the user of a callback in language <c>qube</c> needs for its action (<c>kill-self</c>, <c>complete-work-self</c>); mails need nothing.</summary>
    public static Permissions OfCallback(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var word = code.Trim().Split('-')[0];
        if (string.Equals(word, "complete", StringComparison.OrdinalIgnoreCase))
        {
            return Permissions.Complete;
        }

        // A number is no word, though an enum's reader takes it for one.
        return word.Length > 0 && char.IsAsciiLetter(word[0]) && Enum.TryParse<JobVerb>(word, ignoreCase: true, out var verb) && verb != JobVerb.None ? Of(verb) : Permissions.None;
    }
}
