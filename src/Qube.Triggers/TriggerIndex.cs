namespace Qube.Triggers;

/// <summary>
/// Which patterns an event hits: (source, type, event name) → bucket, and within it by extra, with the wildcards apart. A look-up asks
/// two buckets (that source, any source), whatever the number of callbacks.
/// </summary>
internal sealed class TriggerIndex
{
    private readonly Dictionary<string, int> _nameIds = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _names = [];
    private readonly Dictionary<Key, Bucket> _buckets = [];
    private readonly Dictionary<long, List<Key>> _bySource = [];

    public IReadOnlyCollection<long> Sources => _bySource.Keys;

    public void Add(long source, EventPattern pattern, Occurrence occurrence)
    {
        var key = new Key(source, pattern.Type, Intern(pattern.Name));
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            _buckets.Add(key, bucket = new());
            if (!_bySource.TryGetValue(source, out var keys))
            {
                _bySource.Add(source, keys = []);
            }

            keys.Add(key);
        }

        var list = bucket.ListFor(pattern);
        var at = list.Count > 0 && list[^1].CompareTo(occurrence) < 0 ? -1 - list.Count : list.BinarySearch(occurrence);
        if (at < 0)
        {
            list.Insert(~at, occurrence);
        }
    }

    public void Remove(long source, EventPattern pattern, Occurrence occurrence)
    {
        var key = new Key(source, pattern.Type, Intern(pattern.Name));
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            return;
        }

        var list = bucket.ListFor(pattern);
        var at = list.BinarySearch(occurrence);
        if (at >= 0)
        {
            list.RemoveAt(at);
        }

        bucket.Trim(pattern, list);
        if (bucket.IsEmpty)
        {
            _buckets.Remove(key);
            _bySource[source].Remove(key);
            if (_bySource[source].Count == 0)
            {
                _bySource.Remove(source);
            }
        }
    }

    public bool Hits(in TriggerEvent e)
    {
        if (!TryNameId(e, out var nameId))
        {
            return false;
        }

        return (_buckets.TryGetValue(new(e.Source, e.Type, nameId), out var own) && own.Hits(e))
               || (_buckets.TryGetValue(new(CallbackSet.AnySource, e.Type, nameId), out var any) && any.Hits(e));
    }

    /// <summary>The occurrences hit, ordered by callback and ordinal.</summary>
    public List<Occurrence> Find(in TriggerEvent e)
    {
        var hits = new List<Occurrence>();
        if (!TryNameId(e, out var nameId))
        {
            return hits;
        }

        var lists = 0;
        if (_buckets.TryGetValue(new(e.Source, e.Type, nameId), out var own))
        {
            lists += own.Collect(e, hits);
        }

        if (_buckets.TryGetValue(new(CallbackSet.AnySource, e.Type, nameId), out var any))
        {
            lists += any.Collect(e, hits);
        }

        if (lists > 1)
        {
            hits.Sort();
        }

        return hits;
    }

    public IEnumerable<EventInterest> Interests(long source)
    {
        foreach (var key in _bySource.GetValueOrDefault(source) ?? [])
        {
            var bucket = _buckets[key];
            if (bucket.Plain.Count > 0)
            {
                yield return new(key.Type, _names[key.NameId], key.Type.HasItems() ? EventPattern.AnyItem : "");
            }

            foreach (var extra in bucket.ByExtra?.Keys ?? Enumerable.Empty<string>())
            {
                yield return new(key.Type, _names[key.NameId], extra);
            }
        }
    }

    /// <summary>The occurrences that listen to a source, in no particular order; a narrower question when type or names are given.</summary>
    public IEnumerable<Occurrence> Listening(long source, SubjectType? type, NameSet? names)
    {
        foreach (var key in _bySource.GetValueOrDefault(source) ?? [])
        {
            if (type is null || key.Type == type)
            {
                foreach (var occurrence in _buckets[key].Listening(names))
                {
                    yield return occurrence;
                }
            }
        }
    }

    private int Intern(string name)
    {
        var canonical = EventNames.Canonical(name);
        if (!_nameIds.TryGetValue(canonical, out var id))
        {
            id = _names.Count;
            _names.Add(canonical);
            _nameIds.Add(canonical, id);
            if (canonical == EventNames.Unblocked)
            {
                _nameIds.Add("unblock", id);
            }
        }

        return id;
    }

    private bool TryNameId(in TriggerEvent e, out int id) => _nameIds.TryGetValue(e.Name, out id);

    private readonly record struct Key(long Source, SubjectType Type, int NameId);

    private sealed class Bucket
    {
        public List<Occurrence> Plain { get; } = [];

        public Dictionary<string, List<Occurrence>>? ByExtra { get; private set; }

        public bool IsEmpty => Plain.Count == 0 && ByExtra is null or { Count: 0 };

        public List<Occurrence> ListFor(EventPattern pattern)
        {
            if (!HasOwnExtra(pattern))
            {
                return Plain;
            }

            ByExtra ??= new(StringComparer.Ordinal);
            if (!ByExtra.TryGetValue(pattern.Extra, out var list))
            {
                ByExtra.Add(pattern.Extra, list = new(1));
            }

            return list;
        }

        public void Trim(EventPattern pattern, List<Occurrence> list)
        {
            if (list.Count == 0 && HasOwnExtra(pattern))
            {
                ByExtra!.Remove(pattern.Extra);
            }
        }

        public bool Hits(in TriggerEvent e)
        {
            if (Plain.Count > 0 && !(e.Type.HasItems() && e.Extras.IsEmpty))
            {
                return true;
            }

            return ByExtra is { Count: > 0 } && Named(e.Extras).Any();
        }

        /// <summary>Adds what the event hits; answers how many sorted lists that came from.</summary>
        public int Collect(in TriggerEvent e, List<Occurrence> hits)
        {
            var lists = 0;
            if (Plain.Count > 0 && !(e.Type.HasItems() && e.Extras.IsEmpty))
            {
                hits.AddRange(Plain);
                lists++;
            }

            if (ByExtra is { Count: > 0 })
            {
                foreach (var list in Named(e.Extras))
                {
                    hits.AddRange(list);
                    lists++;
                }
            }

            return lists;
        }

        public IEnumerable<Occurrence> Listening(NameSet? names)
        {
            var named = ByExtra is null ? [] : names is null ? ByExtra.Values : Named(names);
            return Plain.Concat(named.SelectMany(list => list));
        }

        private static bool HasOwnExtra(EventPattern pattern) => pattern.Extra.Length > 0 && !pattern.IsWildcard;

        /// <summary>The lists of those names: walks the names or the patterns, whichever are fewer.</summary>
        private IEnumerable<List<Occurrence>> Named(NameSet names)
        {
            if (names.Count <= ByExtra!.Count)
            {
                foreach (var name in names)
                {
                    if (ByExtra.TryGetValue(name, out var list))
                    {
                        yield return list;
                    }
                }

                yield break;
            }

            foreach (var (extra, list) in ByExtra)
            {
                if (names.Contains(extra))
                {
                    yield return list;
                }
            }
        }
    }
}
