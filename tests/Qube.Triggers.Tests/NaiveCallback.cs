namespace Qube.Triggers.Tests;

/// <summary>
/// The semantics of design.md §5 written in the most obvious way: no index, no intervals, no counters. Every outermost `&amp;&amp;` keeps the
/// list of hits since it last fired and asks the tree anew, for every name of a small world.
/// </summary>
internal sealed class NaiveCallback(
    TriggerExpression expression, ActsOn target, int max, bool unlatchOnRetry, Func<TriggerContext, long?> resolve)
{
    private readonly List<EventPattern> _patterns = [.. expression.Patterns()];
    private readonly List<TriggerLeaf> _leaves = [.. expression.Leaves()];
    private readonly Dictionary<TriggerExpression, HashSet<(int Ordinal, string Name)>> _history = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TriggerExpression, int> _first = new(ReferenceEqualityComparer.Instance);

    public int Count { get; private set; }

    public sealed record Outcome(string Works, string Instances, string? Current);

    public List<Outcome> Handle(TriggerEvent e)
    {
        Number(expression, 0);
        string[] names = e.Type.HasItems() ? [.. e.Extras] : [""];
        var hit = names.Where(name => _patterns.Any(pattern => Matches(pattern, e, name))).ToList();
        List<List<string>> steps = target == ActsOn.EachEvent
            ? [.. hit.OrderBy(name => _patterns.Any(p => !p.IsWildcard && Matches(p, e, name)) ? 1 : 0).Select(name => new List<string> { name })]
            : hit.Count == 0 ? [] : [hit];
        var outcomes = new List<Outcome>();
        foreach (var step in steps)
        {
            if (max >= 0 && Count >= max)
            {
                break;
            }

            var hits = new HashSet<(int, string)>(
                from ordinal in Enumerable.Range(0, _patterns.Count)
                from name in step
                where Matches(_patterns[ordinal], e, name)
                select (ordinal, name));
            if (Fold(hits) is { } items)
            {
                Count++;
                var concrete = hits.Any(h => _patterns[h.Item1].IsWildcard) ? names : [.. step];
                var current = e.Type.HasItems() && (target == ActsOn.EachEvent || concrete.Length == 1) ? step[0] : null;
                outcomes.Add(new(NameSet.Of(items.Works).ToString(), NameSet.Of(items.Instances).ToString(), current));
            }
        }

        return outcomes;
    }

    public void Unlatch(long source, SubjectType? type, IReadOnlyCollection<string>? names)
    {
        foreach (var history in _history.Values)
        {
            history.RemoveWhere(h =>
            {
                var pattern = _patterns[h.Ordinal];
                return pattern.Type is SubjectType.Job or SubjectType.Subjob or SubjectType.Work
                       && (type is null || pattern.Type == type)
                       && (unlatchOnRetry || pattern.Context.Kind == ContextKind.Self || _leaves[h.Ordinal].IsNegated)
                       && pattern.Context.Kind != ContextKind.Any
                       && Source(pattern) == source
                       && (names is null || names.Contains(h.Name));
            });
        }
    }

    public string Ready() => string.Concat(_leaves.Select(leaf =>
        $"{leaf} {(_history.Values.Any(history => history.Any(h => h.Ordinal == leaf.Ordinal)) != leaf.IsNegated ? 1 : 0)} "));

    private (HashSet<string> Works, HashSet<string> Instances)? Fold(HashSet<(int Ordinal, string Name)> hits)
    {
        var fired = new List<(HashSet<string> Works, HashSet<string> Instances)>();
        foreach (var term in Terms(expression))
        {
            var own = hits.Where(h => Covers(term, h.Ordinal)).ToHashSet();
            if (own.Count == 0)
            {
                continue;
            }

            if (term is Not)
            {
                continue;
            }

            if (term is EventPattern)
            {
                fired.Add((Names(own, SubjectType.Work), Names(own, SubjectType.Subjob)));
            }
            else if (FoldAll((OperatorExpression)term, own) is { } items)
            {
                fired.Add(items);
            }
        }

        if (fired.Count == 0)
        {
            return null;
        }

        var works = fired.SelectMany(f => f.Works).ToHashSet();
        var instances = fired.SelectMany(f => f.Instances).ToHashSet();
        if (target == ActsOn.Work && fired.Any(f => f.Works.Count == 0))
        {
            works.Clear();
        }

        if (target == ActsOn.Subjob && fired.Any(f => f.Instances.Count == 0))
        {
            instances.Clear();
        }

        return (works, instances);
    }

    private (HashSet<string> Works, HashSet<string> Instances)? FoldAll(OperatorExpression term, HashSet<(int Ordinal, string Name)> hits)
    {
        if (!_history.TryGetValue(term, out var history))
        {
            _history.Add(term, history = []);
        }

        history.UnionWith(hits);
        var plain = IsTrue(term, history, null);
        var names = history.Where(h => IsJoined(h.Ordinal) && !_leaves[h.Ordinal].IsNegated).Select(h => h.Name).Distinct()
            .Where(name => IsTrue(term, history, name) && Uses(term, history, name)).ToHashSet();
        if (!plain && names.Count == 0)
        {
            return null;
        }

        var contributing = plain ? Contributing(term, history).ToHashSet() : [];
        var works = Names(contributing, SubjectType.Work);
        var instances = Names(contributing, SubjectType.Subjob);
        var joined = target == ActsOn.Work ? works : instances;
        var toAll = plain && joined.Count == 0;
        if (!toAll)
        {
            joined.UnionWith(names);
        }

        if (!HasJoined(term))
        {
            history.Clear();
            return (works, instances);
        }

        history.RemoveWhere(h => IsJoined(h.Ordinal) && (toAll || joined.Contains(h.Name)));
        if (plain)
        {
            history.RemoveWhere(h => !IsJoined(h.Ordinal) && (term is AtLeast || Flat(term).Any(operand => HasJoined(operand) && Covers(operand, h.Ordinal))));
        }

        return (works, instances);
    }

    private bool IsTrue(TriggerExpression node, HashSet<(int Ordinal, string Name)> history, string? name) => node switch
    {
        AllOf all => all.Operands.All(operand => IsTrue(operand, history, name)),
        AnyOf any => any.Operands.Any(operand => IsTrue(operand, history, name)),
        AtLeast some => some.Operands.Count(operand => IsTrue(operand, history, name)) >= some.Needed,
        Not when IsJoined(_first[node]) && name is not null => !history.Contains((_first[node], name)),
        Not => !history.Any(h => h.Ordinal == _first[node]),
        _ when IsJoined(_first[node]) => name is not null && history.Contains((_first[node], name)),
        _ => history.Any(h => h.Ordinal == _first[node]),
    };

    private bool Uses(TriggerExpression node, HashSet<(int Ordinal, string Name)> history, string name) => node switch
    {
        Not => false,
        OperatorExpression operation => IsTrue(node, history, name) && operation.Operands.Any(operand => Uses(operand, history, name)),
        _ => IsJoined(_first[node]) && history.Contains((_first[node], name)),
    };

    private IEnumerable<(int Ordinal, string Name)> Contributing(TriggerExpression node, HashSet<(int Ordinal, string Name)> history) =>
        node is Not || !IsTrue(node, history, null) ? []
        : node is OperatorExpression operation ? operation.Operands.SelectMany(operand => Contributing(operand, history))
        : history.Where(h => h.Ordinal == _first[node]);

    private HashSet<string> Names(IEnumerable<(int Ordinal, string Name)> hits, SubjectType type) =>
        [.. hits.Where(h => _patterns[h.Ordinal].Type == type).Select(h => h.Name)];

    private bool Matches(EventPattern pattern, TriggerEvent e, string name) =>
        pattern.Type == e.Type
        && EventNames.Canonical(pattern.Name) == EventNames.Canonical(e.Name)
        && (pattern.Context.Kind == ContextKind.Any || Source(pattern) == e.Source)
        && (!e.Type.HasItems() || pattern.IsWildcard || pattern.Extra == name);

    private long? Source(EventPattern pattern) => pattern.Type.IsJobless() ? 0
        : pattern.Context.Kind == ContextKind.Job ? pattern.Context.JobId : resolve(pattern.Context);

    /// <summary>A wildcard behind `!` is joined where the names to leave out come from somewhere: a joined wildcard in its `&amp;&amp;`.</summary>
    private bool IsJoined(int ordinal) => CouldJoin(ordinal)
        && (!_leaves[ordinal].IsNegated
            || Terms(expression).OfType<AllOf>().First(term => Covers(term, ordinal)) is var all
            && Enumerable.Range(_first[all], all.Patterns().Count()).Any(other => !_leaves[other].IsNegated && CouldJoin(other)));

    private bool CouldJoin(int ordinal) => _patterns[ordinal].IsWildcard
        && ((target == ActsOn.Work && _patterns[ordinal].Type == SubjectType.Work)
            || (target == ActsOn.Subjob && _patterns[ordinal].Type == SubjectType.Subjob));

    private bool HasJoined(TriggerExpression node) => Enumerable.Range(_first[node], node.Patterns().Count()).Any(IsJoined);

    private bool Covers(TriggerExpression node, int ordinal) => ordinal >= _first[node] && ordinal < _first[node] + node.Patterns().Count();

    private static IEnumerable<TriggerExpression> Terms(TriggerExpression node) =>
        node is AnyOf any ? any.Operands.SelectMany(Terms) : [node];

    private static IEnumerable<TriggerExpression> Flat(TriggerExpression node) =>
        node is AllOf all ? all.Operands.SelectMany(Flat) : [node];

    private int Number(TriggerExpression node, int first)
    {
        _first[node] = first;
        return node is OperatorExpression operation ? operation.Operands.Aggregate(first, (next, operand) => Number(operand, next)) : first + 1;
    }
}
