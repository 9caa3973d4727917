namespace Qube.Actors.Workers;

/// <summary>A memory that keeps at least the <paramref name="capacity"/> latest entries and never more than twice as many: for what is needed only
/// against messages that are late.</summary>
internal sealed class Recent<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public int Count => _young.Count + _old.Count;

    public TValue? GetValueOrDefault(TKey key) => _young.TryGetValue(key, out var value) ? value : _old.GetValueOrDefault(key);

    public bool Contains(TKey key) => _young.ContainsKey(key) || _old.ContainsKey(key);

    public void Set(TKey key, TValue value)
    {
        _young[key] = value;
        if (_young.Count >= capacity)
        {
            (_old, _young) = (_young, []);
        }
    }
}
