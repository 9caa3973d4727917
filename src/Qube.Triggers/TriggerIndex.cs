using System.Runtime.InteropServices;

namespace Qube.Triggers;

/// <summary>
/// Which patterns an event hits: (source, type, event name) → bucket, and within it by extra, with the wildcards apart; frames' numbers are
/// looked up as numbers. A look-up asks one bucket, or two where somebody listens to any source, whatever the number of callbacks.
/// Not for two threads at once.
/// </summary>
internal sealed class TriggerIndex
{
    private readonly Dictionary<string, int> _nameIds = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The same in lower case, as the farm writes them.</summary>
    private readonly Dictionary<string, int> _lowerNameIds = [];
    private readonly List<string> _names = [];
    private readonly Dictionary<Key, Bucket> _buckets = [];
    private readonly Dictionary<long, List<Key>> _bySource = [];
    private readonly List<Occurrence> _hits = [];
    private bool _hasAny;

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

        bucket.Add(pattern, occurrence);
        _hasAny |= source == CallbackSet.AnySource;
    }

    public void Remove(long source, EventPattern pattern, Occurrence occurrence)
    {
        var key = new Key(source, pattern.Type, Intern(pattern.Name));
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            return;
        }

        bucket.Remove(pattern, occurrence);
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
               || (_hasAny && _buckets.TryGetValue(new(CallbackSet.AnySource, e.Type, nameId), out var any) && any.Hits(e));
    }

    /// <summary>The occurrences hit, ordered by callback and ordinal: good until the next call.</summary>
    public List<Occurrence> Find(in TriggerEvent e)
    {
        _hits.Clear();
        if (!TryNameId(e, out var nameId))
        {
            return _hits;
        }

        var lists = 0;
        if (_buckets.TryGetValue(new(e.Source, e.Type, nameId), out var own))
        {
            lists += own.Collect(e, _hits);
        }

        if (_hasAny && _buckets.TryGetValue(new(CallbackSet.AnySource, e.Type, nameId), out var any))
        {
            lists += any.Collect(e, _hits);
        }

        if (lists > 1)
        {
            _hits.Sort();
        }

        return _hits;
    }

    public IEnumerable<EventInterest> Interests(long source)
    {
        foreach (var key in _bySource.GetValueOrDefault(source) ?? [])
        {
            var bucket = _buckets[key];
            if (!bucket.Plain.IsEmpty)
            {
                yield return new(key.Type, _names[key.NameId], key.Type.HasItems() ? EventPattern.AnyItem : "");
            }

            foreach (var extra in bucket.Extras)
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
            _lowerNameIds.Add(canonical, id);
            if (canonical == EventNames.Unblocked)
            {
                _nameIds.Add("unblock", id);
                _lowerNameIds.Add("unblock", id);
            }
        }

        return id;
    }

    private bool TryNameId(in TriggerEvent e, out int id) => _lowerNameIds.TryGetValue(e.Name, out id) || _nameIds.TryGetValue(e.Name, out id);

    private readonly record struct Key(long Source, SubjectType Type, int NameId)
    {
        /// <summary>Of the names and types there are few, of the sources many.</summary>
        public override int GetHashCode() => (Source.GetHashCode() * 397) ^ ((int)Type << 20) ^ NameId;
    }

    private sealed class Bucket
    {
        private OccurrenceList _plain;
        private Dictionary<long, OccurrenceList>? _byNumber;
        private Dictionary<string, OccurrenceList>? _byName;

        public OccurrenceList Plain => _plain;

        public bool IsEmpty => _plain.IsEmpty && _byNumber is null or { Count: 0 } && _byName is null or { Count: 0 };

        public IEnumerable<string> Extras => (_byNumber?.Keys.Select(NameSet.Text) ?? []).Concat(_byName?.Keys ?? Enumerable.Empty<string>());

        public void Add(EventPattern pattern, Occurrence occurrence)
        {
            if (!HasOwnExtra(pattern))
            {
                _plain.Add(occurrence);
            }
            else if (NameSet.TryCanonical(pattern.Extra, out var number))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_byNumber ??= [], number, out _).Add(occurrence);
            }
            else
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_byName ??= new(StringComparer.Ordinal), pattern.Extra, out _).Add(occurrence);
            }
        }

        public void Remove(EventPattern pattern, Occurrence occurrence)
        {
            if (!HasOwnExtra(pattern))
            {
                _plain.Remove(occurrence);
            }
            else if (NameSet.TryCanonical(pattern.Extra, out var number))
            {
                Remove(_byNumber, number, occurrence);
            }
            else
            {
                Remove(_byName, pattern.Extra, occurrence);
            }
        }

        public bool Hits(in TriggerEvent e)
        {
            if (!_plain.IsEmpty && !(e.Type.HasItems() && e.Extras.IsEmpty))
            {
                return true;
            }

            if (e.Extras.TryOnlyNumber(out var number))
            {
                return _byNumber is not null && _byNumber.ContainsKey(number);
            }

            return Named(e.Extras).Any();
        }

        /// <summary>Adds what the event hits; answers how many sorted lists that came from.</summary>
        public int Collect(in TriggerEvent e, List<Occurrence> hits)
        {
            var lists = 0;
            if (!_plain.IsEmpty && !(e.Type.HasItems() && e.Extras.IsEmpty))
            {
                _plain.AddTo(hits);
                lists++;
            }

            if (e.Extras.TryOnlyNumber(out var number))
            {
                if (_byNumber is not null && _byNumber.TryGetValue(number, out var only))
                {
                    only.AddTo(hits);
                    lists++;
                }

                return lists;
            }

            if (_byNumber is null && _byName is null)
            {
                return lists;
            }

            foreach (var list in Named(e.Extras))
            {
                list.AddTo(hits);
                lists++;
            }

            return lists;
        }

        public List<Occurrence> Listening(NameSet? names)
        {
            var found = new List<Occurrence>();
            _plain.AddTo(found);
            foreach (var list in names is null ? All() : Named(names))
            {
                list.AddTo(found);
            }

            return found;
        }

        private static bool HasOwnExtra(EventPattern pattern) => pattern.Extra.Length > 0 && !pattern.IsWildcard;

        private static void Remove<TKey>(Dictionary<TKey, OccurrenceList>? lists, TKey key, Occurrence occurrence)
            where TKey : notnull
        {
            if (lists is null)
            {
                return;
            }

            ref var list = ref CollectionsMarshal.GetValueRefOrNullRef(lists, key);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref list))
            {
                return;
            }

            list.Remove(occurrence);
            if (list.IsEmpty)
            {
                lists.Remove(key);
            }
        }

        private IEnumerable<OccurrenceList> All() => (_byNumber?.Values ?? Enumerable.Empty<OccurrenceList>()).Concat(_byName?.Values ?? Enumerable.Empty<OccurrenceList>());

        /// <summary>The lists of those names: walks the names or the patterns, whichever are fewer.</summary>
        private IEnumerable<OccurrenceList> Named(NameSet names) => Numbered(names).Concat(Lettered(names));

        private IEnumerable<OccurrenceList> Numbered(NameSet names)
        {
            if (_byNumber is null || names.Intervals.IsEmpty)
            {
                yield break;
            }

            if (names.Count - names.Others.Length > _byNumber.Count)
            {
                foreach (var (number, list) in _byNumber)
                {
                    if (names.Contains(number))
                    {
                        yield return list;
                    }
                }

                yield break;
            }

            foreach (var interval in names.Intervals)
            {
                for (var number = interval.First; number <= interval.Last; number++)
                {
                    if (_byNumber.TryGetValue(number, out var list))
                    {
                        yield return list;
                    }
                }
            }
        }

        private IEnumerable<OccurrenceList> Lettered(NameSet names)
        {
            if (_byName is null)
            {
                yield break;
            }

            foreach (var name in names.Others)
            {
                if (_byName.TryGetValue(name, out var list))
                {
                    yield return list;
                }
            }
        }
    }
}
