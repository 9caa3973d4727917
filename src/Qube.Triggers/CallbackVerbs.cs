namespace Qube.Triggers;

/// <summary>The qube-language verbs (callbacks.md §11) as far as the trigger algebra must know them.</summary>
public static class CallbackVerbs
{
    /// <summary>What a verb acts on; <see cref="ActsOn.EachEvent"/> for any text that is none of the verbs on a job, item or instance.</summary>
    public static ActsOn TargetOf(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var verb = code.Trim().ToLowerInvariant();
        return verb switch
        {
            "unblock-subjob-self-single" => ActsOn.Subjob,
            "mail-status" or "mail-license-status" or "mail-report-status" => ActsOn.Job,
            _ when verb.EndsWith("-work-self", StringComparison.Ordinal) => ActsOn.Work,
            _ when verb.EndsWith("-subjob-self", StringComparison.Ordinal) => ActsOn.Subjob,
            _ when verb.EndsWith("-self", StringComparison.Ordinal) => ActsOn.Job,
            _ => ActsOn.EachEvent,
        };
    }
}
