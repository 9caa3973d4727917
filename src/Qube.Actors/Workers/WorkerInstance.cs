using Qube.Contracts;

namespace Qube.Actors.Workers;

/// <summary>An instance at its worker: one item at a time runs, the others wait in the order in which they came.</summary>
public sealed class WorkerInstance(WorkerJob job, int id)
{
    private readonly HashSet<(int Seq, int Attempt)> _known = [];
    private Queue<WorkerMessages.RunItem> _waiting = new();

    public WorkerJob Job { get; } = job;

    public int Id { get; } = id;

    /// <summary>0 while no job has claimed what the launcher holds of it.</summary>
    public int Run { get; internal set; }

    public int Slots { get; internal set; } = 1;

    public string Allocations { get; internal set; } = "";

    /// <summary>What all its processes have in common; made by who starts them, dropped when it no longer holds.</summary>
    public LaunchTemplate? Template { get; set; }

    /// <summary>The restart marker of spec/jobs.md §6.2.6 is still to be written.</summary>
    public bool NeedsMarker { get; set; }

    /// <summary>More than one only while strangers die.</summary>
    internal List<RunningItem> Running { get; } = [];

    internal List<EndedItem> Ended { get; } = [];

    internal List<ReturnedItem> Returned { get; } = [];

    /// <summary>Nothing of it runs or waits and its job knows of all that did.</summary>
    internal bool IsSettled => IsDry && Ended.Count == 0 && Returned.Count == 0;

    internal bool IsLeaving { get; set; }

    /// <summary>What its back end, if it has one, hears at its next request for work once the instance has left.</summary>
    internal string LeaveStatus { get; set; } = "complete";

    /// <summary>What runs is stopped and nothing starts; null while no job has said so or otherwise: another incarnation may have stopped it.</summary>
    internal bool? IsSuspended { get; set; } = false;

    internal bool IsDirty { get; set; }

    /// <summary>A report is due even if it says nothing but how many items are here.</summary>
    internal bool MustReport { get; set; }

    internal long ResendAtMs { get; set; }

    internal int ResendDelayMs { get; set; }

    internal WorkerMessages.RunItem? NextWaiting => _waiting.TryPeek(out var next) ? next : null;

    internal int WaitingCount => _waiting.Count;

    internal bool IsDry => Running.Count == 0 && _waiting.Count == 0;

    internal bool IsOver => IsLeaving && IsSettled;

    internal int InHand
    {
        get
        {
            var count = _waiting.Count;
            foreach (var running in Running)
            {
                count += running.IsUnwanted ? 0 : 1;
            }

            foreach (var ended in Ended)
            {
                count += ended.Verdict is null ? 1 : 0;
            }

            return count;
        }
    }

    internal bool Knows(int seq, int attempt) => _known.Contains((seq, attempt));

    /// <summary>False when it is known already.</summary>
    internal bool Enqueue(WorkerMessages.RunItem item)
    {
        if (!_known.Add((item.Seq, item.Attempt)))
        {
            return false;
        }

        _waiting.Enqueue(item);
        return true;
    }

    internal WorkerMessages.RunItem Dequeue() => _waiting.Dequeue();

    internal void Requeue(WorkerMessages.RunItem item)
    {
        var later = _waiting;
        _waiting = new Queue<WorkerMessages.RunItem>(later.Count + 1);
        _known.Add((item.Seq, item.Attempt));
        _waiting.Enqueue(item);
        foreach (var other in later)
        {
            _waiting.Enqueue(other);
        }
    }

    internal RunningItem? FindRunning(int seq, int attempt)
    {
        foreach (var running in Running)
        {
            if (running.Key.Seq == seq && running.Key.Attempt == attempt)
            {
                return running;
            }
        }

        return null;
    }

    internal EndedItem? FindEnded(int seq, int attempt)
    {
        foreach (var ended in Ended)
        {
            if (ended.Is(seq, attempt))
            {
                return ended;
            }
        }

        return null;
    }

    internal void AddRunning(RunningItem running)
    {
        _known.Add((running.Key.Seq, running.Key.Attempt));
        Running.Add(running);
    }

    internal void AddEnded(EndedItem ended)
    {
        _known.Add((ended.End.Key.Seq, ended.End.Key.Attempt));
        Ended.Add(ended);
    }

    internal void Remove(RunningItem running)
    {
        _known.Remove((running.Key.Seq, running.Key.Attempt));
        Running.Remove(running);
    }

    /// <summary>True when there was one.</summary>
    internal bool RemoveEnded(int seq, int attempt)
    {
        var ended = FindEnded(seq, attempt);
        if (ended is null)
        {
            return false;
        }

        _known.Remove((seq, attempt));
        return Ended.Remove(ended);
    }

    /// <summary>Said once, it holds: an item that was given back stays known, so that a late hand-out of the same attempt does not start it.</summary>
    internal void Return(int seq, int attempt)
    {
        _known.Add((seq, attempt));
        if (!Returned.Exists(item => item.Seq == seq && item.Attempt == attempt))
        {
            Returned.Add(new ReturnedItem(seq, attempt));
        }
    }

    /// <summary>True when it was given back and its job had not recorded that yet.</summary>
    internal bool RemoveReturned(int seq, int attempt) => Returned.RemoveAll(item => item.Seq == seq && item.Attempt == attempt) > 0;

    /// <summary>Takes everything out of the queue, to be given back or, its job having said anew what there is, to be forgotten.</summary>
    internal void TakeAllWaiting(bool isReturned)
    {
        while (_waiting.TryDequeue(out var item))
        {
            if (isReturned)
            {
                Return(item.Seq, item.Attempt);
            }
            else
            {
                _known.Remove((item.Seq, item.Attempt));
            }
        }
    }

    /// <summary>Gives back one that waits. False when it does not.</summary>
    internal bool ReturnWaiting(int seq, int attempt)
    {
        var count = _waiting.Count;
        for (var at = 0; at < count; at++)
        {
            var item = _waiting.Dequeue();
            if (item.Seq == seq && item.Attempt == attempt)
            {
                Return(seq, attempt);
            }
            else
            {
                _waiting.Enqueue(item);
            }
        }

        return _waiting.Count < count;
    }

    /// <summary>Another run: what was given back under the one before is settled.</summary>
    internal void ForgetReturned()
    {
        foreach (var item in Returned)
        {
            _known.Remove((item.Seq, item.Attempt));
        }

        Returned.Clear();
    }
}
