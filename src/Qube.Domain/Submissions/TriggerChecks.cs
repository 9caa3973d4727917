using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>Finds patterns that are legal and will never fire as things stand, so that they are warnings and not silence (design §5).</summary>
internal sealed class TriggerChecks(JobDraft job, JobSpec spec, SubmissionScope scope, List<string> warnings)
{
    /// <summary>A script with a slip in it makes the same one ten thousand times; nobody reads them all.</summary>
    private const int MaxWarnings = 100;

    private int _dropped;
    private int _given;

    public void Check(TriggerExpression expression, string field, string verb, bool catchup)
    {
        foreach (var misspelt in TriggerWarnings.For(expression))
        {
            Warn(field, misspelt.Message);
        }

        foreach (var (_, pattern, isNegated) in expression.Leaves())
        {
            if (Problem(pattern, catchup) is { } problem)
            {
                Warn(field, isNegated ? $"'!{pattern}' always holds: '{pattern}' {problem}" : $"'{pattern}' {problem}");
            }
        }

        if (verb.Length > 0)
        {
            CheckTarget(expression, field, verb);
        }
    }

    public void Finish()
    {
        if (_dropped > 0)
        {
            warnings.Add($"{job.Title}, callbacks: {_dropped} more warnings like these");
        }
    }

    private void Warn(string field, string message)
    {
        if (_given++ < MaxWarnings)
        {
            warnings.Add($"{job.Title}, {field}: {message}");
        }
        else
        {
            _dropped++;
        }
    }

    private string? Problem(EventPattern pattern, bool catchup)
    {
        if (pattern.Type is not (SubjectType.Job or SubjectType.Subjob or SubjectType.Work))
        {
            return null;
        }

        if (scope.Find(pattern.Context, spec) is not { } target)
        {
            return pattern.Context.Kind switch
            {
                ContextKind.Parent when spec.Pid <= 1 => $"can never fire: the job has no parent (pid {spec.Pid})",
                ContextKind.Label => PatternProblems.OfUnknownLabel(pattern.Context.Label, spec.Pgrp, scope.Labels),
                ContextKind.Parent => $"can never fire: its parent, job {spec.Pid}, does not exist or has been removed",
                _ => $"can never fire: job {pattern.Context.JobId} does not exist or has been removed",
            };
        }

        return PatternProblems.Of(pattern, target, catchup);
    }

    /// <summary>Verbs on items act on the owner's item of the same name (spec/callbacks.md §11): it should have one.</summary>
    private void CheckTarget(TriggerExpression expression, string field, string verb)
    {
        var target = CallbackVerbs.TargetOf(verb);
        if (target == ActsOn.Work && job.Agenda is null)
        {
            Warn(field, $"{verb} acts on items, and this job has none");
            return;
        }

        foreach (var pattern in expression.Leaves().Where(leaf => !leaf.IsNegated).Select(leaf => leaf.Pattern)
            .Where(pattern => !pattern.IsWildcard && pattern.Context.Kind != ContextKind.Self))
        {
            if (target == ActsOn.Work && pattern.Type == SubjectType.Work && !job.Agenda!.TryGetSeq(pattern.Extra, out _))
            {
                Warn(field, $"'{pattern}' with {verb} acts on item '{pattern.Extra}' of this job, which it does not have");
            }
            else if (target == ActsOn.Subjob && pattern.Type == SubjectType.Subjob && PatternProblems.InstanceOf(pattern.Extra) >= spec.Instances)
            {
                Warn(field, $"'{pattern}' with {verb} acts on instance {pattern.Extra} of this job, which has {spec.Instances}");
            }
        }
    }
}
