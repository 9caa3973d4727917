using System.Collections.Immutable;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>The same decision as <see cref="SubmissionDecider"/>, going on after errors: all that is wrong, and what would be created. What it accepts
/// the decider accepts too, and the other way round.</summary>
public static class SubmissionChecker
{
    /// <summary>Reads a body as far as it can be read.</summary>
    /// <returns>What there is of a draft, null when there are no jobs in it; and all errors.</returns>
    public static (SubmissionDraft? Draft, ImmutableArray<SubmissionError> Errors) Read(ReadOnlyMemory<byte> json)
    {
        var errors = new List<SubmissionError>();
        var read = SubmissionReader.Read(json, errors);
        return (read.Draft, read.Error is null ? [.. errors] : [read.Error]);
    }

    /// <param name="draft">As read.</param>
    /// <param name="readErrors">What reading found.</param>
    /// <param name="context">As for the decider; the ids are nobody's.</param>
    public static SubmissionReport Check(SubmissionDraft draft, ImmutableArray<SubmissionError> readErrors, SubmissionContext context)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(context);
        var errors = readErrors.ToList();
        if (draft.Pgrp > context.LastIssuedId)
        {
            var first = draft.Jobs.First(job => job.Pgrp > 0);
            errors.Add(new($"{first.Title}, pgrp: there is no process group {draft.Pgrp}", first.Key, "pgrp"));
            draft = draft with { Pgrp = 0 };
        }

        var (labels, labelError) = LabelAssigner.Assign(draft, context);
        if (labelError is not null)
        {
            // Without labels of their own the jobs cannot be told apart: what refers to them would be reported for nothing.
            errors.Add(labelError);
            return new([.. errors], [.. draft.Jobs.SelectMany(job => job.Warnings)], [], []);
        }

        var pgrp = draft.Pgrp > 0 ? draft.Pgrp : context.FirstId;
        var warnings = draft.Jobs.Select(job => job.Warnings.ToList()).ToArray();
        var specs = draft.Jobs
            .Select((job, at) => SpecBuilder.Build(job, labels[at], new(context.FirstId + at), pgrp, draft, context, warnings[at]))
            .ToArray();
        var scope = new SubmissionScope(context, specs, [.. draft.Jobs.Select(job => job.Agenda)]);
        var cycle = DependencyCycles.Find(draft, specs, scope);
        if (cycle is not null)
        {
            errors.Add(cycle);
        }

        for (var at = 0; at < specs.Length; at++)
        {
            specs[at] = CheckJob(draft.Jobs[at], specs[at], scope, context, isInCycle: cycle is not null, warnings[at], errors);
        }

        var byId = specs.ToDictionary(spec => spec.JobId.Value, spec => spec.Label);
        return new(
            [.. errors.Distinct()],
            [.. warnings.SelectMany(list => list)],
            [.. specs.Select(SubmissionGraph.Planned)],
            [.. specs.SelectMany(spec => SubmissionGraph.Links(spec, scope, byId))]);
    }

    private static JobSpec CheckJob(
        JobDraft job, JobSpec spec, SubmissionScope scope, SubmissionContext context, bool isInCycle, List<string> warnings, List<SubmissionError> errors)
    {
        if (!isInCycle)
        {
            var (expanded, dependencyError) = DependencyExpander.Expand(job, spec, scope, warnings);
            spec = dependencyError is null ? expanded : spec;
            Add(errors, dependencyError);
        }

        // Each by itself, so that one that is wrong does not hide another.
        var right = ImmutableArray.CreateBuilder<CallbackDraft>();
        foreach (var callback in job.Callbacks)
        {
            var (_, error) = CallbackDecider.Decide(job with { Callbacks = [callback] }, spec, scope, context, []);
            if (error is null)
            {
                right.Add(callback);
            }
            else
            {
                Add(errors, error);
                Add(errors, TriggerError(job, callback, scope));
            }
        }

        var (callbacks, _) = CallbackDecider.Decide(job with { Callbacks = right.ToImmutable() }, spec, scope, context, warnings);
        return spec with { Callbacks = [.. callbacks] };
    }

    /// <summary>What is wrong with a trigger whose callback is refused for something else already.</summary>
    private static SubmissionError? TriggerError(JobDraft job, CallbackDraft callback, SubmissionScope scope)
    {
        var parsed = TriggerParser.ParseList(callback.Triggers, scope.Labels);
        if (parsed.IsValid)
        {
            return null;
        }

        var field = callback.IsList ? $"{callback.Field}.triggers[{parsed.Error.Element}]" : $"{callback.Field}.triggers";
        return new($"{job.Title}, {field}: {parsed.Error.Message}", job.Key, field, parsed.Error.Column);
    }

    /// <summary>A field that could not be read is not worth a second error for the default that stands in for it.</summary>
    private static void Add(List<SubmissionError> errors, SubmissionError? error)
    {
        if (error is not null && !errors.Exists(known => known.Job == error.Job && known.Field == error.Field))
        {
            errors.Add(error);
        }
    }
}
