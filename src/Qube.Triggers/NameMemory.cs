using System.Collections.Immutable;

namespace Qube.Triggers;

/// <summary>The names that one wildcard pattern remembers. Every operation costs the intervals it is given, not those remembered.</summary>
internal sealed class NameMemory
{
    private readonly IntervalTable _integers = new();
    private readonly SortedSet<string> _others = new(StringComparer.Ordinal);

    public bool IsEmpty => _integers.IsEmpty && _others.Count == 0;

    public void Add(NameSet names)
    {
        foreach (var interval in names.Intervals)
        {
            _integers.Add(interval.First, interval.Last);
        }

        foreach (var name in names.Others)
        {
            _others.Add(name);
        }
    }

    public void Remove(NameSet names)
    {
        foreach (var interval in names.Intervals)
        {
            _integers.Remove(interval.First, interval.Last);
        }

        foreach (var name in names.Others)
        {
            _others.Remove(name);
        }
    }

    public void Clear()
    {
        _integers.Clear();
        _others.Clear();
    }

    public NameSet Intersect(NameSet names)
    {
        var intervals = ImmutableArray.CreateBuilder<NameInterval>();
        foreach (var interval in names.Intervals)
        {
            intervals.AddRange(_integers.Within(interval.First, interval.Last));
        }

        return NameSet.Make(intervals.ToImmutable(), names.Others.RemoveAll(name => !_others.Contains(name)));
    }

    public NameSet ToNameSet() => NameSet.Make([.. _integers.Intervals], [.. _others]);
}
