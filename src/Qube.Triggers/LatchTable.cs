namespace Qube.Triggers;

/// <summary>
/// The latches of one callback, and per operator how many operands are satisfied, so that a match costs the depth of the tree and not
/// its size. Joined wildcards hold names but count for nothing: they are satisfied for a name, not as such.
/// </summary>
internal sealed class LatchTable
{
    private readonly CompiledTrigger _trigger;
    private readonly bool[] _set;
    private readonly NameMemory?[] _names;
    private readonly int[] _satisfied;

    public LatchTable(CompiledTrigger trigger)
    {
        _trigger = trigger;
        _set = new bool[trigger.Patterns.Length];
        _names = new NameMemory?[trigger.Patterns.Length];
        _satisfied = new int[trigger.CounterCount];
        foreach (var leaf in trigger.Leaves)
        {
            if (leaf is { IsNegated: true, Parent: { } parent })
            {
                _satisfied[parent.Counter]++;
            }
        }
    }

    public bool IsReady(int ordinal) => _names[ordinal] is { IsEmpty: false } || _set[ordinal];

    public bool IsSatisfied(TriggerNode node) => node.IsLeaf ? _set[node.First] != node.IsNegated : _satisfied[node.Counter] >= node.Needed;

    public NameSet Names(int ordinal) => _names[ordinal]?.ToNameSet() ?? NameSet.Empty;

    public NameSet NamesAmong(int ordinal, NameSet domain) => _names[ordinal]?.Intersect(domain) ?? NameSet.Empty;

    /// <summary>Remembers a match. True when the pattern was not remembered before and counts by itself.</summary>
    public bool Latch(int ordinal, NameSet names)
    {
        var leaf = _trigger.Leaves[ordinal];
        if (_trigger.IsWildcard(ordinal))
        {
            (_names[ordinal] ??= new()).Add(names);
            if (leaf is { HasJoined: true, IsNegated: false })
            {
                return false;
            }
        }

        if (_set[ordinal])
        {
            return false;
        }

        _set[ordinal] = true;
        Count(leaf, isMore: !leaf.IsNegated);
        return !leaf.IsNegated;
    }

    public void Clear(int ordinal)
    {
        _names[ordinal]?.Clear();
        Unset(ordinal);
    }

    /// <summary>Forgets those names of a wildcard.</summary>
    public void Clear(int ordinal, NameSet names)
    {
        if (_names[ordinal] is not { } memory)
        {
            return;
        }

        memory.Remove(names);
        if (memory.IsEmpty)
        {
            Unset(ordinal);
        }
    }

    private void Unset(int ordinal)
    {
        if (!_set[ordinal])
        {
            return;
        }

        _set[ordinal] = false;
        var leaf = _trigger.Leaves[ordinal];
        Count(leaf, isMore: leaf.IsNegated);
    }

    /// <summary>A node became satisfied, or is so no longer: its ancestors count it as far up as that changes them.</summary>
    private void Count(TriggerNode node, bool isMore)
    {
        for (; node.Parent is { } parent; node = parent)
        {
            ref var count = ref _satisfied[parent.Counter];
            var crossed = isMore ? ++count == parent.Needed : count-- == parent.Needed;
            if (!crossed)
            {
                break;
            }
        }
    }
}
