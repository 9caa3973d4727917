using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>
/// The rules of a worker node, without an actor, a clock or a process: what its instances run next, what ended, and what their jobs have
/// still to be told. Every method leaves what it wants done in <see cref="Outbox"/>; reports follow by <see cref="Collect"/>.
/// </summary>
/// <remarks>
/// All that a job says is idempotent here, so that it may say it again whenever it doubts. What the launcher held before this incarnation
/// stands under run 0, unclaimed, until its job names it.
/// </remarks>
public sealed partial class WorkerInstances(string host, WorkerOptions options)
{
    private readonly Dictionary<long, WorkerJob> _jobs = [];

    // These outlive the job here: a message of an overtaken epoch, or of a run that its job has ended, may still be on its way.
    private readonly Recent<long, int> _epochs = new(RememberedJobs);
    private readonly Recent<(long Job, int Instance), int> _endedRuns = new(RememberedJobs);
    private bool _isDraining;

    /// <summary>The launcher's own memory reaches as far (its EpochsRemembered): beyond that no message can be late.</summary>
    private const int RememberedJobs = 16_384;

    public WorkerOutbox Outbox { get; } = new();

    /// <summary>Nothing runs and nothing is unrecorded.</summary>
    public bool IsIdle => _jobs.Values.All(static job => job.Instances.Values.All(static instance => instance.IsSettled));

    /// <summary>Jobs of which something is here.</summary>
    public int JobCount => _jobs.Count;

    /// <summary>Everything the launcher had when this incarnation met it.</summary>
    public void OnSnapshot(LaunchEvent.Snapshot snapshot, WorkerClock now)
    {
        foreach (var started in snapshot.Running)
        {
            OnStarted(started, now);
        }

        foreach (var ended in snapshot.Finished)
        {
            OnEnded(ended, now);
        }
    }

    public void OnSync(WorkerMessages.SyncInstances sync, WorkerClock now)
    {
        if (IsStale(sync.JobId, sync.Epoch))
        {
            return;
        }

        var job = GetJob(sync.JobId.Value, sync.Epoch);
        job.Describe(sync);
        foreach (var state in sync.Instances)
        {
            if (IsEndedRun(sync.JobId.Value, state.Instance, state.Run))
            {
                continue;
            }

            if (!job.Instances.TryGetValue(state.Instance, out var instance))
            {
                instance = new WorkerInstance(job, state.Instance);
                job.Instances.Add(state.Instance, instance);
            }

            ApplyState(instance, state, now);
        }

        foreach (var instance in job.Instances.Values.ToArray())
        {
            var isListed = Array.Exists(sync.Instances, state => state.Instance == instance.Id);
            var isOfPage = instance.Id >= sync.First && instance.Id <= sync.Last;
            if (!isListed && isOfPage && sync.Whole)
            {
                Disown(instance, now);
            }

            // What ended unseen is its job's to know, whether it has named it or not. While more of it runs, the job's next words are awaited:
            // it would have to take a report of run 0 for one of a run that is over.
            if (!isListed && isOfPage && (sync.Whole || (instance.Run == 0 && instance.Running.Count == 0)))
            {
                ReportAgain(instance, now);
            }

            JudgeAll(instance);
            Retire(instance);
        }

        if (job.Instances.Count == 0)
        {
            _jobs.Remove(job.Id);
        }
    }

    public void OnHandOut(WorkerMessages.HandOut handOut, WorkerClock now)
    {
        if (IsStale(handOut.JobId, handOut.Epoch))
        {
            return;
        }

        var instance = Find(handOut.JobId.Value, handOut.Instance);
        for (var i = 0; i + 1 < handOut.Recorded.Length; i += 2)
        {
            OnRecorded(handOut, instance, handOut.Recorded[i], handOut.Recorded[i + 1]);
        }

        if (handOut.Leave)
        {
            _endedRuns.Set((handOut.JobId.Value, handOut.Instance), Math.Max(handOut.Run, _endedRuns.GetValueOrDefault((handOut.JobId.Value, handOut.Instance))));
        }

        if (instance is null || instance.Run != handOut.Run)
        {
            // It was told of the instance in a message that was lost, or is about to be: it can tell by this that nothing of it is here.
            if (handOut.Items.Length > 0 && !handOut.Leave && IsAhead(instance, handOut.JobId, handOut.Instance, handOut.Run))
            {
                Outbox.Messages.Add(Nothing(handOut.JobId, handOut.Epoch, handOut.Instance, handOut.Run));
            }
        }
        else
        {
            instance.Job.Epoch = handOut.Epoch;
            foreach (var item in handOut.Items)
            {
                if (instance.Enqueue(item))
                {
                    instance.ResendDelayMs = options.ResendFirstMs;
                }
            }

            if (handOut.Leave)
            {
                Leave(instance, handOut.LeaveAs, now);
            }
        }

        if (instance is not null)
        {
            StartNext(instance);
            if (_isDraining)
            {
                GiveBack(instance, isUrgent: false);
            }

            Retire(instance);
        }
    }

    private void OnRecorded(WorkerMessages.HandOut handOut, WorkerInstance? instance, int seq, int attempt)
    {
        if (instance is null || instance.RemoveEnded(seq, attempt))
        {
            Outbox.Forgotten.Add(new LaunchKey(handOut.JobId.Value, seq, handOut.Instance, attempt));
        }
        else if (!instance.RemoveReturned(seq, attempt))
        {
            return;
        }

        if (instance is not null)
        {
            instance.ResendDelayMs = options.ResendFirstMs;
        }
    }

    private WorkerMessages.Report Nothing(JobId job, int epoch, int instance, int run) => new()
    {
        JobId = job,
        Epoch = epoch,
        Host = host,
        Instance = instance,
        Run = run,
    };

    /// <summary>The job speaks of a run that has not come here yet.</summary>
    private bool IsAhead(WorkerInstance? known, JobId job, int instance, int run) =>
        (known is null || known.Run < run) && !IsEndedRun(job.Value, instance, run);

    private bool IsEndedRun(long job, int instance, int run) => run <= _endedRuns.GetValueOrDefault((job, instance));

    /// <summary>True, and answered, when a later life of the job has been here.</summary>
    private bool IsStale(JobId job, int epoch)
    {
        var highest = Math.Max(_epochs.GetValueOrDefault(job.Value), _jobs.TryGetValue(job.Value, out var known) ? known.Epoch : 0);
        if (epoch < highest)
        {
            Outbox.Messages.Add(new WorkerMessages.EpochRefused { JobId = job, Epoch = highest });
            return true;
        }

        if (epoch > highest || known is null)
        {
            _epochs.Set(job.Value, epoch);
        }

        return false;
    }

    private WorkerJob GetJob(long id, int epoch)
    {
        if (!_jobs.TryGetValue(id, out var job))
        {
            job = new WorkerJob(id);
            _jobs.Add(id, job);
        }

        job.Epoch = Math.Max(job.Epoch, epoch);
        return job;
    }

    private WorkerInstance? Find(long job, int instance) =>
        _jobs.TryGetValue(job, out var known) && known.Instances.TryGetValue(instance, out var found) ? found : null;

    private void ApplyState(WorkerInstance instance, WorkerMessages.InstanceState state, WorkerClock now)
    {
        if (state.Run < instance.Run)
        {
            return;
        }

        if (state.Run > instance.Run)
        {
            if (instance.Run != 0)
            {
                DropRun(instance, now);
            }

            instance.Run = state.Run;
            // One that already ran here, under an earlier incarnation, has its marker.
            instance.NeedsMarker = state.Run > 1 && instance.IsDry && instance.Ended.Count == 0;
        }

        if (instance.Slots != state.Slots || instance.Allocations != state.Allocations)
        {
            (instance.Slots, instance.Allocations, instance.Template) = (state.Slots, state.Allocations, null);
        }

        instance.IsLeaving = false;
        SetSuspended(instance, state.Suspended);

        instance.TakeAllWaiting(isReturned: false);
        foreach (var running in instance.Running)
        {
            var item = Array.Find(state.Items, item => item.Seq == running.Key.Seq && item.Attempt == running.Key.Attempt);
            if (item is null)
            {
                Kill(running, now);
            }
            else
            {
                // One that is being killed as a stranger ends as stopped, and its job decides.
                (running.Item, running.IsUnwanted) = (item, false);
            }
        }

        foreach (var item in state.Items)
        {
            instance.Enqueue(item);
        }

        ReportAgain(instance, now);
        if (_isDraining)
        {
            GiveBack(instance, isUrgent: false);
        }

        StartNext(instance);
    }

    /// <summary>An earlier run: its job has closed the books on it.</summary>
    private void DropRun(WorkerInstance instance, WorkerClock now)
    {
        instance.TakeAllWaiting(isReturned: false);
        instance.ForgetReturned();
        foreach (var running in instance.Running)
        {
            Kill(running, now);
        }

        foreach (var ended in instance.Ended.ToArray())
        {
            Outbox.Forgotten.Add(ended.End.Key);
            instance.RemoveEnded(ended.End.Key.Seq, ended.End.Key.Attempt);
        }
    }

    private void Disown(WorkerInstance instance, WorkerClock now)
    {
        instance.TakeAllWaiting(isReturned: false);
        instance.ForgetReturned();
        instance.IsLeaving = true;
        foreach (var running in instance.Running)
        {
            Kill(running, now);
        }
    }

    /// <summary>The job says that this instance is over: what it has not heard of does not count any more.</summary>
    private void Leave(WorkerInstance instance, Status leaveAs, WorkerClock now)
    {
        instance.IsLeaving = true;
        instance.LeaveStatus = LeaveStatusOf(leaveAs);
        instance.TakeAllWaiting(isReturned: false);
        instance.ForgetReturned();
        foreach (var running in instance.Running)
        {
            if (running.StopUnixMs < 0)
            {
                Kill(running, now);
            }
        }
    }

    /// <summary>Its job does not have it in hand, so it may be about to run elsewhere: no grace.</summary>
    private void Kill(RunningItem running, WorkerClock now)
    {
        if (!running.IsUnwanted)
        {
            (running.IsUnwanted, running.Grace) = (true, TimeSpan.Zero);
            running.StopUnixMs = running.StopUnixMs < 0 ? now.UnixMs : running.StopUnixMs;
            Outbox.Kills.Add(new KillOrder(running.Key, running.Grace));
        }
    }

    /// <param name="instance">Whose.</param>
    /// <param name="isUrgent">False leaves it to the repetitions, so that a job that gives at once what comes back does not spin.</param>
    private void GiveBack(WorkerInstance instance, bool isUrgent)
    {
        instance.TakeAllWaiting(isReturned: true);
        if (isUrgent && instance.Returned.Count > 0)
        {
            MarkDirty(instance, isUrgent: true);
        }
    }

    /// <summary>An instance occupies its slots with one process at a time; also one that is only being killed holds them.</summary>
    private void StartNext(WorkerInstance instance)
    {
        if (instance.Running.Count > 0 || instance.WaitingCount == 0 || instance.Job.IsFenced || _isDraining || instance.IsSuspended == true || AwaitsBackEnd(instance))
        {
            return;
        }

        var item = instance.Dequeue();
        var running = new RunningItem(new LaunchKey(instance.Job.Id, item.Seq, instance.Id, item.Attempt), item);
        instance.AddRunning(running);
        Outbox.Launches.Add(new LaunchOrder(instance, running));
    }

    private void Retire(WorkerInstance instance)
    {
        if (instance.IsOver)
        {
            CloseBackEnd(instance);
            instance.Job.Instances.Remove(instance.Id);
            if (instance.Job.Instances.Count == 0)
            {
                _jobs.Remove(instance.Job.Id);
            }
        }
    }
}
