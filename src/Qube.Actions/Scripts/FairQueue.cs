using System.Diagnostics.CodeAnalysis;

namespace Qube.Actions.Scripts;

/// <summary>First in, first out within a key, in turn between keys: a job with a thousand firings does not make another job's one wait for them all.</summary>
internal sealed class FairQueue<TKey, TItem>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Queue<TItem>> _queues = [];
    private readonly Queue<TKey> _turns = new();

    public int Count { get; private set; }

    public void Enqueue(TKey key, TItem item)
    {
        if (!_queues.TryGetValue(key, out Queue<TItem>? queue))
        {
            _queues.Add(key, queue = new Queue<TItem>());
            _turns.Enqueue(key);
        }

        queue.Enqueue(item);
        Count++;
    }

    public bool TryDequeue([MaybeNullWhen(false)] out TItem item)
    {
        if (!_turns.TryDequeue(out TKey? key))
        {
            item = default;
            return false;
        }

        Queue<TItem> queue = _queues[key];
        item = queue.Dequeue();
        Count--;
        if (queue.Count > 0)
        {
            _turns.Enqueue(key);
        }
        else
        {
            _queues.Remove(key);
        }

        return true;
    }
}
