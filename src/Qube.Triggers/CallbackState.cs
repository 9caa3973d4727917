using System.Collections.Immutable;

namespace Qube.Triggers;

/// <summary>One callback: its compiled trigger, its latches, its count. Folding is a function of the matches and their order alone.</summary>
internal sealed class CallbackState(int id, CompiledTrigger trigger, int max, bool unlatchOnRetry)
{
    private readonly LatchTable? _latches = Array.Exists(trigger.Terms, term => !term.IsLeaf) ? new(trigger) : null;

    public int Id => id;

    public CompiledTrigger Trigger => trigger;

    /// <summary>Per pattern the job it listens to; null while unknown.</summary>
    public long?[] Sources { get; } = new long?[trigger.Patterns.Length];

    public bool UnlatchOnRetry => unlatchOnRetry;

    public int Count { get; private set; }

    public bool IsExhausted => max >= 0 && Count >= max;

    public bool IsLimited => max >= 0;

    public IReadOnlyList<Firing> Apply(in PatternMatch match, EventCause cause)
    {
        if (IsExhausted)
        {
            return [];
        }

        var firings = new List<Firing>(1);
        if (trigger.Target != ActsOn.EachEvent || match.Names.Intervals.Length + match.Names.Others.Length == 0 || match.Names.OnlyName is not null)
        {
            Fire(match.Ordinals.AsSpan(), match.Names, cause, firings);
        }
        else
        {
            ApplyEach(match, cause, firings);
        }

        return firings;
    }

    public bool IsNegated(int ordinal) => trigger.Leaves[ordinal].IsNegated;

    public bool IsReady(int ordinal) => _latches?.IsReady(ordinal) ?? false;

    public NameSet Names(int ordinal) => _latches?.Names(ordinal) ?? NameSet.Empty;

    /// <summary>Forgets what a pattern remembers of those names (of everything when null). True when there was something.</summary>
    public bool Unlatch(int ordinal, NameSet? names)
    {
        if (_latches is null || !_latches.IsReady(ordinal))
        {
            return false;
        }

        if (names is not null && trigger.IsWildcard(ordinal))
        {
            var known = _latches.NamesAmong(ordinal, names);
            _latches.Clear(ordinal, known);
            return !known.IsEmpty;
        }

        if (names is not null && !trigger.Fixed[ordinal].Any(names.Contains))
        {
            return false;
        }

        _latches.Clear(ordinal);
        return true;
    }

    public CallbackSnapshot Export()
    {
        var latches = ImmutableArray.CreateBuilder<LatchSnapshot>();
        for (var ordinal = 0; _latches is not null && ordinal < trigger.Patterns.Length; ordinal++)
        {
            if (_latches.IsReady(ordinal))
            {
                latches.Add(new(ordinal, _latches.Names(ordinal)));
            }
        }

        return new(id, Count, latches.ToImmutable());
    }

    public void Import(CallbackSnapshot? snapshot)
    {
        Count = snapshot?.Count ?? 0;
        for (var ordinal = 0; ordinal < trigger.Patterns.Length; ordinal++)
        {
            _latches?.Clear(ordinal);
        }

        foreach (var latch in snapshot?.Latches ?? [])
        {
            _latches?.Latch(latch.Ordinal, latch.Names);
        }
    }

    /// <summary>
    /// A batch, item by item, for code that runs once for each: first the items that only wildcards match, then those that fixed patterns
    /// name, each in canonical order. A match that does not fire does not fire when repeated either, so from the first item that
    /// leaves the expression unfired the rest is only remembered, at the cost of its intervals.
    /// </summary>
    private void ApplyEach(in PatternMatch match, EventCause cause, List<Firing> firings)
    {
        int[] wild = [.. match.Ordinals.Where(trigger.IsWildcard)];
        var named = match.Ordinals.Where(ordinal => !trigger.IsWildcard(ordinal)).ToLookup(ordinal => trigger.Patterns[ordinal].Extra);
        var namedItems = NameSet.Of(named.Select(group => group.Key)).Intersect(match.Names);
        if (wild.Length > 0)
        {
            var others = match.Names.Except(namedItems);
            foreach (var name in others)
            {
                if (IsExhausted)
                {
                    return;
                }

                if (!Fire(wild, NameSet.Of(name), cause, firings))
                {
                    // What fired before this item was cleared by its firing, so only this item and its followers are still owed.
                    Remember(wild, others, name);
                    break;
                }
            }
        }

        foreach (var name in namedItems)
        {
            if (IsExhausted)
            {
                return;
            }

            int[] ordinals = [.. wild.Concat(named[name]).Order()];
            Fire(ordinals, NameSet.Of(name), cause, firings);
        }
    }

    private void Remember(int[] wild, NameSet names, string from)
    {
        var rest = names.Except(NameSet.Of(names.TakeWhile(name => name != from)));
        foreach (var ordinal in wild.Where(ordinal => !trigger.Terms[trigger.TermOf[ordinal]].IsLeaf))
        {
            _latches?.Latch(ordinal, rest);
        }
    }

    private bool Fire(ReadOnlySpan<int> ordinals, NameSet names, EventCause cause, List<Firing> firings)
    {
        if (Fold(ordinals, names) is not { } items)
        {
            return false;
        }

        Count++;
        firings.Add(new(id, cause, items.Works, items.Instances, names.OnlyName));
        return true;
    }

    /// <summary>Folds simultaneous hits: each alternative is asked once, so one event fires a callback at most once.</summary>
    private FiredItems? Fold(ReadOnlySpan<int> ordinals, NameSet names)
    {
        FiredItems? fired = null;
        for (int i = 0, end; i < ordinals.Length; i = end)
        {
            var term = trigger.Terms[trigger.TermOf[ordinals[i]]];
            for (end = i + 1; end < ordinals.Length && ordinals[end] < term.End; end++)
            {
            }

            var hits = ordinals[i..end];
            var items = term switch
            {
                { IsLeaf: true, IsNegated: true } => null,
                { IsLeaf: true } => OwnItems(hits[0], names),
                { HasJoined: true } => FoldJoined(term, hits, names),
                _ => FoldAll(term, hits, names),
            };
            fired = fired is { } before && items is { } more ? before.Beside(more, trigger.Target) : fired ?? items;
        }

        return fired;
    }

    private FiredItems? FoldAll(TriggerNode term, ReadOnlySpan<int> hits, NameSet names)
    {
        foreach (var ordinal in hits)
        {
            _latches!.Latch(ordinal, names);
        }

        if (!_latches!.IsSatisfied(term))
        {
            return null;
        }

        var items = Carried(term);
        for (var ordinal = term.First; ordinal < term.End; ordinal++)
        {
            _latches.Clear(ordinal);
        }

        return items;
    }

    /// <summary>An `&amp;&amp;` with joined wildcards: see DESIGN.md, "Gates".</summary>
    private FiredItems? FoldJoined(TriggerNode term, ReadOnlySpan<int> hits, NameSet names)
    {
        var gateOpened = false;
        var namesSeen = false;
        foreach (var ordinal in hits)
        {
            gateOpened |= _latches!.Latch(ordinal, names);
            namesSeen |= trigger.IsJoined(ordinal);
        }

        if (!gateOpened && !namesSeen)
        {
            return null;
        }

        // Without a new gate only the names just seen can have become complete: the rest of the memory need not be read. A retry may have
        // taken back what a `!` was about, and completed others.
        var complete = CompleteNames(term, gateOpened || term.HasNegated ? null : names);
        var plain = _latches!.IsSatisfied(term);
        if (!plain && complete.IsEmpty)
        {
            return null;
        }

        var items = Joined(complete);
        if (plain)
        {
            var carried = Carried(term);
            items = JoinedPart(carried).IsEmpty ? carried : carried.Union(items);
        }

        StartAfresh(term, JoinedPart(items), plain);
        return items;
    }

    /// <summary>
    /// The names acted upon start afresh (all of them when the firing is for all). Gates stay, except, after a firing without a name,
    /// those that stand as alternatives to a wildcard, and all those of an `any(…)`: kept, they would fire again at every later match.
    /// </summary>
    private void StartAfresh(TriggerNode term, NameSet acted, bool plain)
    {
        foreach (var operand in term.Children)
        {
            var isGate = !operand.HasJoined && !(term.IsAtLeast && plain);
            for (var ordinal = operand.First; !isGate && ordinal < operand.End; ordinal++)
            {
                if (trigger.IsJoined(ordinal) && !acted.IsEmpty)
                {
                    _latches!.Clear(ordinal, acted);
                }
                else if (plain)
                {
                    _latches!.Clear(ordinal);
                }
            }
        }
    }

    /// <summary>The names among the domain (null: all remembered) that are remembered somewhere and for which the node is satisfied.</summary>
    private NameSet CompleteNames(TriggerNode node, NameSet? domain)
    {
        if (!node.HasJoined)
        {
            return NameSet.Empty;
        }

        if (node.IsLeaf)
        {
            return domain is null ? _latches!.Names(node.First) : _latches!.NamesAmong(node.First, domain);
        }

        var missing = node.Needed;
        foreach (var child in node.Children)
        {
            if (child is { IsNegated: true, HasJoined: false } && !_latches!.IsSatisfied(child))
            {
                return NameSet.Empty;
            }

            missing -= child.IsNegated || _latches!.IsSatisfied(child) ? 1 : 0;
        }

        var names = missing > 0 ? NamesInAll(node, missing, domain) : NamesInAny(node, domain);
        foreach (var child in node.Children)
        {
            if (child is { IsNegated: true, HasJoined: true } && !names.IsEmpty)
            {
                names = names.Except(_latches!.NamesAmong(child.First, names));
            }
        }

        return names;
    }

    private NameSet NamesInAny(TriggerNode node, NameSet? domain)
    {
        var names = NameSet.Empty;
        foreach (var child in node.Children)
        {
            names = child.IsNegated ? names : names.Union(CompleteNames(child, domain));
        }

        return names;
    }

    /// <summary>The names for which so many of the children that are not satisfied as such are complete.</summary>
    private NameSet NamesInAll(TriggerNode node, int missing, NameSet? domain)
    {
        // At k: the names that k of the children looked at so far are complete for; at 0 every name, which is not written down.
        var complete = new NameSet[missing + 1];
        Array.Fill(complete, NameSet.Empty);
        var (seen, left) = (0, 0);
        foreach (var child in node.Children)
        {
            left += child.IsNegated || _latches!.IsSatisfied(child) ? 0 : 1;
        }

        foreach (var child in node.Children)
        {
            if (child.IsNegated || _latches!.IsSatisfied(child))
            {
                continue;
            }

            var names = CompleteNames(child, domain);
            seen++;
            left--;

            // Below the least that the children to come can still make up for, nothing is of use: a conjunction keeps one set, not one for each k.
            var least = Math.Max(1, missing - left);
            for (var k = Math.Min(missing, seen); k >= least; k--)
            {
                complete[k] = complete[k].Union(k == 1 ? names : complete[k - 1].Intersect(names));
            }

            if (missing > left && complete[least].IsEmpty)
            {
                return NameSet.Empty;
            }
        }

        return complete[missing];
    }

    /// <summary>The items of the latched patterns that make a node satisfied.</summary>
    private FiredItems Carried(TriggerNode node)
    {
        if (node.IsNegated || !_latches!.IsSatisfied(node))
        {
            return FiredItems.Nothing;
        }

        return node.IsLeaf
            ? OwnItems(node.First, _latches.Names(node.First))
            : node.Children.Aggregate(FiredItems.Nothing, (sum, child) => sum.Union(Carried(child)));
    }

    private FiredItems OwnItems(int ordinal, NameSet seen) =>
        FiredItems.Of(trigger.Patterns[ordinal].Type, trigger.IsWildcard(ordinal) ? seen : trigger.Fixed[ordinal]);

    private FiredItems Joined(NameSet names) => FiredItems.Of(trigger.Target == ActsOn.Work ? SubjectType.Work : SubjectType.Subjob, names);

    private NameSet JoinedPart(FiredItems items) => trigger.Target == ActsOn.Work ? items.Works : items.Instances;
}
