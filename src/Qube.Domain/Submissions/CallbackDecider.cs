using System.Collections.Immutable;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>Checks a job's callbacks and gives them their numbers: its own from 1, then those that its dependency made.</summary>
internal static class CallbackDecider
{
    private const string MailWhenDone = "done-job-self";

    public static (IReadOnlyList<CallbackSpec> Callbacks, SubmissionError? Error) Decide(
        JobDraft job, JobSpec spec, SubmissionScope scope, SubmissionContext context, List<string> warnings)
    {
        var accepted = new List<CallbackSpec>();
        var checks = new TriggerChecks(job, spec, scope, warnings);
        foreach (var callback in job.Callbacks)
        {
            if (CallbackLanguages.IsInternal(callback.Language))
            {
                warnings.Add($"{job.Title}, {callback.Field}: language '{callback.Language}' is the supervisor's own; it makes such callbacks itself");
                continue;
            }

            if (LanguageProblem(callback, context.EnabledLanguages) is { } languageProblem)
            {
                return ([], Error(job, $"{callback.Field}.language", languageProblem));
            }

            var code = callback.Code;
            if (CodeProblem(callback, ref code) is { } codeProblem)
            {
                return ([], Error(job, $"{callback.Field}.code", codeProblem));
            }

            var parsed = callback.IsList
                ? TriggerParser.ParseList(callback.Triggers, scope.Labels)
                : TriggerParser.Parse(callback.Triggers[0], scope.Labels);
            var field = $"{callback.Field}.triggers";
            if (!parsed.IsValid)
            {
                var element = callback.IsList ? $"{field}[{parsed.Error.Element}]" : field;
                return ([], new($"{job.Title}, {element}: {parsed.Error.Message}", job.Key, element, parsed.Error.Column));
            }

            if (parsed.Expression.Patterns().FirstOrDefault(pattern => pattern is { Context.Kind: ContextKind.Any, Type: not SubjectType.Host }) is { } any)
            {
                return ([], Error(job, field, $"'{any}': the context * (any job) is for global callbacks; name a job by self, parent, id or label"));
            }

            var catchup = callback.Catchup ?? callback.Language == CallbackLanguages.Qube;
            checks.Check(parsed.Expression, field, callback.Language == CallbackLanguages.Qube ? code : "", catchup);
            accepted.Add(new()
            {
                Triggers = parsed.Expression.ToString(),
                Language = callback.Language,
                Code = code,
                User = callback.User ?? spec.User,
                Max = callback.Max,
                Catchup = catchup,
            });
        }

        AddMailWhenDone(job, spec, context, accepted, warnings);
        checks.Finish();
        accepted.AddRange(spec.Callbacks);
        AddUniversal(job, context, accepted, warnings);
        return ([.. accepted.Select((callback, at) => callback with { Id = at + 1 })], null);
    }

    private static SubmissionError Error(JobDraft job, string field, string message) => new($"{job.Title}, {field}: {message}", job.Key, field);

    internal static string? LanguageProblem(CallbackDraft callback, ImmutableHashSet<string> enabled)
    {
        if (!CallbackLanguages.All.Contains(callback.Language))
        {
            return $"'{callback.Language}' is no language of callbacks; {NearestWord.Offer(callback.Language, CallbackLanguages.All)}";
        }

        return enabled.Contains(callback.Language)
            ? null
            : $"callbacks in language '{callback.Language}' are switched off on this farm (supervisor_language_flags)";
    }

    internal static string? CodeProblem(CallbackDraft callback, ref string code)
    {
        switch (callback.Language)
        {
            case CallbackLanguages.Qube:
                if (QubeVerbs.Canonical(code) is not { } verb)
                {
                    return code.Trim().Length == 0
                        ? "a callback in language qube needs a verb such as unblock-self"
                        : $"'{code.Trim()}' is no verb; {NearestWord.Offer(code, QubeVerbs.All)}";
                }

                code = verb;
                return null;
            case CallbackLanguages.Python or CallbackLanguages.Perl:
                return string.IsNullOrWhiteSpace(code) ? $"a callback in language {callback.Language} needs code" : null;
            case CallbackLanguages.Webhook:
                code = code.Trim();
                return WebhookUrls.Problem(code);
            default:
                return null;
        }
    }

    /// <summary>The site's own, behind all that the job brings (spec/callbacks.md §14). What is wrong with them is no fault of the submission.</summary>
    private static void AddUniversal(JobDraft job, SubmissionContext context, List<CallbackSpec> accepted, List<string> warnings)
    {
        warnings.AddRange(context.Universal.Problems.Select(problem => $"{job.Title}, universal callbacks: {problem}"));
        foreach (var callback in context.Universal.Callbacks)
        {
            if (context.EnabledLanguages.Contains(callback.Language))
            {
                accepted.Add(callback);
            }
            else
            {
                warnings.Add($"{job.Title}, universal callbacks: one on {callback.Triggers} is left out, language '{callback.Language}' is switched off on this farm");
            }
        }
    }

    /// <summary>Job flag <c>mail</c> is a callback that mails when the job is done (spec/callbacks.md §12.1).</summary>
    private static void AddMailWhenDone(
        JobDraft job, JobSpec spec, SubmissionContext context, List<CallbackSpec> accepted, List<string> warnings)
    {
        if ((spec.Flags & JobFlags.Mail) == 0
            || accepted.Exists(callback => callback is { Language: CallbackLanguages.Mail, Triggers: MailWhenDone }))
        {
            return;
        }

        if (context.EnabledLanguages.Contains(CallbackLanguages.Mail))
        {
            accepted.Add(new() { Triggers = MailWhenDone, Language = CallbackLanguages.Mail, User = spec.User });
        }
        else
        {
            warnings.Add($"{job.Title}, flags: mail is switched off on this farm (supervisor_language_flags), nothing will be sent");
        }
    }
}
