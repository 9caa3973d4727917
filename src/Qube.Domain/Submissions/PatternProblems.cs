using System.Collections.Frozen;
using System.Globalization;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>Why a pattern will not fire as its job stands: for the warnings of a submission, and for explanations afterwards.</summary>
internal static class PatternProblems
{
    /// <summary>What only happens to something that runs, or is about to: all that is over once a thing has ended.</summary>
    private static readonly FrozenSet<string> Past = new[]
    {
        "submit", "complete", "failed", "killed", "done", "blocked", "running", "waiting", "assigned", "timeout", "unblock", "unblocked",
        "pending", "suspended", "resumed", "migrated", "preempted", "interrupted",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The rest of a sentence that begins with a pattern on a label which no job of the group has.</summary>
    public static string OfUnknownLabel(string label, long pgrp, IReadOnlyCollection<string> labels)
    {
        var near = NearestWord.Find(label, labels);
        return $"can never fire unless a job with the label '{label}' joins process group {pgrp}: nobody has it now"
            + (near.Count > 0 ? $"; did you mean {string.Join(" or ", near.Select(word => $"'{word}'"))}?" : "");
    }

    /// <summary>The rest of a sentence that begins with the pattern; null when it may well fire.</summary>
    /// <param name="pattern">A pattern on a job, an instance or an item.</param>
    /// <param name="target">The job that it listens to.</param>
    /// <param name="catchup">Whether what was before counts.</param>
    public static string? Of(EventPattern pattern, KnownJob target, bool catchup)
    {
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

    public static int InstanceOf(string extra) =>
        int.TryParse(extra, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    private static string Name(EventPattern pattern, KnownJob target) => pattern.Context.Kind switch
    {
        ContextKind.Self => "this job",
        ContextKind.Label => $"the job labelled '{pattern.Context.Label}'",
        _ => $"job {target.Id}",
    };
}
