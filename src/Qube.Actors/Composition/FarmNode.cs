using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Pattern;
using Qube.Actors.Dispatch;
using Qube.Actors.Events;
using Qube.Actors.Farm;
using Qube.Actors.Hosts;
using Qube.Actors.Jobs;
using Qube.Actors.ReadModel;
using Qube.Actors.Workers;
using Qube.Contracts;

namespace Qube.Actors.Composition;

/// <summary>A supervisor's share of the farm: shard regions, singletons, and this node's own actors (design §2, §3).</summary>
public static class FarmNode
{
    /// <summary>Dispatchers that the farm's actors name; to be among the system's configuration.</summary>
    public static Config Config => ReadModelActor.Dispatchers;

    /// <summary>Starts everything on an actor system that is, or is about to be, a member of the cluster.</summary>
    /// <returns>Where it is reached from this process.</returns>
    public static FarmRefs Start(ActorSystem system, FarmNodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(options);
        var settings = options.Settings;
        var sharding = ClusterSharding.Get(system);
        var shardingSettings = ClusterShardingSettings.Create(system);
        var farm = new TaskCompletionSource<FarmRefs>();
        var dispatcher = Proxy(system, "dispatcher");

        // An entity may be wanted before this method has ended; it then waits, on its shard's turn, for the few milliseconds that are left.
        var jobs = sharding.Start(
            "job",
            id => JobActor.Props(new JobId(Number(id)), farm.Task.Result, settings),
            shardingSettings,
            FarmMessageExtractors.Jobs,
            sharding.DefaultShardAllocationStrategy(shardingSettings),
            JobActor.HandOff.Instance);
        var groups = sharding.Start(
            "pgrp", id => ProcessGroupActor.Props(Number(id), farm.Task.Result.Jobs, farm.Task.Result.ReadModel, settings), shardingSettings, FarmMessageExtractors.Groups);
        var hosts = sharding.Start(
            "host",
            id => HostActor.Props(id, farm.Task.Result, settings.Time),
            shardingSettings,
            FarmMessageExtractors.Hosts,
            sharding.DefaultShardAllocationStrategy(shardingSettings),
            HostActor.HandOff.Instance);
        Singleton(system, "farm", Revived("farm", FarmActor.Props(farm.Task, settings)));
        Singleton(system, "dispatcher", DispatcherActor.Props(jobs, hosts, options.Dispatcher, settings.Time));
        var refs = new FarmRefs(
            jobs,
            groups,
            hosts,
            Proxy(system, "farm"),
            dispatcher,
            system.ActorOf(EventBusActor.Props(settings.Roll), "bus"),
            system.ActorOf(GateActor.Props(jobs, dispatcher, options.Gate), GateActor.ActorName),
            system.ActorOf(ReadModelActor.Props(options.OpenReadModel, options.ReadModel), "read-model"));
        farm.SetResult(refs);
        return refs;
    }

    private static void Singleton(ActorSystem system, string name, Props props) => system.ActorOf(
        ClusterSingletonManager.Props(props, PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system).WithSingletonName(name)),
        $"{name}-singleton");

    /// <summary>A refused write stops a persistent actor, and nobody sends a singleton the message that would start it again: it is started anew
    /// until the journal writes. A shard does that for its entities.</summary>
    private static Props Revived(string name, Props props) => BackoffSupervisor.Props(
        Backoff.OnStop(props, name, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), randomFactor: 0.2, maxNrOfRetries: -1));

    private static IActorRef Proxy(ActorSystem system, string name) => system.ActorOf(
        ClusterSingletonProxy.Props($"/user/{name}-singleton", ClusterSingletonProxySettings.Create(system).WithSingletonName(name)),
        $"{name}-proxy");

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}
