using Akka.Actor;

namespace Qube.Actors.Tests;

/// <summary>A farm of which a test has some parts; nobody is at home in the others.</summary>
internal static class Probes
{
    public static FarmRefs Farm(
        IActorRef? dispatcher = null, IActorRef? bus = null, IActorRef? farm = null, IActorRef? jobs = null, IActorRef? hosts = null, IActorRef? groups = null) => new(
        jobs ?? Nobody.Instance,
        groups ?? Nobody.Instance,
        hosts ?? Nobody.Instance,
        farm ?? Nobody.Instance,
        dispatcher ?? Nobody.Instance,
        bus ?? Nobody.Instance,
        Nobody.Instance,
        Nobody.Instance);
}
