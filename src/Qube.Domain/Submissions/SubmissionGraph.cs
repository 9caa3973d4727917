using System.Collections.Immutable;
using System.Globalization;
using Qube.Contracts;
using Qube.Domain.Ranges;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>The jobs of a submission and what waits for what, and both as text.</summary>
public static class SubmissionGraph
{
    public static PlannedJob Planned(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var items = spec.Agenda is null ? 0 : Agenda.FromSpec(spec.Agenda).Value?.Count ?? 0;
        var blocked = 0;
        for (var at = 0; at + 1 < spec.BlockedItems.Length; at += 2)
        {
            blocked += spec.BlockedItems[at + 1] - spec.BlockedItems[at] + 1;
        }

        return new(
            spec.Label, spec.Name, spec.Prototype, (spec.Blocked ? Status.Blocked : Status.Pending).Name(), items, blocked, spec.Instances, spec.Callbacks.Length);
    }

    /// <summary>The links into one job.</summary>
    internal static IEnumerable<PlannedLink> Links(JobSpec spec, SubmissionScope scope, IReadOnlyDictionary<long, string> labels)
    {
        var links = new Dictionary<(string From, string Events, string Action), (int Count, string Only)>();
        foreach (var callback in spec.Callbacks)
        {
            if (TriggerParser.Parse(callback.Triggers, scope.Labels).Expression is not { } expression)
            {
                continue;
            }

            var action = callback.Language is "qube" or "dependency" ? callback.Code : callback.Language;
            foreach (var leaf in expression.Leaves())
            {
                var pattern = leaf.Pattern;
                var from = From(pattern, spec, scope, labels);
                var kind = $"{(leaf.IsNegated ? "no " : "")}{(pattern.Name.Length > 0 ? pattern.Name + "-" : "")}{pattern.Type.Word()}";
                var key = (from, kind, action);
                var (count, only) = links.GetValueOrDefault(key);
                links[key] = (count + 1, count == 0 || only == pattern.Extra ? pattern.Extra : "…");
            }
        }

        return links.Select(link => new PlannedLink(
            link.Key.From, spec.Label, link.Value.Only.Length > 0 ? $"{link.Key.Events} {link.Value.Only}" : link.Key.Events, link.Key.Action, link.Value.Count));
    }

    /// <summary>The graph as text: a line for each job, and beneath it what it waits for.</summary>
    public static string Text(ImmutableArray<PlannedJob> jobs, ImmutableArray<PlannedLink> links)
    {
        var lines = new List<string>();
        foreach (var job in jobs)
        {
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{job.Label}: {job.Prototype} '{job.Name}', {job.Status}{Items(job)}, {Plural(job.Instances, "instance")}, {Plural(job.Callbacks, "callback")}"));
            foreach (var link in links.Where(link => link.To == job.Label))
            {
                var times = link.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({link.Count} times)") : "";
                lines.Add($"  <- {(link.From == link.To ? "itself" : link.From)}: {link.Events} -> {link.Action}{times}");
            }
        }

        return string.Join('\n', lines);
    }

    private static string From(EventPattern pattern, JobSpec spec, SubmissionScope scope, IReadOnlyDictionary<long, string> labels)
    {
        if (pattern.Type.IsJobless() || pattern.Type.IsClock())
        {
            return "the farm";
        }

        if (pattern.Context.Kind == ContextKind.Any)
        {
            return pattern.Type == SubjectType.Host ? $"host {pattern.Extra}" : "any job";
        }

        return scope.Resolve(pattern.Context, spec) is { } id
            ? labels.TryGetValue(id, out var label) ? label : string.Create(CultureInfo.InvariantCulture, $"job {id}")
            : $"'{pattern.Context}' (nobody)";
    }

    private static string Items(PlannedJob job) => job.Items == 0 ? ""
        : job.BlockedItems > 0 ? $", {Plural(job.Items, "item")} ({job.BlockedItems.ToString(CultureInfo.InvariantCulture)} blocked)"
        : $", {Plural(job.Items, "item")}";

    private static string Plural(int count, string word) => string.Create(CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");
}
