using System.Globalization;

namespace Qube.Domain.Submissions;

/// <summary>Gives every job of a submission its label (spec/callbacks.md §6, §7).</summary>
internal static class LabelAssigner
{
    private static readonly char[] Operators = ['&', '|', '(', ')', ','];

    /// <summary>The labels in the order of the jobs, or what is wrong.</summary>
    public static (string[] Labels, SubmissionError? Error) Assign(SubmissionDraft draft, SubmissionContext context)
    {
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in context.Members)
        {
            taken[member.Label] = $"job {member.JobId} of process group {draft.Pgrp}";
        }

        var labels = new string[draft.Jobs.Length];
        for (var at = 0; at < labels.Length; at++)
        {
            var job = draft.Jobs[at];
            labels[at] = job.Label;
            if (job.Label.Length == 0)
            {
                continue;
            }

            var problem = Problem(job.Label)
                ?? (taken.TryGetValue(job.Label, out var other) ? $"the label '{job.Label}' is already that of {other}" : null);
            if (problem is not null)
            {
                return (labels, new($"{job.Title}, label: {problem}", job.Key, "label"));
            }

            taken[job.Label] = job.Title;
        }

        var next = 0;
        for (var at = 0; at < labels.Length; at++)
        {
            while (labels[at].Length == 0)
            {
                var candidate = "qube" + next++.ToString(CultureInfo.InvariantCulture);
                labels[at] = taken.TryAdd(candidate, draft.Jobs[at].Title) ? candidate : "";
            }
        }

        return (labels, null);
    }

    /// <summary>Why it cannot be a label; null when it can.</summary>
    internal static string? Problem(string label)
    {
        if (label is "*" || label.Equals("self", StringComparison.OrdinalIgnoreCase) || label.Equals("parent", StringComparison.OrdinalIgnoreCase))
        {
            return $"'{label}' has a meaning of its own in triggers and cannot be a label";
        }

        if (label.All(char.IsAsciiDigit))
        {
            return $"'{label}' would be read as a job id in triggers; a label needs another character than digits";
        }

        if (label.IndexOfAny(Operators) is var at and >= 0)
        {
            return $"'{label}' holds '{label[at]}', which has a meaning of its own in triggers";
        }

        return char.IsWhiteSpace(label[0]) || char.IsWhiteSpace(label[^1]) || label.Any(char.IsControl)
            ? $"'{label}' begins or ends with a blank or holds a control character"
            : null;
    }
}
