using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>Hosts that come, and hosts that are lost with all that ran there.</content>
public sealed partial class JobDecider
{
    /// <summary>A worker that may not know of our instances: everything of ours on that host, again.</summary>
    public void OnHostArrived(string host, string incarnation)
    {
        incarnations[host] = incarnation;
        DemandChanged = true;
        var held = State.Instances.Where(instance => instance.Host == host).ToList();
        held.ForEach(instance => asks[instance.Id].IsHeard = false);
        outbox.ToWorkers.Add((host, Sync(held, whole: true)));
    }

    /// <summary>Nothing of ours can be alive there: it runs again elsewhere, and no try is counted (spec/jobs.md §6.4).</summary>
    public void OnHostLost(string host, string reason, long nowMs)
    {
        IsUrgent = true;
        incarnations.Remove(host);
        foreach (var instance in State.Instances.Where(instance => instance.Host == host))
        {
            var finished = FinishedBeforeChecks(instance);
            foreach (var seq in instance.InHand.ToArray())
            {
                Return(instance, seq, nowMs);
            }

            Emit(new Transition { Kind = TransitionKind.Noted, Instance = instance.Id, Text = $"host {host} lost: {reason}" }, nowMs);
            Emit(new Transition { Kind = TransitionKind.InstanceLeft, Instance = instance.Id }, nowMs);
            DemandChanged = true;
            if (finished is { } verdict)
            {
                SetInstance(instance, verdict, nowMs);
            }
            else if (!instance.Status.IsTerminal() && instance.Status is not (Status.Blocked or Status.Suspended))
            {
                SetInstance(instance, Status.Pending, nowMs);
            }
        }
    }
}
