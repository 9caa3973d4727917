namespace Qube.Actors;

/// <summary>The latest request ids, so that a repetition is known. An empty id is nobody's and always new.</summary>
internal sealed class RequestIds(int kept)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public bool Knows(string id) => id.Length > 0 && _ids.Contains(id);

    /// <returns>False when it was there already.</returns>
    public bool Add(string id)
    {
        if (id.Length == 0)
        {
            return true;
        }

        if (!_ids.Add(id))
        {
            return false;
        }

        _order.Enqueue(id);
        if (_order.Count > kept)
        {
            _ids.Remove(_order.Dequeue());
        }

        return true;
    }
}
