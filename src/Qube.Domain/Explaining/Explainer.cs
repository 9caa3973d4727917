using System.Collections.Immutable;
using System.Globalization;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Explaining;

/// <summary>Answers why a job, or an item, is where it is (design §5, explain). Pure: the same parts give the same explanation.</summary>
public static class Explainer
{
    /// <summary>Verbs that let a blocked job go on, and those that let a blocked item go on (spec/callbacks.md §11, Q12).</summary>
    private static readonly string[] OpensJob = ["unblock-self", "unblock-work-self", "unblock-subjob-self", "unblock-subjob-self-single", "resume-self", "retry-work-self"];
    private static readonly string[] OpensItem = ["unblock-work-self", "retry-work-self", "complete-work-self"];

    public static Explanation Explain(ExplanationParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var subject = parts.Subject;
        var status = parts.Item.Length > 0 ? subject.ItemStatus : subject.Status;
        ImmutableArray<ExplainedCallback> callbacks =
        [
            .. parts.Triggers.Select(view => Callback(parts, view)).OrderBy(callback => callback.CanUnblock ? 0 : 1).ThenBy(callback => callback.Id),
        ];
        return new(
            subject.JobId.Value,
            parts.Item,
            subject.Name,
            subject.Label,
            parts.Item.Length > 0 ? status.ItemName() : status.Name(),
            subject.Status.Name(),
            Reason(parts, status, callbacks),
            callbacks,
            Math.Max(parts.TriggerCount, callbacks.Length),
            [.. (parts.Lacks?.Hosts ?? []).Select(host => new ExplainedHost(host.Host, [.. host.Lacks]))],
            parts.Lacks?.HostCount ?? 0);
    }

    /// <summary>The jobs that must be asked before the explanation: those that leaves listen to which have not matched.</summary>
    public static IEnumerable<long> SourcesOf(IEnumerable<ExplainMessages.TriggerView> triggers) =>
        triggers.SelectMany(view => view.Leaves).Where(leaf => !leaf.IsReady && leaf.Source > 0).Select(leaf => leaf.Source).Distinct();

    private static ExplainedCallback Callback(ExplanationParts parts, ExplainMessages.TriggerView view)
    {
        var callback = view.Callback;
        var tree = new TriggerExplainer(parts, view).Explain();
        var isSpent = callback.Max >= 0 && view.Fired >= callback.Max;
        var isOver = isSpent || view.Suspended || tree.State == LeafState.Never;
        var summary = view.Suspended ? "suspended: it went round in a circle"
            : isSpent ? string.Create(CultureInfo.InvariantCulture, $"has fired as often as it may ({view.Fired} of {callback.Max})")
            : Summary(tree);
        return new(
            callback.Id, callback.Language, callback.Code, callback.User, view.Fired, callback.Max, CanUnblock(callback, parts), isOver ? 0 : tree.Missing, summary, tree);
    }

    private static bool CanUnblock(CallbackSpec callback, ExplanationParts parts)
    {
        // An item that is not blocked itself waits for its job.
        var isItem = parts.Item.Length > 0 && parts.Subject.ItemStatus == Status.Blocked;
        if (!isItem && parts.Subject.Status != Status.Blocked)
        {
            return false;
        }

        return callback.Language switch
        {
            "qube" or "dependency" => (isItem ? OpensItem : OpensJob).Contains(callback.Code.Trim(), StringComparer.OrdinalIgnoreCase),
            "python" or "perl" => callback.Code.Contains("unblock", StringComparison.Ordinal),
            _ => false,
        };
    }

    private static string Summary(ExplainedNode tree) => tree.State switch
    {
        LeafState.Never => Blocker(tree) is { } leaf ? $"'{leaf.Text}' {leaf.Why}" : tree.Why,
        LeafState.Open when tree.Kind == "event" => $"fires whenever {tree.Text} happens",
        LeafState.Open => Nearest(tree) is { Kind: not "event" } near && near.Missing < near.Operands ? $"fires at any of its alternatives; the nearest {Waits(near)}" : "fires at any of its alternatives",
        _ => Waits(tree),
    };

    /// <summary>The leaf that keeps a tree from ever firing.</summary>
    private static ExplainedNode? Blocker(ExplainedNode node) =>
        node.Kind == "event" ? node : node.Children.Where(child => child.State is LeafState.Never or LeafState.Violated).Select(Blocker).FirstOrDefault(leaf => leaf is not null);

    private static ExplainedNode? Nearest(ExplainedNode node) =>
        node.Children.Where(child => child.State is not LeafState.Never).MinBy(child => child.Missing);

    private static string Waits(ExplainedNode node)
    {
        if (node.Kind == "event")
        {
            return $"waits for {node.Text}";
        }

        if (node.State == LeafState.Matched)
        {
            return "has all it needs, and fires at the next of its events";
        }

        string[] missing = [.. MissingLeaves(node).Take(4).Select(leaf => leaf.Text)];
        var all = Leaves(node);
        var named = string.Join(", ", missing.Take(3)) + (missing.Length > 3 || node.Missing > 3 ? ", …" : "");
        return string.Create(CultureInfo.InvariantCulture, $"waits for {node.Missing} of {all} events: {named}");
    }

    private static IEnumerable<ExplainedNode> MissingLeaves(ExplainedNode node) => node.Kind == "event"
        ? node.State is LeafState.Matched or LeafState.Holds ? [] : [node]
        : node.State == LeafState.Matched ? [] : node.Children.SelectMany(MissingLeaves);

    private static int Leaves(ExplainedNode node) =>
        node.Kind == "event" ? 1 : node.Children.Sum(Leaves) + node.HiddenMatched + node.HiddenMissing;

    private static string Reason(ExplanationParts parts, Status status, ImmutableArray<ExplainedCallback> callbacks)
    {
        var subject = parts.Subject;
        var what = parts.Item.Length > 0 ? $"item {parts.Item}" : "the job";
        switch (status)
        {
            case Status.Blocked:
                return $"{what} is blocked: {Unblocking(parts, callbacks)}";
            case Status.Pending or Status.Registering when parts.Item.Length > 0 && subject.Status == Status.Blocked:
                return $"{what} is pending, and its job is blocked: {Unblocking(parts, callbacks)}";
            case Status.Pending or Status.Registering:
                return $"{what} is pending: {Pending(parts)}";
            case Status.Running when parts.Item.Length > 0:
                return $"{what} runs on {subject.ItemHost}";
            default:
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} is {(parts.Item.Length > 0 ? status.ItemName() : status.Name())}{(parts.Item.Length > 0 && subject.ItemAttempts > 0 ? $" after {subject.ItemAttempts} tries" : "")}");
        }
    }

    private static string Unblocking(ExplanationParts parts, ImmutableArray<ExplainedCallback> callbacks)
    {
        var able = callbacks.Where(callback => callback.CanUnblock).ToList();
        if (able.Count == 0)
        {
            return $"none of its callbacks would unblock it; 'qube unblock {parts.Subject.JobId}{(parts.Subject.ItemStatus == Status.Blocked ? ":" + parts.Item : "")}' does";
        }

        var best = able.Where(callback => callback.Missing > 0).MinBy(callback => callback.Missing) ?? able[0];
        var others = able.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" (one of {able.Count} callbacks that would unblock it)") : "";
        return $"callback {best.Id} ({best.Code.Trim().Split('\n')[0]}) {best.Summary}{others}";
    }

    private static string Pending(ExplanationParts parts)
    {
        var running = CountIn(parts.Subject.InstanceCounts, Status.Running) + CountIn(parts.Subject.InstanceCounts, Status.Waiting);
        if (parts.Lacks is { Unreadable.Length: > 0 } unreadable)
        {
            return $"its requirements cannot be read: {unreadable.Unreadable}";
        }

        if (parts.Lacks is { IsKnown: true, Wanted: > 0 } lacks)
        {
            return running > 0 && parts.Item.Length > 0
                ? string.Create(CultureInfo.InvariantCulture, $"it waits for its turn behind {running} running instances; for another, {lacks.Reason}")
                : lacks.Reason;
        }

        return running > 0
            ? string.Create(CultureInfo.InvariantCulture, $"it waits for its turn; {running} of the job's instances run")
            : "the dispatcher has not been asked for a host yet";
    }

    private static int CountIn(int[] counts, Status status)
    {
        for (var at = 0; at + 1 < counts.Length; at += 2)
        {
            if (counts[at] == (int)status)
            {
                return counts[at + 1];
            }
        }

        return 0;
    }
}
