using Akka.Actor;

namespace Qube.Actors;

/// <summary>Where everything of one farm is reached from this process. Messages carry their own address (job id, host, process group).</summary>
/// <param name="Jobs">Shard region of jobs: takes any message of Contracts with a <c>JobId</c>.</param>
/// <param name="Groups">Shard region of process groups: <see cref="Contracts.FarmMessages.AcceptSubmission"/>, GetProcessGroup, GetSpec.</param>
/// <param name="Hosts">Shard region of hosts: <see cref="Contracts.HostMessages.LockHost"/>.</param>
/// <param name="Farm">Proxy of the farm's singleton: ids and the live index.</param>
/// <param name="Dispatcher">Proxy of the dispatcher's singleton.</param>
/// <param name="Bus">This node's event bus: <see cref="Contracts.BusMessages.Subscribe"/> by anyone who wants envelopes.</param>
/// <param name="Gate">This node's door for worker nodes.</param>
/// <param name="ReadModel">The read model's actor.</param>
public sealed record FarmRefs(
    IActorRef Jobs,
    IActorRef Groups,
    IActorRef Hosts,
    IActorRef Farm,
    IActorRef Dispatcher,
    IActorRef Bus,
    IActorRef Gate,
    IActorRef ReadModel);
