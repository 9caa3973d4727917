using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <content>Back ends: what the launcher holds of them, and when they are no longer wanted. Their items are items like others.</content>
public sealed partial class WorkerInstances
{
    private readonly Dictionary<(long Job, int Instance), (int Run, long SinceMs, bool IsClosed)> _backEnds = [];

    private void OnBackEndStarted(LaunchKey key, WorkerClock now) => _backEnds[(key.JobId, key.Instance)] = (key.Attempt, now.MonotonicMs, false);

    /// <summary>Nobody is told: what it had in hand has an end of its own.</summary>
    private void OnBackEndEnded(LaunchKey key)
    {
        Outbox.Forgotten.Add(key);
        if (_backEnds.TryGetValue((key.JobId, key.Instance), out var known) && known.Run <= key.Attempt)
        {
            _backEnds.Remove((key.JobId, key.Instance));
            if (Find(key.JobId, key.Instance) is { } instance)
            {
                StartNext(instance);
            }
        }
    }

    /// <summary>Postflights look at what the instance has left behind: its back end ends first.</summary>
    private bool AwaitsBackEnd(WorkerInstance instance)
    {
        if (instance.NextWaiting is not { Check: FlightPhase.Postflights } checks
            || !_backEnds.TryGetValue((instance.Job.Id, instance.Id), out var known) || known.Run > instance.Run)
        {
            return false;
        }

        instance.LeaveStatus = LeaveStatusOf(checks.Becomes);
        CloseBackEnd(instance);
        return true;
    }

    /// <summary>Its instance is over here.</summary>
    private void CloseBackEnd(WorkerInstance instance)
    {
        var place = (instance.Job.Id, instance.Id);
        if (_backEnds.TryGetValue(place, out var known) && known.Run <= instance.Run && !known.IsClosed)
        {
            Close(place, known.Run, known.SinceMs, instance.LeaveStatus);
        }
    }

    /// <summary>Those whose job has not named their instance to this incarnation: it has ended the run, or never knew it.</summary>
    private void CloseUnclaimed(WorkerClock now)
    {
        foreach (var (place, known) in _backEnds.Where(one => !one.Value.IsClosed && now.MonotonicMs - one.Value.SinceMs >= options.UnclaimedMs).ToList())
        {
            if (Find(place.Job, place.Instance) is not { Run: > 0 })
            {
                Close(place, known.Run, known.SinceMs, LeaveStatusOf(Status.Complete));
            }
        }
    }

    private void Close((long Job, int Instance) place, int run, long sinceMs, string status)
    {
        Outbox.Closes.Add(new CloseOrder(place.Job, place.Instance, run, status));
        _backEnds[place] = (run, sinceMs, true);
    }

    /// <summary>What a back end hears whose instance becomes this (spec/jobs.md §6.2).</summary>
    private static string LeaveStatusOf(Status becomes) => becomes is Status.Pending or Status.Blocked ? becomes.Name() : Status.Complete.Name();
}
