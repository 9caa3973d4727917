using System.Collections.Immutable;
using System.Text;

namespace Qube.Triggers;

/// <summary>
/// All callbacks of one owner: a compiled index over their patterns, and what each remembers (design.md §5). Not thread-safe; no clock, no
/// randomness: the same calls in the same order give the same firings. <see cref="Match"/> is a look-up; <see cref="Apply"/> folds, live
/// and in recovery alike.
/// </summary>
public sealed class CallbackSet
{
    /// <summary>The source of a pattern with context `*`.</summary>
    public const long AnySource = long.MinValue;

    private readonly SortedDictionary<int, CallbackState> _callbacks = [];

    /// <summary>The same: found at once, however many there are.</summary>
    private readonly Dictionary<int, CallbackState> _byId = [];
    /// <summary>Most events meet one pattern of a callback, and of most callbacks the first few are all.</summary>
    private static readonly ImmutableArray<int>[] Singles = [.. Enumerable.Range(0, 64).Select(ordinal => ImmutableArray.Create(ordinal))];

    private readonly TriggerIndex _index = new();
    private readonly Dictionary<string, List<Occurrence>> _unresolved = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _callbacks.Count;

    public IReadOnlyCollection<int> CallbackIds => _callbacks.Keys;

    /// <summary>
    /// The sources that some callback listens to: job ids, <see cref="TriggerEvent.FarmSource"/>, and <see cref="AnySource"/> for `*`.
    /// </summary>
    public IReadOnlyCollection<long> Sources => _index.Sources;

    /// <summary>Labels that no job of the process group has yet (Q6).</summary>
    public IReadOnlyCollection<string> OpenLabels => _unresolved.Keys;

    /// <summary>Adds a callback with nothing remembered.</summary>
    /// <param name="callbackId">Its id, unique within the set.</param>
    /// <param name="expression">Its trigger.</param>
    /// <param name="target">What its code acts on (<see cref="CallbackVerbs.TargetOf"/>).</param>
    /// <param name="max">How often it may fire; below 0 without limit.</param>
    /// <param name="unlatchOnRetry">
    /// True for dependency links: a source that is retried is forgotten again, whatever the context (Q4). Patterns of context self always are (Q28).
    /// </param>
    /// <param name="resolve">
    /// Job id for self, parent and labels; null when not known or not yet: the pattern then waits for <see cref="Resolve"/>.
    /// Not asked for job ids, `*` and jobless events.
    /// </param>
    /// <exception cref="ArgumentException">The id is taken.</exception>
    public void Add(
        int callbackId, TriggerExpression expression, ActsOn target, int max, bool unlatchOnRetry, Func<TriggerContext, long?> resolve)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(resolve);
        var callback = new CallbackState(callbackId, new CompiledTrigger(expression, target), max, unlatchOnRetry);
        _callbacks.Add(callbackId, callback);
        _byId.Add(callbackId, callback);
        for (var ordinal = 0; ordinal < callback.Sources.Length; ordinal++)
        {
            var pattern = callback.Trigger.Patterns[ordinal];
            if (SourceOf(pattern, resolve) is { } source)
            {
                Bind(callback, ordinal, source);
            }
            else if (pattern.Context.Kind == ContextKind.Label)
            {
                if (!_unresolved.TryGetValue(pattern.Context.Label, out var waiting))
                {
                    _unresolved.Add(pattern.Context.Label, waiting = []);
                }

                waiting.Add(new(callbackId, ordinal));
            }
        }
    }

    public bool Remove(int callbackId)
    {
        if (!_callbacks.Remove(callbackId, out var callback))
        {
            return false;
        }

        _byId.Remove(callbackId);

        for (var ordinal = 0; ordinal < callback.Sources.Length; ordinal++)
        {
            var pattern = callback.Trigger.Patterns[ordinal];
            if (callback.Sources[ordinal] is { } source)
            {
                _index.Remove(source, pattern, new(callbackId, ordinal));
            }
            else if (pattern.Context.Kind == ContextKind.Label && _unresolved.TryGetValue(pattern.Context.Label, out var waiting))
            {
                waiting.Remove(new(callbackId, ordinal));
                if (waiting.Count == 0)
                {
                    _unresolved.Remove(pattern.Context.Label);
                }
            }
        }

        return true;
    }

    /// <summary>
    /// A job with that label has joined the process group (Q6): binds the patterns that waited for it, exact or differing in case alone.
    /// Answers the callbacks that now listen to it.
    /// </summary>
    public IReadOnlyList<int> Resolve(string label, long jobId)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (!_unresolved.Remove(label, out var waiting))
        {
            return [];
        }

        foreach (var occurrence in waiting)
        {
            Bind(_byId[occurrence.CallbackId], occurrence.Ordinal, jobId);
        }

        return [.. waiting.Select(occurrence => occurrence.CallbackId).Distinct()];
    }

    /// <summary>True when some pattern matches the event.</summary>
    public bool Interested(in TriggerEvent e) => _index.Hits(e);

    /// <summary>
    /// What the event says to which callbacks, in order of their ids: at most one match per callback. Changes nothing. Callbacks that have
    /// fired as often as they may are left out.
    /// </summary>
    public IReadOnlyList<PatternMatch> Match(in TriggerEvent e)
    {
        var hits = _index.Find(e);
        switch (hits.Count)
        {
            case 0:
                return [];
            case 1:
                return hits[0].Limited is { IsExhausted: true } ? [] : [MatchOf(hits[0].CallbackId, Single(hits[0].Ordinal), e)];
        }

        var matches = new List<PatternMatch>();
        for (int i = 0, end; i < hits.Count; i = end)
        {
            var id = hits[i].CallbackId;
            for (end = i + 1; end < hits.Count && hits[end].CallbackId == id; end++)
            {
            }

            if (hits[i].Limited is not { IsExhausted: true })
            {
                matches.Add(MatchOf(id, end == i + 1 ? Single(hits[i].Ordinal) : [.. hits.GetRange(i, end - i).Select(hit => hit.Ordinal)], e));
            }
        }

        return matches;
    }

    /// <summary>
    /// Folds a match into its callback's memory. Mostly no firing or one; one per item only where a batch meets a callback that runs once
    /// for each (<see cref="ActsOn.EachEvent"/>). A match for a callback that has gone is without effect.
    /// </summary>
    public IReadOnlyList<Firing> Apply(in PatternMatch match, EventCause cause) =>
        _byId.TryGetValue(match.CallbackId, out var callback) ? callback.Apply(match, cause) : [];

    /// <summary>
    /// A job, its instances or its items are retried or requeued: what is remembered of them is forgotten, in patterns of context self, in
    /// those behind `!`, and in every pattern of callbacks added with unlatchOnRetry. Part of the fold: to be journalled where matches are.
    /// </summary>
    /// <param name="source">The job that is retried.</param>
    /// <param name="type">What of it; null for all.</param>
    /// <param name="names">Which items; null for all.</param>
    /// <returns>The callbacks that forgot something.</returns>
    public IReadOnlyList<int> Unlatch(long source, SubjectType? type, NameSet? names)
    {
        var changed = new SortedSet<int>();
        foreach (var occurrence in _index.Listening(source, type, names))
        {
            var callback = _byId[occurrence.CallbackId];
            var pattern = callback.Trigger.Patterns[occurrence.Ordinal];
            if (CanUnhappen(pattern) && (callback.UnlatchOnRetry || pattern.Context.Kind == ContextKind.Self || callback.IsNegated(occurrence.Ordinal))
                && callback.Unlatch(occurrence.Ordinal, names))
            {
                changed.Add(callback.Id);
            }
        }

        return [.. changed];
    }

    /// <summary>What the callbacks listen to at one source; a wildcard shows as `*`.</summary>
    public IEnumerable<EventInterest> Interests(long source) => _index.Interests(source);

    /// <summary>The clocks to arm, of callbacks that may still fire. A clock whose context is not resolved is left out.</summary>
    public IEnumerable<ClockPattern> Clocks()
    {
        foreach (var callback in _callbacks.Values.Where(callback => !callback.IsExhausted))
        {
            for (var ordinal = 0; ordinal < callback.Sources.Length; ordinal++)
            {
                var pattern = callback.Trigger.Patterns[ordinal];
                if (pattern.Clock is { } clock && callback.Sources[ordinal] is { } source)
                {
                    var tick = TriggerEvent.ForItem(source, pattern.Type, pattern.Name, pattern.Extra);
                    yield return new(callback.Id, ordinal, tick, clock.QubeTime, clock.IntervalSeconds);
                }
            }
        }
    }

    /// <summary>The patterns of a callback in order, each with its source and what is remembered of it.</summary>
    /// <exception cref="KeyNotFoundException">No such callback.</exception>
    public IReadOnlyList<PatternState> Patterns(int callbackId)
    {
        var callback = _byId[callbackId];
        return
        [
            .. callback.Trigger.Patterns.Select((pattern, ordinal) => new PatternState(
                ordinal, pattern, callback.Sources[ordinal], callback.IsReady(ordinal), callback.Names(ordinal), callback.IsNegated(ordinal))),
        ];
    }

    /// <summary>How many leaves a callback's trigger has.</summary>
    /// <exception cref="KeyNotFoundException">No such callback.</exception>
    public int PatternCount(int callbackId) => _byId[callbackId].Sources.Length;

    /// <summary>One leaf of a callback's trigger.</summary>
    /// <exception cref="KeyNotFoundException">No such callback.</exception>
    public EventPattern PatternOf(int callbackId, int ordinal) => _byId[callbackId].Trigger.Patterns[ordinal];

    /// <summary>Qube!'s `ready` string (callbacks.md §2): "event 0|1 " for every pattern in order; that of a `!` is 1 while it holds.</summary>
    /// <exception cref="KeyNotFoundException">No such callback.</exception>
    public string Ready(int callbackId)
    {
        var callback = _byId[callbackId];
        var text = new StringBuilder();
        for (var ordinal = 0; ordinal < callback.Sources.Length; ordinal++)
        {
            var isNegated = callback.IsNegated(ordinal);
            text.Append(isNegated ? "!" : "").Append(callback.Trigger.Patterns[ordinal]).Append(callback.IsReady(ordinal) != isNegated ? " 1 " : " 0 ");
        }

        return text.ToString();
    }

    /// <summary>How often a callback has fired.</summary>
    /// <exception cref="KeyNotFoundException">No such callback.</exception>
    public int FiredCount(int callbackId) => _byId[callbackId].Count;

    /// <summary>True when a callback has fired as often as it may.</summary>
    /// <exception cref="KeyNotFoundException">No such callback.</exception>
    public bool IsExhausted(int callbackId) => _byId[callbackId].IsExhausted;

    /// <summary>The memory of all callbacks that have any, in order of their ids.</summary>
    public ImmutableArray<CallbackSnapshot> Export() =>
        [.. _callbacks.Values.Select(callback => callback.Export()).Where(snapshot => snapshot.Count > 0 || !snapshot.Latches.IsEmpty)];

    /// <summary>
    /// Sets the memory of all callbacks in the set to what was exported; those not in it start anew. Answers the ids that are not in the
    /// set: removed since, and of no effect.
    /// </summary>
    public IReadOnlyList<int> Import(IEnumerable<CallbackSnapshot> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        var byId = snapshots.ToDictionary(snapshot => snapshot.CallbackId);
        foreach (var callback in _callbacks.Values)
        {
            byId.Remove(callback.Id, out var snapshot);
            callback.Import(snapshot);
        }

        return [.. byId.Keys.Order()];
    }

    private static long? SourceOf(EventPattern pattern, Func<TriggerContext, long?> resolve) =>
        pattern.Type.IsJobless()
            ? TriggerEvent.FarmSource
            : pattern.Context.Kind switch
            {
                ContextKind.Job => pattern.Context.JobId,
                ContextKind.Any => AnySource,
                _ => resolve(pattern.Context),
            };

    /// <summary>A retry undoes states. It does not undo a clock, a host or the submission, which would never come again.</summary>
    private static bool CanUnhappen(EventPattern pattern) =>
        pattern.Type is SubjectType.Job or SubjectType.Subjob or SubjectType.Work && pattern.Name != "submit";

    private static ImmutableArray<int> Single(int ordinal) => ordinal < Singles.Length ? Singles[ordinal] : [ordinal];

    private PatternMatch MatchOf(int callbackId, ImmutableArray<int> ordinals, in TriggerEvent e) => new(
        callbackId,
        ordinals,
        !e.Type.HasItems() ? NameSet.Empty : e.Extras.IsSingle ? e.Extras : ConcreteNames(_byId[callbackId].Trigger, ordinals, e));

    private static NameSet ConcreteNames(CompiledTrigger trigger, ImmutableArray<int> ordinals, in TriggerEvent e)
    {
        foreach (var ordinal in ordinals)
        {
            if (trigger.IsWildcard(ordinal))
            {
                return e.Extras;
            }
        }

        return NameSet.Of(ordinals.Select(ordinal => trigger.Patterns[ordinal].Extra));
    }

    private void Bind(CallbackState callback, int ordinal, long source)
    {
        callback.Sources[ordinal] = source;
        _index.Add(source, callback.Trigger.Patterns[ordinal], new(callback.Id, ordinal, callback.IsLimited ? callback : null));
    }
}
