using Qube.Contracts;

namespace Qube.Domain.Submissions;

/// <summary>Takes or refuses a submission as a whole (design §4 step 1). Pure: the same draft and context give the same answer.</summary>
public static class SubmissionDecider
{
    public static SubmissionOutcome Decide(SubmissionDraft draft, SubmissionContext context)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(context);
        if (draft.Pgrp > context.LastIssuedId)
        {
            var first = draft.Jobs.First(job => job.Pgrp > 0);
            return Refuse(new($"{first.Title}, pgrp: there is no process group {draft.Pgrp}", first.Key, "pgrp"));
        }

        var (labels, labelError) = LabelAssigner.Assign(draft, context);
        if (labelError is not null)
        {
            return Refuse(labelError);
        }

        var pgrp = draft.Pgrp > 0 ? draft.Pgrp : context.FirstId;
        var warnings = draft.Jobs.Select(job => job.Warnings.ToList()).ToArray();
        var specs = draft.Jobs
            .Select((job, at) => SpecBuilder.Build(job, labels[at], new(context.FirstId + at), pgrp, draft, context, warnings[at]))
            .ToArray();
        var scope = new SubmissionScope(context, specs, [.. draft.Jobs.Select(job => job.Agenda)]);
        if (DependencyCycles.Find(draft, specs, scope) is { } cycle)
        {
            return Refuse(cycle);
        }

        for (var at = 0; at < specs.Length; at++)
        {
            var job = draft.Jobs[at];
            var (expanded, dependencyError) = DependencyExpander.Expand(job, specs[at], scope, warnings[at]);
            if (dependencyError is not null)
            {
                return Refuse(dependencyError);
            }

            var (callbacks, callbackError) = CallbackDecider.Decide(job, expanded, scope, context, warnings[at]);
            if (callbackError is not null)
            {
                return Refuse(callbackError);
            }

            specs[at] = expanded with { Callbacks = [.. callbacks], Warnings = [.. warnings[at]] };
        }

        return new SubmissionOutcome.Accepted([.. specs], [.. warnings.SelectMany(list => list)]);
    }

    private static SubmissionOutcome.Refused Refuse(SubmissionError error) => new(error);
}
