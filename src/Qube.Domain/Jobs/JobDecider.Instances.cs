using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Jobs;

/// <content>Verbs on the job and its instances: held, ended, taken off their hosts, stopped where they are (spec/jobs.md §6.1). Items come before
/// their instances, and those before the job, in what is told (spec/callbacks.md §20).</content>
public sealed partial class JobDecider
{
    /// <summary>Job and instance verbs.</summary>
    private void OnInstances(JobMessages.ControlJob command, List<string> affected, long nowMs)
    {
        var whole = command is { Instances.Length: 0, OnlyOne: false };
        var accepted = Accepted(command, whole);
        if (accepted.Count == 0 && !(whole && command.Verb is JobVerb.Retry or JobVerb.Requeue && State.Status.IsTerminal()))
        {
            return;
        }

        if (whole && HasAgenda && command.Scope == VerbScope.Job)
        {
            OnWholeJob(command, nowMs);
        }

        foreach (var instance in accepted)
        {
            OnInstance(instance, command, nowMs);
            affected.Add($"{Id}.{instance.Id}");
        }
    }

    private List<JobInstance> Accepted(JobMessages.ControlJob command, bool whole)
    {
        var accepted = State.Instances.Where(instance => JobVerbs.AcceptsInstance(command.Verb, instance.Status) && TakesPart(instance)).ToList();
        if (whole)
        {
            if (command.Verb == JobVerb.Suspend && accepted.Count > 0)
            {
                // Those that would start meanwhile as well, or the job would go on.
                accepted = State.Instances.Where(instance => instance.Status == Status.Pending || accepted.Contains(instance)).ToList();
            }

            return accepted;
        }

        var named = accepted.Where(instance => command.Instances.Contains(instance.Id)).ToList();
        return !command.OnlyOne ? named : [.. (named.Count > 0 ? named : accepted).Take(1)];
    }

    /// <summary>Not one that ended because the job was given fewer instances.</summary>
    private bool TakesPart(JobInstance instance) => instance.Id < State.Spec.Instances || !HasAgenda || !instance.Status.IsTerminal();

    /// <summary>What a job-level verb does to items (spec/jobs.md §6.1, scope of the API's verbs): kill and fail end them, retry and requeue
    /// start all of them anew, the others leave them alone.</summary>
    private void OnWholeJob(JobMessages.ControlJob command, long nowMs)
    {
        if (command.Verb is not (JobVerb.Kill or JobVerb.Fail or JobVerb.Retry or JobVerb.Requeue) || JobVerbs.ItemTarget(command.Verb) is not { } target)
        {
            return;
        }

        var items = State.Items.WithStatus(status => JobVerbs.AcceptsItem(command.Verb, status));
        if (items.IsEmpty)
        {
            return;
        }

        SetItems(items, target, command, nowMs);
        if (command.Verb is JobVerb.Retry or JobVerb.Requeue)
        {
            Emit(new Transition { Kind = TransitionKind.AttemptsReset, Items = items.ToPairs() }, nowMs);
        }
    }

    private void OnInstance(JobInstance instance, JobMessages.ControlJob command, long nowMs)
    {
        switch (command.Verb)
        {
            // Its work is done, and is not to be done again.
            case JobVerb.Preempt or JobVerb.Retire when instance.Phase == FlightPhase.Postflights:
                break;

            // A suspended process would never come to the end of its item.
            case JobVerb.Preempt or JobVerb.Retire when instance.Host is not null && instance.Status != Status.Suspended:
                End(instance, command.Verb == JobVerb.Preempt ? Status.Pending : Status.Complete, command.Verb, command.Depth, nowMs);
                Stop(instance, null, kill: !HasAgenda && command.Verb == JobVerb.Preempt);
                break;
            case JobVerb.Migrate:
                Avoid(instance, nowMs);
                TakeOff(instance, command, nowMs);
                break;
            case JobVerb.Suspend:
                SetInstance(instance, Status.Suspended, nowMs, depth: command.Depth);
                SaySuspended(instance);
                break;
            case JobVerb.Resume:
                Resume(instance, command.Depth, nowMs);
                break;
            default:
                TakeOff(instance, command, nowMs);
                break;
        }
    }

    /// <summary>It becomes what the verb says at once; its process is ended, and its items are runnable when that is gone.</summary>
    private void TakeOff(JobInstance instance, JobMessages.ControlJob command, long nowMs)
    {
        FreeItems(instance, command.Depth, nowMs);
        SetInstance(instance, JobVerbs.InstanceTarget(command.Verb), nowMs, depth: command.Depth, verb: command.Verb);
        Stop(instance, null);
    }

    /// <summary>It goes on to the end of its current item and becomes what is said then.</summary>
    private void End(JobInstance instance, Status becomes, JobVerb verb, int depth, long nowMs) =>
        Emit(new Transition { Kind = TransitionKind.InstanceEnding, Instance = instance.Id, Status = becomes, Verb = verb, Depth = depth }, nowMs);

    /// <summary>Not back to the host that it is on, for a while (<c>supervisor_migrate_timeout</c>).</summary>
    private void Avoid(JobInstance instance, long nowMs)
    {
        if (instance.Host is { } host)
        {
            Emit(new Transition { Kind = TransitionKind.HostAvoided, Instance = instance.Id, Host = host, EndedMs = nowMs + (options.MigrateTimeoutSeconds * 1000L) }, nowMs);
            DemandChanged = true;
        }
    }

    private void Resume(JobInstance instance, int depth, long nowMs)
    {
        var status = instance.Host is null ? Status.Pending : !HasAgenda || instance.InHand.Count > 0 ? Status.Running : Status.Waiting;
        SetInstance(instance, status, nowMs, depth: depth, verb: JobVerb.Resume);
        SaySuspended(instance);
    }

    /// <summary>Told to its worker; with all the rest of the instance again, until a report says that it is so there.</summary>
    private void SaySuspended(JobInstance instance)
    {
        if (instance.Host is { } host)
        {
            asks[instance.Id].IsHeard = false;
            outbox.ToWorkers.Add((host, new WorkerMessages.SuspendInstance
            {
                JobId = Id,
                Epoch = State.Epoch,
                Instance = instance.Id,
                Run = instance.Run,
                Suspended = instance.Status == Status.Suspended,
            }));
        }
    }

    /// <summary>Items in hand of an instance that stops go back to pending; each is runnable once its process is gone. Those that had not started
    /// were pending to everybody.</summary>
    private void FreeItems(JobInstance instance, int depth, long nowMs)
    {
        foreach (var status in (ReadOnlySpan<Status>)[Status.Running, Status.Registering])
        {
            var freed = new IntervalSet();
            foreach (var seq in instance.InHand)
            {
                if (seq >= 0 && State.Items.StatusOf(seq) == status)
                {
                    freed.Add(seq);
                }
            }

            if (!freed.IsEmpty)
            {
                Emit(
                    new Transition { Kind = TransitionKind.ItemsSet, Status = Status.Pending, Items = freed.ToPairs(), Depth = depth, Ahead = status == Status.Registering },
                    nowMs);
            }
        }
    }
}
