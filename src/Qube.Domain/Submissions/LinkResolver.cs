using System.Globalization;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>Finds the jobs that a dependency names; an id that nobody has, or has any more, refuses the submission (spec/callbacks.md §16.1).</summary>
internal sealed class LinkResolver(JobDraft job, JobSpec spec, SubmissionScope scope, List<string> warnings)
{
    public SubmissionError? Error { get; private set; }

    public List<ResolvedLink> Resolve(DependencySpec parsed, string text, string field)
    {
        var resolved = new List<ResolvedLink>();
        foreach (var link in parsed.Links)
        {
            var target = scope.Find(link.Target, spec);
            if (target is null && link.Target.Kind == ContextKind.Label)
            {
                warnings.Add(
                    $"{job.Title}, {field}: '{link}' waits until a job with the label '{link.Target.Label}' joins process group {spec.Pgrp}: nobody has it now");
            }
            else if (target is null)
            {
                Fail(link, text, field);
            }
            else
            {
                WarnWhereOver(link, target, field);
            }

            resolved.Add(new(target is null ? link : link with { Target = TriggerContext.ForJob(target.Id) }, target));
        }

        return resolved;
    }

    private void Fail(DependencyLink link, string text, string field)
    {
        if (scope.Resolve(link.Target, spec) is not { } id)
        {
            Error ??= new($"{job.Title}, {field}: '{link}' names the parent, but the job has none (pid {spec.Pid})", job.Key, field);
            return;
        }

        var written = id.ToString(CultureInfo.InvariantCulture);
        var at = link.Target.Kind == ContextKind.Job ? text.IndexOf(written, StringComparison.Ordinal) : -1;
        var place = at < 0 ? "" : $"column {at + 1}: ";
        Error ??= new(
            $"{job.Title}, {field}: {place}'{link}' waits for job {id}, which does not exist or has been removed",
            job.Key,
            field,
            at < 0 ? null : at + 1);
    }

    private void WarnWhereOver(DependencyLink link, KnownJob target, string field)
    {
        if (target.Source is not { } source || !source.Status.IsTerminal())
        {
            return;
        }

        var satisfied = link.State == DependencyState.Done || link.State.ToString().Equals(source.Status.Name(), StringComparison.OrdinalIgnoreCase);
        if (link.Type == SubjectType.Job && !satisfied)
        {
            warnings.Add($"{job.Title}, {field}: '{link}' waits until job {target.Id} is run again: it has ended as {source.Status.Name()}");
        }
    }
}
