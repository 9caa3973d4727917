using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>What the records of a run file add up to.</summary>
internal sealed class RunState
{
    /// <summary>How many recorded keys are remembered, so that a late repeated start is refused instead of run.</summary>
    internal const int RecordedRemembered = 16_384;

    /// <summary>Of how many jobs the highest epoch is remembered.</summary>
    internal const int EpochsRemembered = 8_192;

    private readonly HashSet<LaunchKey> _recorded = [];
    private readonly Queue<LaunchKey> _recordedOrder = new();
    private readonly Dictionary<long, (int Epoch, long Touched)> _epochs = [];
    private long _touch;

    internal Guid BootId { get; set; }

    /// <summary>Started and not ended.</summary>
    internal Dictionary<LaunchKey, StartedRecord> Running { get; } = [];

    /// <summary>Intended, and neither started nor ended.</summary>
    internal Dictionary<LaunchKey, IntentRecord> Intents { get; } = [];

    /// <summary>Ended and not declared recorded.</summary>
    internal Dictionary<LaunchKey, EndedRecord> Ended { get; } = [];

    /// <summary>Items that a running back end has taken: their process is the back end's, and only a report says how they went.</summary>
    internal HashSet<LaunchKey> BackEndItems()
    {
        var processes = Running.Values.Where(static running => running.Key.IsBackEnd).Select(static running => running.Pid).ToHashSet();
        return [.. Running.Values.Where(running => !running.Key.IsBackEnd && processes.Contains(running.Pid)).Select(static running => running.Key)];
    }

    internal IEnumerable<LaunchKey> Recorded => _recordedOrder;

    internal IEnumerable<(long JobId, int Epoch)> Epochs => _epochs.Select(e => (e.Key, e.Value.Epoch));

    internal bool WasRecorded(LaunchKey key) => _recorded.Contains(key);

    internal int HighestEpoch(long jobId) => _epochs.TryGetValue(jobId, out var known) ? known.Epoch : int.MinValue;

    internal void Apply(IntentRecord intent)
    {
        Intents[intent.Key] = intent;
        Saw(intent.Key.JobId, intent.Epoch);
    }

    internal void Apply(StartedRecord started)
    {
        Intents.Remove(started.Key);
        Running[started.Key] = started;
        Saw(started.Key.JobId, started.Epoch);
    }

    internal void Apply(EndedRecord ended)
    {
        Intents.Remove(ended.Key);
        Running.Remove(ended.Key);
        Ended[ended.Key] = ended;
        Saw(ended.Key.JobId, ended.Epoch);
    }

    internal void ApplyRecorded(LaunchKey key)
    {
        Ended.Remove(key);
        if (!_recorded.Add(key))
        {
            return;
        }

        _recordedOrder.Enqueue(key);
        while (_recordedOrder.Count > RecordedRemembered)
        {
            _recorded.Remove(_recordedOrder.Dequeue());
        }
    }

    /// <summary>Notes an epoch; keeps the higher.</summary>
    internal void Saw(long jobId, int epoch)
    {
        _epochs[jobId] = (Math.Max(epoch, HighestEpoch(jobId)), ++_touch);
        if (_epochs.Count <= EpochsRemembered)
        {
            return;
        }

        // Half at a time, longest untouched first: a job this host has not heard of for thousands of jobs has no process here.
        foreach (var old in _epochs.OrderBy(e => e.Value.Touched).Take(EpochsRemembered / 2).Select(e => e.Key).ToList())
        {
            _epochs.Remove(old);
        }
    }
}
