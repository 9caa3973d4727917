namespace Qube.Triggers;

/// <summary>
/// An expression made ready for folding. A trigger is a list of alternatives (terms): either a lone pattern, which remembers nothing, or
/// an `&amp;&amp;` or `any(…)` with all beneath it. What lies beneath the outermost `&amp;&amp;` is a monotone function of which patterns have
/// matched since it last fired, because firing clears everything below it: so one latch per pattern is the whole memory, and
/// that is also what Qube!'s `ready` string shows. `any(n, …)` is such an alternative too; a `!` stands in outermost `&amp;&amp;`s only, which
/// keeps the rest monotone.
/// </summary>
internal sealed class CompiledTrigger
{
    private readonly List<TriggerNode> _leaves = [];

    public CompiledTrigger(TriggerExpression expression, ActsOn target)
    {
        Target = target;
        Patterns = [.. expression.Patterns()];
        Fixed = Array.ConvertAll(Patterns, FixedNames);
        Terms = [.. Flatten<AnyOf>(expression).Select(Build)];
        Leaves = [.. _leaves];
        TermOf = new int[Patterns.Length];
        for (var term = 0; term < Terms.Length; term++)
        {
            Array.Fill(TermOf, term, Terms[term].First, Terms[term].End - Terms[term].First);
        }
    }

    public ActsOn Target { get; }

    public EventPattern[] Patterns { get; }

    /// <summary>Per pattern the item that it names itself; empty for wildcards and for types without items to act upon.</summary>
    public NameSet[] Fixed { get; }

    public TriggerNode[] Terms { get; }

    public int[] TermOf { get; }

    public TriggerNode[] Leaves { get; }

    public int CounterCount { get; private set; }

    public bool IsWildcard(int ordinal) => Patterns[ordinal].IsWildcard;

    public bool IsJoined(int ordinal) => Leaves[ordinal].HasJoined;

    /// <summary>An operator directly inside its like is the same operator (see DESIGN.md), so nesting by parentheses costs nothing.</summary>
    private static IEnumerable<TriggerExpression> Flatten<TOperator>(TriggerExpression expression)
        where TOperator : OperatorExpression =>
        expression is TOperator operation ? operation.Operands.SelectMany(Flatten<TOperator>) : [expression];

    private static NameSet FixedNames(EventPattern pattern) =>
        pattern.Type.HasItems() && !pattern.IsWildcard ? NameSet.Of(pattern.Extra) : NameSet.Empty;

    private TriggerNode Build(TriggerExpression expression) => expression switch
    {
        EventPattern pattern => BuildLeaf(pattern, isNegated: false),
        Not negated => BuildLeaf(negated.Pattern, isNegated: true),
        AllOf => BuildOperator(Flatten<AllOf>(expression), children => children),
        AtLeast some => BuildOperator(some.Operands, _ => some.Needed, isAtLeast: true),
        _ => BuildOperator(Flatten<AnyOf>(expression), _ => 1),
    };

    private TriggerNode BuildLeaf(EventPattern pattern, bool isNegated)
    {
        var leaf = new TriggerNode
        {
            Needed = 0,
            IsNegated = isNegated,
            Children = [],
            Counter = -1,
            First = _leaves.Count,
            End = _leaves.Count + 1,
            HasJoined = !isNegated && pattern.IsWildcard && JoinsBy(pattern.Type),
        };
        _leaves.Add(leaf);
        return leaf;
    }

    private TriggerNode BuildOperator(IEnumerable<TriggerExpression> operands, Func<int, int> needed, bool isAtLeast = false)
    {
        var first = _leaves.Count;
        TriggerNode[] children = [.. operands.Select(Build)];
        var hasJoined = Array.Exists(children, child => child.HasJoined);
        var node = new TriggerNode
        {
            Needed = needed(children.Length),
            IsAtLeast = isAtLeast,
            Children = children,
            Counter = CounterCount++,
            First = first,
            End = _leaves.Count,
            HasJoined = hasJoined,
            HasNegated = Array.Exists(children, child => child.IsNegated),
        };
        foreach (var child in children)
        {
            child.Parent = node;

            // Without a positive wildcard there are no names to leave out: then `!` on a wildcard means that no item at all has done it.
            if (child.IsNegated && hasJoined && Patterns[child.First].IsWildcard && JoinsBy(Patterns[child.First].Type))
            {
                child.HasJoined = true;
            }
        }

        return node;
    }

    private bool JoinsBy(SubjectType type) => Target switch
    {
        ActsOn.Work => type == SubjectType.Work,
        ActsOn.Subjob => type == SubjectType.Subjob,
        _ => false,
    };
}
