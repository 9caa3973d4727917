using Akka.Actor;
using Akka.Cluster;
using Qube.Contracts;

namespace Qube.Actors.Farm;

/// <content>The live index at work: whoever must be awake is woken when the farm starts, when a supervisor has gone, and when its shard moves.</content>
public sealed partial class FarmActor
{
    private const int WakesPerTick = 200;
    private static readonly TimeSpan WakeTick = TimeSpan.FromMilliseconds(20);

    /// <summary>The backstop of what is lost between supervisors, and of jobs that a refused write has stopped and nobody speaks to. Who is awake already has one
    /// message more.</summary>
    private static readonly TimeSpan WakeSweep = TimeSpan.FromSeconds(60);

    private readonly Queue<long> toWake = new();

    private static Cluster? ClusterOf(ActorSystem system) => system.HasExtension<Cluster>() ? Cluster.Get(system) : null;

    protected override void PostStop()
    {
        ClusterOf(Context.System)?.Unsubscribe(Self);
        base.PostStop();
    }

    private void ListenForSupervisors()
    {
        if (ClusterOf(Context.System) is not { } cluster)
        {
            return;
        }

        // Its shards are elsewhere from here on, and what lived in them is asleep: only the farm knows that it must not be.
        cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
        Timers.StartPeriodicTimer("wake-sweep", WakeEverybody.Instance, WakeSweep);
    }

    private void OnWake(object message)
    {
        switch (message)
        {
            case Wake:
                WakeSome();
                break;
            case FarmMessages.JobMoved moved when live.ContainsKey(moved.JobId.Value):
                toWake.Enqueue(moved.JobId.Value);
                WakeSoon();
                break;
            case ClusterEvent.MemberRemoved:
                WakeAll();
                break;
            case WakeEverybody:
                WakeAll();
                break;
        }
    }

    private void WakeAll()
    {
        toWake.Clear();
        foreach (var id in live.Keys)
        {
            toWake.Enqueue(id);
        }

        WakeSoon();
    }

    private void WakeSoon()
    {
        if (!Timers.IsTimerActive("wake"))
        {
            Timers.StartPeriodicTimer("wake", Wake.Instance, WakeTick);
        }
    }

    /// <summary>A bounded rate, oldest first: the farm serves others while it wakes.</summary>
    private void WakeSome()
    {
        for (var count = 0; count < WakesPerTick && toWake.TryDequeue(out var id); count++)
        {
            if (live.TryGetValue(id, out var pgrp))
            {
                Refs.Jobs.Tell(new JobMessages.WakeJob { JobId = new JobId(id), Pgrp = pgrp });
            }
        }

        WakeHosts(WakesPerTick);
        if (resourcesToTell)
        {
            TellNewDispatcher();
        }

        if (toWake.Count + hostsToWake.Count == 0)
        {
            Timers.Cancel("wake");
        }
    }

    private sealed class Wake : INoSerializationVerificationNeeded
    {
        public static readonly Wake Instance = new();
    }

    private sealed class WakeEverybody : INoSerializationVerificationNeeded
    {
        public static readonly WakeEverybody Instance = new();
    }
}
