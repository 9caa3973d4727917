using Qube.Contracts;

namespace Qube.Actors.Workers;

/// <content>What is to stop: items for good, instances where they are, the node.</content>
public sealed partial class WorkerInstances
{
    public void OnStop(WorkerMessages.StopItems stop, WorkerClock now)
    {
        if (IsStale(stop.JobId, stop.Epoch))
        {
            return;
        }

        var instance = Find(stop.JobId.Value, stop.Instance);
        var isUnclaimed = instance is { Run: 0 };
        if (instance is null || (!isUnclaimed && instance.Run != stop.Run))
        {
            if (IsAhead(instance, stop.JobId, stop.Instance, stop.Run))
            {
                Outbox.Messages.Add(Nothing(stop.JobId, stop.Epoch, stop.Instance, stop.Run));
            }

            return;
        }

        instance.Job.Epoch = stop.Epoch;
        if (stop.Items is null)
        {
            instance.TakeAllWaiting(isReturned: true);
            if (stop.Kill)
            {
                instance.Running.ForEach(running => Stop(running, stop, now));
            }
        }

        for (var i = 0; i + 1 < (stop.Items?.Length ?? 0); i += 2)
        {
            var (seq, attempt) = (stop.Items![i], stop.Items[i + 1]);
            if (instance.FindRunning(seq, attempt) is { } running)
            {
                if (stop.Kill)
                {
                    Stop(running, stop, now);
                }
            }
            else if (!instance.ReturnWaiting(seq, attempt) && !isUnclaimed && instance.FindEnded(seq, attempt) is null)
            {
                // Asked again after an answer was lost, or for one whose hand-out was: either way it never starts.
                instance.Return(seq, attempt);
            }
        }

        if (isUnclaimed)
        {
            // What is not here it cannot know: its job tells it, in answer to this, what is its own.
            Outbox.Messages.Add(Nothing(stop.JobId, stop.Epoch, stop.Instance, stop.Run));
            return;
        }

        instance.MustReport = true;
        MarkDirty(instance, isUrgent: true);
    }

    public void OnSuspend(WorkerMessages.SuspendInstance suspend)
    {
        if (IsStale(suspend.JobId, suspend.Epoch))
        {
            return;
        }

        var instance = Find(suspend.JobId.Value, suspend.Instance);
        if (instance is null || instance.Run != suspend.Run)
        {
            if (instance is { Run: 0 } || IsAhead(instance, suspend.JobId, suspend.Instance, suspend.Run))
            {
                // Its job tells it, in answer to this, all that it should know of it.
                Outbox.Messages.Add(Nothing(suspend.JobId, suspend.Epoch, suspend.Instance, suspend.Run));
            }

            return;
        }

        instance.Job.Epoch = suspend.Epoch;
        SetSuspended(instance, suspend.Suspended);
        StartNext(instance);
        instance.MustReport = true;
        MarkDirty(instance, isUrgent: true);
    }

    /// <summary>The node is to go: nothing starts any more, what has not started is given back.</summary>
    public void Drain()
    {
        _isDraining = true;
        foreach (var job in _jobs.Values)
        {
            foreach (var instance in job.Instances.Values)
            {
                GiveBack(instance, isUrgent: true);
            }
        }
    }

    /// <summary>What runs is killed. Its job, which did not ask for that, has it run again and counts no try.</summary>
    public void StopAll(TimeSpan grace, WorkerClock now)
    {
        foreach (var running in _jobs.Values.SelectMany(job => job.Instances.Values).SelectMany(instance => instance.Running))
        {
            running.StopUnixMs = running.StopUnixMs < 0 ? now.UnixMs : running.StopUnixMs;
            running.Grace = grace;
            Outbox.Kills.Add(new KillOrder(running.Key, grace));
        }
    }

    private void SetSuspended(WorkerInstance instance, bool suspended)
    {
        if (instance.IsSuspended != suspended)
        {
            instance.IsSuspended = suspended;
            (suspended ? Outbox.Suspends : Outbox.Resumes).AddRange(instance.Running.Where(running => running.StopUnixMs < 0).Select(running => running.Key));
        }
    }

    private void Stop(RunningItem running, WorkerMessages.StopItems stop, WorkerClock now)
    {
        running.StopUnixMs = running.StopUnixMs < 0 ? now.UnixMs : running.StopUnixMs;
        running.Grace = TimeSpan.FromSeconds(stop.GraceSeconds);
        Outbox.Kills.Add(new KillOrder(running.Key, running.Grace));
    }
}
