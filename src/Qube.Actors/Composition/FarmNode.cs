using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
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

    /// <summary>Starts everything on an actor system that is about to become a member of the cluster.</summary>
    /// <returns>Where it is reached from this process.</returns>
    public static FarmRefs Start(ActorSystem system, FarmNodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(options);
        var cluster = Cluster.Get(system);
        if (!cluster.State.Members.IsEmpty)
        {
            throw new InvalidOperationException("the farm's actors are to be there before their system joins the cluster");
        }

        var settings = options.Settings;
        var sharding = ClusterSharding.Get(system);
        var shardingSettings = ClusterShardingSettings.Create(system);
        var farm = new TaskCompletionSource<FarmRefs>();
        var dispatcher = Proxy(system, "dispatcher");

        // Nobody wants an entity or a singleton before this system is a member: by then it is complete, and no thread ever waits for it.
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
            system.ActorOf(GateActor.Props(jobs, dispatcher, options.Gate, () => Supervisors(cluster)), GateActor.ActorName),
            system.ActorOf(ReadModelActor.Props(options.OpenReadModel, options.ReadModel, options.IsReadModelShared ? () => ReadModels(system, cluster) : null), ReadModelActor.ActorName));
        farm.SetResult(refs);
        return refs;
    }

    /// <summary>Addresses of the supervisors that serve; none where this is the only one.</summary>
    private static string[] Supervisors(Cluster cluster)
    {
        var up = cluster.State.Members.Where(member => member.Status == MemberStatus.Up).Select(member => member.Address.ToString()).ToArray();
        return up.Length > 1 ? up : [];
    }

    /// <summary>The read models of the other supervisors that answer: they may hold rows that are not written yet.</summary>
    private static IEnumerable<ICanTell> ReadModels(ActorSystem system, Cluster cluster)
    {
        var state = cluster.State;
        return state.Members
            .Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving && member.Address != cluster.SelfAddress && !state.Unreachable.Contains(member))
            .Select(member => system.ActorSelection(new RootActorPath(member.Address) / "user" / ReadModelActor.ActorName));
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
