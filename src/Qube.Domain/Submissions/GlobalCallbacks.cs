using System.Collections.Immutable;
using System.Text.Json;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>Takes or refuses a callback that no job owns (spec/callbacks.md §15). Pure: the same text and options give the same answer.</summary>
public static class GlobalCallbacks
{
    /// <param name="callback">The callback's dictionary.</param>
    /// <param name="user">Who submits it.</param>
    /// <param name="enabledLanguages"><c>supervisor_language_flags</c>, lower case.</param>
    public static (CallbackSpec? Callback, SubmissionError? Error) Decide(JsonElement callback, string user, ImmutableHashSet<string> enabledLanguages)
    {
        ArgumentNullException.ThrowIfNull(enabledLanguages);
        var fields = new FieldReader("the callback", null);
        if (callback.ValueKind != JsonValueKind.Object)
        {
            return (null, new($"a callback is a dictionary, found {FieldReader.Shown(callback)}"));
        }

        var drafts = new CallbackReader(fields).Read(callback);
        if (fields.Error is { } unreadable)
        {
            return (null, unreadable);
        }

        if (callback.TryGetProperty("pid", out var pid) && pid.ToString() is not ("" or "0" or "1"))
        {
            return (null, new("the callback, pid: a callback of a job is submitted with its job; a global one has none", Field: "pid"));
        }

        var draft = drafts[0];
        if (CallbackDecider.LanguageProblem(draft, enabledLanguages) is { } language)
        {
            return (null, new($"the callback, language: {language}", Field: "language"));
        }

        var code = draft.Code;
        if ((CallbackDecider.CodeProblem(draft, ref code) ?? VerbProblem(draft.Language, code)) is { } wrongCode)
        {
            return (null, new($"the callback, code: {wrongCode}", Field: "code"));
        }

        var parsed = draft.IsList ? TriggerParser.ParseList(draft.Triggers, []) : TriggerParser.Parse(draft.Triggers[0], []);
        if (!parsed.IsValid)
        {
            return (null, new($"the callback, triggers: {parsed.Error.Message}", Field: "triggers", Column: parsed.Error.Column));
        }

        if (parsed.Expression.Patterns().Select(ContextProblem).FirstOrDefault(problem => problem is not null) is { } context)
        {
            return (null, new($"the callback, triggers: {context}", Field: "triggers"));
        }

        return (
            new CallbackSpec
            {
                Triggers = parsed.Expression.ToString(),
                Language = draft.Language,
                Code = code,
                User = draft.User ?? user,
                Max = draft.Max,
            },
            null);
    }

    private static string? VerbProblem(string language, string code) => language == CallbackLanguages.Qube && code.EndsWith("-self", StringComparison.Ordinal)
        ? $"'{code}' acts on the job that owns the callback, and this one belongs to no job"
        : null;

    private static string? ContextProblem(EventPattern pattern) => pattern.Context.Kind switch
    {
        ContextKind.Self or ContextKind.Parent when pattern.Type != SubjectType.Global =>
            $"'{pattern}': the callback belongs to no job, so there is no {pattern.Context}; name a job by its id, or * for any",
        ContextKind.Label when pattern.Type != SubjectType.Global =>
            $"'{pattern}': labels are of one process group, and the callback belongs to none; name a job by its id, or * for any",
        _ => null,
    };
}
