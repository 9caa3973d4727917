namespace Qube.Triggers;

/// <summary>Patterns that are hit together, ascending. Most are alone in theirs: the first costs no object of its own.</summary>
internal struct OccurrenceList
{
    private Occurrence _first;
    private List<Occurrence>? _more;
    private bool _isFilled;

    public readonly bool IsEmpty => !_isFilled;

    public void Add(Occurrence occurrence)
    {
        if (!_isFilled)
        {
            (_first, _isFilled) = (occurrence, true);
            return;
        }

        if (occurrence == _first)
        {
            return;
        }

        if (occurrence.CompareTo(_first) < 0)
        {
            (occurrence, _first) = (_first, occurrence);
        }

        _more ??= new(1);
        var at = _more.Count > 0 && _more[^1].CompareTo(occurrence) < 0 ? ~_more.Count : _more.BinarySearch(occurrence);
        if (at < 0)
        {
            _more.Insert(~at, occurrence);
        }
    }

    public void Remove(Occurrence occurrence)
    {
        if (_isFilled && occurrence == _first)
        {
            _isFilled = _more is { Count: > 0 };
            if (_isFilled)
            {
                _first = _more![0];
                _more.RemoveAt(0);
            }
        }
        else if (_more?.BinarySearch(occurrence) is >= 0 and var at)
        {
            _more.RemoveAt(at);
        }
    }

    public readonly void AddTo(List<Occurrence> hits)
    {
        if (_isFilled)
        {
            hits.Add(_first);
            if (_more is not null)
            {
                hits.AddRange(_more);
            }
        }
    }
}
