using System.Collections.Frozen;

namespace Qube.Domain.Submissions;

/// <summary>What a callback in language <c>qube</c> may say (spec/callbacks.md §11).</summary>
public static class QubeVerbs
{
    private static readonly string[] Verbs =
    [
        "unblock-self", "block-self", "fail-self", "kill-self", "migrate-self", "preempt-self", "interrupt-self", "suspend-self", "resume-self",
        "block-work-self", "unblock-work-self", "kill-work-self", "retry-work-self", "requeue-work-self", "complete-work-self", "fail-work-self",
        "unblock-subjob-self", "unblock-subjob-self-single", "block-subjob-self", "fail-subjob-self", "kill-subjob-self",
        "migrate-subjob-self", "preempt-subjob-self", "interrupt-subjob-self", "suspend-subjob-self", "resume-subjob-self",
        "mail-status", "mail-subjob-status", "mail-license-status", "mail-report-status",
    ];

    private static readonly FrozenSet<string> Known = Verbs.ToFrozenSet(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => Verbs;

    /// <summary>The verb in its canonical spelling, or null when it is none.</summary>
    public static string? Canonical(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var verb = code.Trim().ToLowerInvariant();
        return Known.Contains(verb) ? verb : null;
    }
}
