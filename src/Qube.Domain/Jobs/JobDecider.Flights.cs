using Qube.Contracts;
using Qube.Domain.Execution;

namespace Qube.Domain.Jobs;

/// <content>The course of a run (spec/jobs.md §10): preflights, then its command or its items, then postflights. Checks of an instance are its own
/// item, number -1, as a command is: assigned, run, recorded and repeated in the same way. Checks of items are part of the items' processes. And
/// the flag <c>grid</c>: nothing begins before all instances are there.</content>
public sealed partial class JobDecider
{
    /// <summary>Instances with the flag <c>grid</c> that are on hosts and wait for the others (spec/jobs.md §1.1).</summary>
    private bool IsGathering => State.Spec.Flags.HasFlag(JobFlags.Grid) && !(HasAgenda && State.Items.Runnable.IsEmpty)
        && !Array.Exists(State.Instances, static instance => instance.Phase != FlightPhase.None)
        && Array.Exists(State.Instances, CanStart);

    private bool WantsPreflights(JobInstance instance) =>
        State.Spec.Command.Preflights.Length > 0 || instance.HostChecks.HasFlag(FlightChecks.Preflights);

    /// <summary>It has worked, and was not looked at since. A run that never came to its work has nothing to look at.</summary>
    private bool WantsPostflights(JobInstance instance) => instance is { Phase: FlightPhase.Work, Host: not null }
        && (State.Spec.Command.Postflights.Length > 0 || instance.HostChecks.HasFlag(FlightChecks.Postflights));

    private static bool IsBusyChecking(JobInstance instance) => instance.IsChecking && instance.InHand.Count > 0;

    /// <summary>A command is preempted at once, and its preflights with it.</summary>
    private bool IsPreempted(JobInstance instance) =>
        !HasAgenda && instance is { Phase: FlightPhase.Preflights, Ending: Status.Pending, EndingVerb: JobVerb.Preempt };

    /// <summary>Where the run stands when its checks have come to nothing: they are made again.</summary>
    private static FlightPhase BeforeChecks(JobInstance instance) => instance.Phase switch
    {
        FlightPhase.Preflights => FlightPhase.None,
        FlightPhase.Postflights => FlightPhase.Work,
        var other => other,
    };

    /// <summary>A command that has come to its end and is recorded does not run again because its host dies during the postflights.</summary>
    private Status? FinishedBeforeChecks(JobInstance instance) =>
        !HasAgenda && instance is { Phase: FlightPhase.Postflights, IsActive: true, EndingVerb: JobVerb.None } ? instance.Ending : null;

    /// <summary>Gives an instance what comes next in its run. False when that is nothing.</summary>
    private bool Begin(JobInstance instance, long nowMs)
    {
        if (instance.Phase == FlightPhase.None && IsGathering)
        {
            return false;
        }

        if (HasAgenda && State.Items.Runnable.IsEmpty)
        {
            return false;
        }

        if (instance.Phase == FlightPhase.None && WantsPreflights(instance))
        {
            AssignChecks(instance, FlightPhase.Preflights, nowMs);
            return true;
        }

        if (HasAgenda)
        {
            return AssignNext(instance, nowMs);
        }

        Emit(new Transition { Kind = TransitionKind.ItemAssigned, Seq = -1, Instance = instance.Id, Attempt = instance.Run, StartedMs = nowMs }, nowMs);
        return true;
    }

    private void AssignChecks(JobInstance instance, FlightPhase phase, long nowMs)
    {
        if (instance.Status == Status.Waiting)
        {
            SetInstance(instance, Status.Running, nowMs);
        }

        Emit(
            new Transition
            {
                Kind = TransitionKind.ItemAssigned,
                Seq = -1,
                Instance = instance.Id,
                Attempt = -(instance.CheckTries + 1),
                StartedMs = nowMs,
                Flight = (int)phase,
            },
            nowMs);
    }

    private void SendPostflights(JobInstance instance, long nowMs)
    {
        AssignChecks(instance, FlightPhase.Postflights, nowMs);
        SendAssigned(instance, 0);
    }

    /// <summary>Runs of commands: what comes after the checks before, and the checks after.</summary>
    private void SettleRuns(long nowMs)
    {
        foreach (var instance in State.Instances)
        {
            if (instance is not { Host: not null, InHand.Count: 0 } || instance.Status == Status.Suspended)
            {
                continue;
            }

            if (!instance.IsActive)
            {
                LeaveHost(instance, nowMs);
            }
            else if (instance.Ending is null)
            {
                if (Begin(instance, nowMs))
                {
                    SendAssigned(instance, 0);
                }
            }
            else if (WantsPostflights(instance))
            {
                SendPostflights(instance, nowMs);
            }
            else
            {
                Finish(instance, nowMs);
            }
        }
    }

    private void OnChecked(JobInstance instance, WorkerMessages.ItemEnd end, long nowMs)
    {
        var isPost = instance.Phase == FlightPhase.Postflights;
        if (instance.IsActive && end.Outcome is EndOutcome.Lost or EndOutcome.Stopped)
        {
            Return(instance, end.Seq, nowMs);
            return;
        }

        // Of one that a verb has ended meanwhile nobody asks any more.
        var passed = end.Outcome == EndOutcome.Succeeded || !instance.IsActive;
        Emit(
            new Transition
            {
                Kind = TransitionKind.ItemEnded,
                Seq = end.Seq,
                Instance = instance.Id,
                Attempt = end.Attempt,
                Status = passed ? Status.Complete : Status.Failed,
                ExitCode = end.ExitCode,
                StartedMs = end.StartedMs,
                EndedMs = end.EndedMs,
                Flight = (int)(isPost || !passed ? FlightPhase.Over : FlightPhase.Work),
                Depth = instance.Depth,
            },
            nowMs);
        if (passed)
        {
            return;
        }

        var reason = end.Reason.Length > 0 ? end.Reason : $"{(isPost ? FlightCommand.Postflight : FlightCommand.Preflight)} failed with exit code {end.ExitCode}";
        Emit(new Transition { Kind = TransitionKind.Noted, Instance = instance.Id, Text = reason }, nowMs);
        FailRun(instance, mayWorkElsewhere: !isPost, nowMs);
    }

    /// <summary>Ends a run that failed; while tries are left it starts again, after preflights not where it is (spec/jobs.md §6.4, §10).</summary>
    private void FailRun(JobInstance instance, bool mayWorkElsewhere, long nowMs)
    {
        // Retired, or with all items done: there is nothing that another try could do.
        var isOver = (instance.Ending is not null && instance.EndingVerb == JobVerb.Retire) || (HasAgenda && State.Items.AllTerminal);
        var retry = !isOver && instance.Count + (HasAgenda ? 1 : 0) <= State.Spec.RetrySubjob;
        if (retry && mayWorkElsewhere)
        {
            Avoid(instance, nowMs);
        }

        LeaveHost(instance, nowMs);
        SetInstance(instance, retry ? Status.Pending : Status.Failed, nowMs, depth: instance.Depth, verb: retry ? JobVerb.Retry : JobVerb.None);
    }

    /// <summary>A run of a command whose checks, if any, are done becomes what it was to become.</summary>
    private void Finish(JobInstance instance, long nowMs)
    {
        var (becomes, verb, depth) = (instance.Ending!.Value, instance.EndingVerb, instance.EndingDepth);
        if (becomes == Status.Failed)
        {
            FailRun(instance, mayWorkElsewhere: false, nowMs);
            return;
        }

        LeaveHost(instance, nowMs);
        SetInstance(instance, becomes, nowMs, depth: becomes == Status.Complete ? instance.Depth : depth, verb: verb);
    }

    /// <summary>Their host is on its way out: the run counts as it went.</summary>
    private void SkipPostflights(JobInstance instance, long nowMs)
    {
        Emit(
            new Transition { Kind = TransitionKind.ItemReturned, Seq = -1, Instance = instance.Id, Status = Status.Unknown, Flight = (int)FlightPhase.Over }, nowMs);
        Emit(new Transition { Kind = TransitionKind.Noted, Instance = instance.Id, Text = $"postflights not run: host {instance.Host} takes no more work" }, nowMs);
    }
}
