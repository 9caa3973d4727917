using System.Runtime.InteropServices;

namespace Qube.Triggers;

/// <summary>
/// Patterns by frame number. Frames are numbered without great gaps, so most stand in an array at their number, eight bytes each: an event
/// finds its pattern without hashing, with one miss of the processor's caches at most, and the events of a job meet the same lines
/// again. Numbers far off the others are in a dictionary, until there are enough of them to be an array.
/// </summary>
internal sealed class NumberedPatterns
{
    /// <summary>The array may have so many places for each pattern in it, and a few more.</summary>
    private const int PlacesPerPattern = 4;
    private const int SparePlaces = 16;

    private Place[] _near = [];
    private long _first;
    private int _nearCount;
    private Dictionary<long, OccurrenceList>? _far;

    /// <summary>Places with more than one pattern, or with one whose callback may be exhausted, point here.</summary>
    private List<OccurrenceList>? _crowds;
    private Stack<int>? _freeCrowds;

    public bool IsEmpty => _nearCount == 0 && _far is null or { Count: 0 };

    /// <summary>Places in the array, taken or not.</summary>
    public int PlaceCount => _near.Length;

    public IEnumerable<long> Numbers
    {
        get
        {
            for (var at = 0; at < _near.Length; at++)
            {
                if (_near[at].Code != 0)
                {
                    yield return _first + at;
                }
            }

            foreach (var number in _far?.Keys ?? Enumerable.Empty<long>())
            {
                yield return number;
            }
        }
    }

    public void Add(long number, Occurrence occurrence)
    {
        if (IsNear(number) || TryReach(number))
        {
            AddNear(ref _near[number - _first], occurrence);
            return;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(_far ??= [], number, out _).Add(occurrence);

        // Whenever they have doubled: what was added in any order may have closed its gaps.
        if (_far.Count >= SparePlaces && (_far.Count & (_far.Count - 1)) == 0)
        {
            BringNear();
        }
    }

    public void Remove(long number, Occurrence occurrence)
    {
        if (IsNear(number))
        {
            RemoveNear(ref _near[number - _first], occurrence);
        }
        else if (_far is not null)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrNullRef(_far, number);
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref list))
            {
                list.Remove(occurrence);
                if (list.IsEmpty)
                {
                    _far.Remove(number);
                }
            }
        }
    }

    public bool Contains(long number) => IsNear(number) ? _near[number - _first].Code != 0 : _far?.ContainsKey(number) == true;

    /// <summary>Adds the patterns of a number, sorted; false when there are none.</summary>
    public bool AddTo(long number, List<Occurrence> hits)
    {
        if (!IsNear(number))
        {
            if (_far is null || !_far.TryGetValue(number, out var list))
            {
                return false;
            }

            list.AddTo(hits);
            return true;
        }

        var place = _near[number - _first];
        if (place.Code > 0)
        {
            hits.Add(new(place.Callback, place.Code - 1));
        }
        else if (place.Code < 0)
        {
            _crowds![~place.Code].AddTo(hits);
        }

        return place.Code != 0;
    }

    /// <summary>The numbers from first to last, both included, that have patterns: walks them or the patterns, whichever are fewer.</summary>
    public IEnumerable<long> Within(long first, long last)
    {
        var end = Math.Min(last, _first + _near.Length - 1);
        for (var number = Math.Max(first, _first); number <= end; number++)
        {
            if (_near[number - _first].Code != 0)
            {
                yield return number;
            }
        }

        if (_far is not { Count: > 0 })
        {
            yield break;
        }

        if (last - first > _far.Count)
        {
            foreach (var number in _far.Keys)
            {
                if (number >= first && number <= last)
                {
                    yield return number;
                }
            }

            yield break;
        }

        for (var number = first; number <= last; number++)
        {
            if (_far.ContainsKey(number))
            {
                yield return number;
            }
        }
    }

    private bool IsNear(long number) => (ulong)(number - _first) < (ulong)_near.Length;

    private static bool IsDense(long length, long count) => length <= (PlacesPerPattern * count) + SparePlaces;

    /// <summary>Makes the array longer, on either side, where it stays dense with this number in it.</summary>
    private bool TryReach(long number)
    {
        if (_nearCount == 0)
        {
            (_near, _first) = ([], number);
            Resize(number, number);
            return true;
        }

        var first = Math.Min(_first, number);
        var last = Math.Max(_first + _near.Length - 1, number);
        if (!IsDense(last - first + 1, _nearCount + 1))
        {
            return false;
        }

        // Room for as many again in the direction in which it grows, as far as that is dense.
        var room = Math.Min(_near.Length, (PlacesPerPattern * (_nearCount + 1L)) + SparePlaces - (last - first + 1));
        Resize(number < _first ? first - room : first, number < _first ? last : last + room);
        return true;
    }

    /// <summary>The array from first to last; what was far off and lies within is moved into it.</summary>
    private void Resize(long first, long last)
    {
        var places = new Place[last - first + 1];
        _near.CopyTo(places, _first - first);
        (_near, _first) = (places, first);
        var moved = new List<Occurrence>();
        foreach (var number in _far?.Keys.Where(IsNear).ToList() ?? [])
        {
            moved.Clear();
            _far![number].AddTo(moved);
            _far.Remove(number);
            foreach (var occurrence in moved)
            {
                AddNear(ref _near[number - _first], occurrence);
            }
        }
    }

    /// <summary>Moves all into the array, if all of them together are dense.</summary>
    private void BringNear()
    {
        var (first, last) = (_far!.Keys.Min(), _far.Keys.Max());
        if (_nearCount > 0)
        {
            (first, last) = (Math.Min(first, _first), Math.Max(last, _first + _near.Length - 1));
        }
        else
        {
            (_near, _first) = ([], first);
        }

        if (IsDense(last - first + 1, _nearCount + _far.Count))
        {
            Resize(first, last);
        }
    }

    private void AddNear(ref Place place, Occurrence occurrence)
    {
        if (place.Code == 0)
        {
            _nearCount++;
            if (occurrence.Limited is null)
            {
                place = new(occurrence.CallbackId, occurrence.Ordinal + 1);
                return;
            }
        }

        if (place.Code >= 0)
        {
            var crowd = default(OccurrenceList);
            if (place.Code > 0)
            {
                crowd.Add(new(place.Callback, place.Code - 1));
            }

            place = new(0, ~Keep(crowd));
        }

        CollectionsMarshal.AsSpan(_crowds)[~place.Code].Add(occurrence);
    }

    private void RemoveNear(ref Place place, Occurrence occurrence)
    {
        if (place.Code > 0 && occurrence == new Occurrence(place.Callback, place.Code - 1))
        {
            place = default;
            _nearCount--;
        }
        else if (place.Code < 0)
        {
            ref var crowd = ref CollectionsMarshal.AsSpan(_crowds)[~place.Code];
            crowd.Remove(occurrence);
            if (crowd.IsEmpty)
            {
                (_freeCrowds ??= []).Push(~place.Code);
                place = default;
                _nearCount--;
            }
        }
    }

    private int Keep(OccurrenceList crowd)
    {
        _crowds ??= [];
        if (_freeCrowds?.TryPop(out var free) == true)
        {
            _crowds[free] = crowd;
            return free;
        }

        _crowds.Add(crowd);
        return _crowds.Count - 1;
    }

    /// <param name="Callback">Of its only pattern.</param>
    /// <param name="Code">0: no pattern. Above: the pattern's ordinal and one. Below: the complement of a position among the crowds.</param>
    private readonly record struct Place(int Callback, int Code);
}
