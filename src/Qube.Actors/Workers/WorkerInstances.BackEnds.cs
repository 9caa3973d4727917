using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <content>Back ends: what the launcher holds of them, and when they are no longer wanted. Their items are items like others.</content>
public sealed partial class WorkerInstances
{
    private readonly Dictionary<(long Job, int Instance), (int Run, long SinceMs)> _backEnds = [];

    private void OnBackEndStarted(LaunchKey key, WorkerClock now) => _backEnds[(key.JobId, key.Instance)] = (key.Attempt, now.MonotonicMs);

    /// <summary>Nobody is told: what it had in hand has an end of its own.</summary>
    private void OnBackEndEnded(LaunchKey key)
    {
        Outbox.Forgotten.Add(key);
        if (_backEnds.TryGetValue((key.JobId, key.Instance), out var known) && known.Run <= key.Attempt)
        {
            _backEnds.Remove((key.JobId, key.Instance));
        }
    }

    /// <summary>Its instance is over here.</summary>
    private void CloseBackEnd(WorkerInstance instance)
    {
        var place = (instance.Job.Id, instance.Id);
        if (_backEnds.TryGetValue(place, out var known) && known.Run <= instance.Run)
        {
            Outbox.Closes.Add(new CloseOrder(instance.Job.Id, instance.Id, known.Run, instance.LeaveStatus));
            _backEnds.Remove(place);
        }
    }

    /// <summary>Those whose job has not named their instance to this incarnation: it has ended the run, or never knew it.</summary>
    private void CloseUnclaimed(WorkerClock now)
    {
        foreach (var (place, known) in _backEnds)
        {
            if (now.MonotonicMs - known.SinceMs >= options.UnclaimedMs && Find(place.Job, place.Instance) is not { Run: > 0 })
            {
                Outbox.Closes.Add(new CloseOrder(place.Job, place.Instance, known.Run, "complete"));
                _backEnds.Remove(place);
            }
        }
    }
}
