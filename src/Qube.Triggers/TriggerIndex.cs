using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qube.Triggers;

/// <summary>
/// Which patterns an event hits: (source, type, event name) → bucket, and within it by extra, with the wildcards apart; frames' numbers
/// are places in an array (<see cref="NumberedPatterns"/>). A look-up asks one bucket, or two where somebody listens to any source, whatever the number of callbacks.
/// Not for two threads at once.
/// </summary>
internal sealed class TriggerIndex
{
    private const int SeenNames = 4;
    private const int NobodysName = -1;

    private readonly Dictionary<string, int> _nameIds = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The same in lower case, as the farm writes them.</summary>
    private readonly Dictionary<string, int> _lowerNameIds = [];
    private readonly List<string> _names = [];

    /// <summary>The names that events came with last, as objects: a source writes its few names with the same objects every time.</summary>
    private readonly (string? Name, int Id)[] _seen = new (string?, int)[SeenNames];
    private int _lastSeen;
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
            Array.Clear(_seen);
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

    private bool TryNameId(in TriggerEvent e, out int id)
    {
        foreach (ref readonly var seen in _seen.AsSpan())
        {
            if (ReferenceEquals(seen.Name, e.Name))
            {
                id = seen.Id;
                return id != NobodysName;
            }
        }

        if (!_lowerNameIds.TryGetValue(e.Name, out id) && !_nameIds.TryGetValue(e.Name, out id))
        {
            id = NobodysName;
        }

        _lastSeen = (_lastSeen + 1) % SeenNames;
        _seen[_lastSeen] = (e.Name, id);
        return id != NobodysName;
    }

    private readonly record struct Key(long Source, SubjectType Type, int NameId)
    {
        /// <summary>Of the names and types there are few, of the sources many.</summary>
        public override int GetHashCode() => (Source.GetHashCode() * 397) ^ ((int)Type << 20) ^ NameId;
    }

    private sealed class Bucket
    {
        private OccurrenceList _plain;
        private NumberedPatterns? _byNumber;
        private Dictionary<string, OccurrenceList>? _byName;

        public OccurrenceList Plain => _plain;

        public bool IsEmpty => _plain.IsEmpty && _byNumber is null or { IsEmpty: true } && _byName is null or { Count: 0 };

        public IEnumerable<string> Extras => (_byNumber?.Numbers.Select(NameSet.Text) ?? []).Concat(_byName?.Keys ?? Enumerable.Empty<string>());

        public void Add(EventPattern pattern, Occurrence occurrence)
        {
            if (!HasOwnExtra(pattern))
            {
                _plain.Add(occurrence);
            }
            else if (NameSet.TryCanonical(pattern.Extra, out var number))
            {
                (_byNumber ??= new()).Add(number, occurrence);
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
                _byNumber?.Remove(number, occurrence);
            }
            else if (_byName is not null)
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrNullRef(_byName, pattern.Extra);
                if (!Unsafe.IsNullRef(ref list))
                {
                    list.Remove(occurrence);
                    if (list.IsEmpty)
                    {
                        _byName.Remove(pattern.Extra);
                    }
                }
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
                return _byNumber is not null && _byNumber.Contains(number);
            }

            return Numbered(e.Extras).Any() || Lettered(e.Extras).Any();
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
                return _byNumber is not null && _byNumber.AddTo(number, hits) ? lists + 1 : lists;
            }

            if (_byNumber is null && _byName is null)
            {
                return lists;
            }

            return lists + AddNamed(e.Extras, hits);
        }

        public List<Occurrence> Listening(NameSet? names)
        {
            var found = new List<Occurrence>();
            _plain.AddTo(found);
            if (names is not null)
            {
                AddNamed(names, found);
                return found;
            }

            foreach (var number in _byNumber?.Numbers ?? [])
            {
                _byNumber!.AddTo(number, found);
            }

            foreach (var list in _byName?.Values ?? Enumerable.Empty<OccurrenceList>())
            {
                list.AddTo(found);
            }

            return found;
        }

        private static bool HasOwnExtra(EventPattern pattern) => pattern.Extra.Length > 0 && !pattern.IsWildcard;

        /// <summary>Adds the patterns of those names; answers how many sorted lists that came from.</summary>
        private int AddNamed(NameSet names, List<Occurrence> found)
        {
            var lists = 0;
            foreach (var number in Numbered(names))
            {
                _byNumber!.AddTo(number, found);
                lists++;
            }

            foreach (var list in Lettered(names))
            {
                list.AddTo(found);
                lists++;
            }

            return lists;
        }

        private IEnumerable<long> Numbered(NameSet names)
        {
            if (_byNumber is null)
            {
                yield break;
            }

            foreach (var interval in names.Intervals)
            {
                foreach (var number in _byNumber.Within(interval.First, interval.Last))
                {
                    yield return number;
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
