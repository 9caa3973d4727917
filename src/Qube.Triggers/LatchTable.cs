namespace Qube.Triggers;

/// <summary>
/// The latches of one callback, and per operator how many operands are satisfied, so that a match costs the depth of the tree and not
/// its size. Joined wildcards hold names but count for nothing: they are satisfied for a name, not as such.
/// </summary>
internal sealed class LatchTable(CompiledTrigger trigger)
{
    private readonly bool[] _set = new bool[trigger.Patterns.Length];
    private readonly NameMemory?[] _names = new NameMemory?[trigger.Patterns.Length];
    private readonly int[] _satisfied = new int[trigger.CounterCount];

    public bool IsReady(int ordinal) => _names[ordinal] is { IsEmpty: false } || _set[ordinal];

    public bool IsSatisfied(TriggerNode node) => node switch
    {
        { IsLeaf: true } => _set[node.First],
        { IsAll: true } => _satisfied[node.Counter] == node.Children.Length,
        _ => _satisfied[node.Counter] > 0,
    };

    public NameSet Names(int ordinal) => _names[ordinal]?.ToNameSet() ?? NameSet.Empty;

    public NameSet NamesAmong(int ordinal, NameSet domain) => _names[ordinal]?.Intersect(domain) ?? NameSet.Empty;

    /// <summary>Remembers a match. True when the pattern was not remembered before and counts by itself.</summary>
    public bool Latch(int ordinal, NameSet names)
    {
        if (trigger.IsWildcard(ordinal))
        {
            (_names[ordinal] ??= new()).Add(names);
            if (trigger.IsJoined(ordinal))
            {
                return false;
            }
        }

        if (_set[ordinal])
        {
            return false;
        }

        _set[ordinal] = true;
        for (var node = trigger.Leaves[ordinal]; node.Parent is { } parent; node = parent)
        {
            var count = ++_satisfied[parent.Counter];
            if (count != (parent.IsAll ? parent.Children.Length : 1))
            {
                break;
            }
        }

        return true;
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
        for (var node = trigger.Leaves[ordinal]; node.Parent is { } parent; node = parent)
        {
            var count = _satisfied[parent.Counter]--;
            if (count != (parent.IsAll ? parent.Children.Length : 1))
            {
                break;
            }
        }
    }
}
