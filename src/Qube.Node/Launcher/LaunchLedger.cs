using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// What a client has asked for, was told and has told, so that the death of a launcher shows as single events and as requests asked
/// again. Pure; guarded by the client's lock.
/// </summary>
internal sealed class LaunchLedger
{
    private readonly Dictionary<LaunchKey, LaunchRequest> _starts = [];
    private readonly Dictionary<LaunchKey, long> _kills = [];
    private readonly HashSet<LaunchKey> _suspended = [];
    private readonly Dictionary<LaunchKey, LaunchEvent.Started> _running = [];
    private readonly HashSet<LaunchKey> _ended = [];
    private readonly HashSet<LaunchKey> _forgotten = [];
    private readonly Queue<LaunchKey> _forgottenOrder = new();

    /// <summary>Starts that were not answered, in the order in which they were asked for.</summary>
    internal IReadOnlyCollection<LaunchRequest> Unanswered => _starts.Values;

    /// <summary>Kills that were not answered, with the boot time at which force is due.</summary>
    internal IEnumerable<(LaunchKey Key, long ForceAtBootMs)> Kills => _kills.Select(k => (k.Key, k.Value));

    internal IEnumerable<LaunchKey> Suspended => _suspended;

    internal void Start(LaunchRequest request)
    {
        // Removed first, so that a repetition stands where it was asked: a dictionary fills its gaps.
        _starts.Remove(request.Key);
        _starts.Add(request.Key, request);
    }

    /// <summary>When force is due, the earliest of all that was asked.</summary>
    internal void Kill(LaunchKey key, long forceAtBootMs) =>
        _kills[key] = Math.Min(forceAtBootMs, _kills.GetValueOrDefault(key, long.MaxValue));

    internal void Suspend(LaunchKey key) => _suspended.Add(key);

    internal void Resume(LaunchKey key) => _suspended.Remove(key);

    internal void Forget(LaunchKey key)
    {
        _ended.Remove(key);
        if (_forgotten.Add(key))
        {
            _forgottenOrder.Enqueue(key);
            if (_forgottenOrder.Count > RunState.RecordedRemembered)
            {
                _forgotten.Remove(_forgottenOrder.Dequeue());
            }
        }
    }

    internal void Heard(LaunchEvent.Started started)
    {
        _running[started.Key] = started;
        Answered(started.Key, started.Epoch);
    }

    internal void Heard(LaunchEvent.Ended ended)
    {
        _running.Remove(ended.Key);
        _kills.Remove(ended.Key);
        _suspended.Remove(ended.Key);
        if (!_forgotten.Contains(ended.Key))
        {
            _ended.Add(ended.Key);
        }

        Answered(ended.Key, ended.Epoch);
    }

    internal void Heard(LaunchEvent.Refused refused)
    {
        if (refused.Reason == LaunchRefusal.Unknown)
        {
            _kills.Remove(refused.Key);
            return;
        }

        Answered(refused.Key, refused.Epoch);
        if (!_running.ContainsKey(refused.Key))
        {
            _kills.Remove(refused.Key);
            _suspended.Remove(refused.Key);
        }
    }

    /// <summary>Notes the first snapshot: all of it is told at once.</summary>
    internal void HeardFirst(LaunchEvent.Snapshot snapshot)
    {
        foreach (var started in snapshot.Running)
        {
            Heard(started);
        }

        foreach (var ended in snapshot.Finished)
        {
            Heard(ended);
        }
    }

    /// <summary>
    /// Notes the snapshot of a new launcher. Returns what the client has not told yet, and what the old launcher was asked to forget
    /// and did not live to.
    /// </summary>
    internal (List<LaunchEvent> News, List<LaunchKey> ForgetAgain) HeardAgain(LaunchEvent.Snapshot snapshot, long nowUnixMs)
    {
        var news = new List<LaunchEvent>();
        var forgetAgain = new List<LaunchKey>();
        foreach (var started in snapshot.Running)
        {
            if (!_running.ContainsKey(started.Key))
            {
                news.Add(started);
                Heard(started);
            }
        }

        foreach (var ended in snapshot.Finished)
        {
            if (_forgotten.Contains(ended.Key))
            {
                forgetAgain.Add(ended.Key);
            }
            else if (!_ended.Contains(ended.Key))
            {
                news.Add(ended);
                Heard(ended);
            }
        }

        // Only a run file that somebody deleted makes these.
        var present = snapshot.Running.Select(r => r.Key).ToHashSet();
        foreach (var gone in _running.Values.Where(r => !present.Contains(r.Key) && !_ended.Contains(r.Key)).ToList())
        {
            var lost = new LaunchEvent.Ended(gone.Key, gone.Epoch, LaunchOutcome.Lost, 0, gone.StartedUnixMs, nowUnixMs, default);
            news.Add(lost);
            Heard(lost);
        }

        return (news, forgetAgain);
    }

    // An answer under an older epoch answers an older request.
    private void Answered(LaunchKey key, int epoch)
    {
        if (_starts.TryGetValue(key, out var asked) && epoch >= asked.Epoch)
        {
            _starts.Remove(key);
        }
    }
}
