using System.Collections.Frozen;
using System.Globalization;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>Finds patterns that are legal and will never fire as things stand, so that they are warnings and not silence (design §5).</summary>
internal sealed class TriggerChecks(JobDraft job, JobSpec spec, SubmissionScope scope, List<string> warnings)
{
    /// <summary>A script with a slip in it makes the same one ten thousand times; nobody reads them all.</summary>
    private const int MaxWarnings = 100;

    /// <summary>What only happens to something that runs, or is about to: all that is over once a thing has ended.</summary>
    private static readonly FrozenSet<string> Past = new[]
    {
        "submit", "complete", "failed", "killed", "done", "blocked", "running", "waiting", "assigned", "timeout", "unblock", "unblocked",
        "pending", "suspended", "resumed", "migrated", "preempted", "interrupted",
    }.ToFrozenSet(StringComparer.Ordinal);

    private int _dropped;
    private int _given;

    public void Check(TriggerExpression expression, string field, string verb, bool catchup)
    {
        foreach (var misspelt in TriggerWarnings.For(expression))
        {
            Warn(field, misspelt.Message);
        }

        foreach (var pattern in expression.Patterns())
        {
            if (Problem(pattern, catchup) is { } problem)
            {
                Warn(field, $"'{pattern}' {problem}");
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
                ContextKind.Label => $"can never fire unless a job with the label '{pattern.Context.Label}' joins process group {spec.Pgrp}: nobody has it now",
                ContextKind.Parent => $"can never fire: its parent, job {spec.Pid}, does not exist or has been removed",
                _ => $"can never fire: job {pattern.Context.JobId} does not exist or has been removed",
            };
        }

        var extra = pattern.IsWildcard ? "" : pattern.Extra;
        return pattern.Type switch
        {
            SubjectType.Work when target.Agenda is null => $"can never fire: {Name(pattern, target)} has no items",
            SubjectType.Work when extra.Length > 0 && !target.Agenda.TryGetSeq(extra, out _) =>
                $"can never fire: {Name(pattern, target)} has no item '{extra}'",
            SubjectType.Subjob when extra.Length > 0 && InstanceOf(extra) >= target.Instances =>
                $"can never fire: {Name(pattern, target)} has {target.Instances} instances, counted from 0",
            _ => target.Source is { } source ? ProblemOfPast(pattern, target, source, catchup) : null,
        };
    }

    /// <summary>What has already happened is not told again; whether it counts is the callback's <c>catchup</c>.</summary>
    private static string? ProblemOfPast(EventPattern pattern, KnownJob target, JobMessages.Source source, bool catchup)
    {
        if (!Past.Contains(pattern.Name) || PastState(pattern, target, source) is not { } state)
        {
            return null;
        }

        var subject = pattern.Type == SubjectType.Job || pattern.IsWildcard
            ? $"job {target.Id}"
            : $"{(pattern.Type == SubjectType.Work ? "item" : "instance")} {pattern.Extra} of job {target.Id}";
        if (!catchup)
        {
            return $"will not fire unless {subject} is run again: it is {state.Name()} already; 'catchup': True counts what was before";
        }

        var counts = pattern.IsWildcard || pattern.Name == state.Name() || (pattern.Name == "done" && state.IsTerminal());
        return counts ? null : $"will not fire unless {subject} is run again: it has ended as {state.Name()}";
    }

    /// <summary>The terminal state of what the pattern names; null while it can still happen.</summary>
    private static Status? PastState(EventPattern pattern, KnownJob target, JobMessages.Source source)
    {
        if (pattern.Type == SubjectType.Job || pattern.IsWildcard)
        {
            return source.Status.IsTerminal() ? source.Status : null;
        }

        if (pattern.Type == SubjectType.Subjob)
        {
            var number = InstanceOf(pattern.Extra);
            for (var at = 0; at + 1 < source.InstanceStatuses.Length; at += 2)
            {
                if (source.InstanceStatuses[at] == number)
                {
                    return (Status)source.InstanceStatuses[at + 1];
                }
            }

            return null;
        }

        return target.Agenda is null || !target.Agenda.TryGetSeq(pattern.Extra, out var seq) ? null
            : Holds(source.CompleteItems, seq) ? Status.Complete
            : Holds(source.FailedItems, seq) ? Status.Failed
            : Holds(source.KilledItems, seq) ? Status.Killed
            : null;
    }

    private static bool Holds(int[] pairs, int seq)
    {
        for (var at = 0; at + 1 < pairs.Length; at += 2)
        {
            if (pairs[at] <= seq && seq <= pairs[at + 1])
            {
                return true;
            }
        }

        return false;
    }

    private static int InstanceOf(string extra) =>
        int.TryParse(extra, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    private static string Name(EventPattern pattern, KnownJob target) => pattern.Context.Kind switch
    {
        ContextKind.Self => "this job",
        ContextKind.Label => $"the job labelled '{pattern.Context.Label}'",
        _ => $"job {target.Id}",
    };

    /// <summary>Verbs on items act on the owner's item of the same name (spec/callbacks.md §11): it should have one.</summary>
    private void CheckTarget(TriggerExpression expression, string field, string verb)
    {
        var target = CallbackVerbs.TargetOf(verb);
        if (target == ActsOn.Work && job.Agenda is null)
        {
            Warn(field, $"{verb} acts on items, and this job has none");
            return;
        }

        foreach (var pattern in expression.Patterns().Where(pattern => !pattern.IsWildcard && pattern.Context.Kind != ContextKind.Self))
        {
            if (target == ActsOn.Work && pattern.Type == SubjectType.Work && !job.Agenda!.TryGetSeq(pattern.Extra, out _))
            {
                Warn(field, $"'{pattern}' with {verb} acts on item '{pattern.Extra}' of this job, which it does not have");
            }
            else if (target == ActsOn.Subjob && pattern.Type == SubjectType.Subjob && InstanceOf(pattern.Extra) >= spec.Instances)
            {
                Warn(field, $"'{pattern}' with {verb} acts on instance {pattern.Extra} of this job, which has {spec.Instances}");
            }
        }
    }
}
