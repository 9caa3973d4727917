using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <content>What each leaf of a callback remembers, for explanations.</content>
internal sealed partial class CallbackFold
{
    public const int CodeShown = 2000;

    /// <summary>The labels with which the triggers were read.</summary>
    public IReadOnlyCollection<string> Labels => labels;

    /// <summary>Whether a callback, when it fires, may act on that item of its owner; on any where no item is named.</summary>
    public bool Concerns(CallbackSpec callback, string item)
    {
        if (item.Length == 0 || callback.TargetItem == item)
        {
            return true;
        }

        if (callback.TargetItem is not null || !Set.CallbackIds.Contains(callback.Id))
        {
            return callback.TargetItem is null;
        }

        // An item named by none is meant by all (spec/callbacks.md §11): a verb on the job, a trigger without items, a wildcard.
        var works = Enumerable.Range(0, Set.PatternCount(callback.Id)).Select(ordinal => Set.PatternOf(callback.Id, ordinal))
            .Where(pattern => pattern.Type == SubjectType.Work).ToList();
        return TargetOf(callback) is ActsOn.Job or ActsOn.Subjob || works.Count == 0 || works.Exists(pattern => pattern.IsWildcard || pattern.Extra == item);
    }

    /// <summary>A callback with its leaves; of a joined wildcard it counts whether the item asked about is remembered.</summary>
    public ExplainMessages.TriggerView ViewOf(CallbackSpec callback, string item)
    {
        var isKnown = Set.CallbackIds.Contains(callback.Id);
        var isJoined = item.Length > 0 && TargetOf(callback) == ActsOn.Work;
        return new()
        {
            Callback = callback.Code.Length <= CodeShown ? callback : callback with { Code = callback.Code[..CodeShown] + "…" },
            Suspended = Suspended.Contains(callback.Id),
            Fired = isKnown ? Set.FiredCount(callback.Id) : 0,
            Leaves = isKnown ? [.. Set.Patterns(callback.Id).Select(pattern => LeafOf(callback.Id, pattern, isJoined ? item : ""))] : [],
        };
    }

    private ExplainMessages.LeafView LeafOf(int callback, PatternState pattern, string item)
    {
        var isByItem = item.Length > 0 && pattern.Pattern is { Type: SubjectType.Work, IsWildcard: true };
        return new()
        {
            Ordinal = pattern.Ordinal,
            Source = pattern.Source ?? ExplainMessages.LeafView.NoSource,
            IsReady = isByItem ? pattern.Names.Contains(item) : pattern.IsReady,
            Names = pattern.Names.Count,
            Last = MarkOf(callback, pattern.Ordinal) is { } mark ? FiringRows.Of(mark, "") : null,
        };
    }
}
