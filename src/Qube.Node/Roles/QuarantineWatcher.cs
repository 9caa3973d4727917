using Akka.Actor;
using Akka.Remote;

namespace Qube.Node.Roles;

/// <summary>Hears that another actor system takes this one for dead and speaks to it no more, as after a freeze: only a new actor system gets through.</summary>
internal static class QuarantineWatcher
{
    /// <param name="system">The one that may be quarantined.</param>
    /// <param name="onQuarantined">Called with the address of the one that says so, perhaps several times.</param>
    public static void Start(ActorSystem system, Action<Address> onQuarantined) => system.EventStream.Subscribe(
        system.ActorOf(Props.Create(() => new Listener(onQuarantined)), "quarantine-watcher"),
        typeof(ThisActorSystemQuarantinedEvent));

    private sealed class Listener(Action<Address> onQuarantined) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is ThisActorSystemQuarantinedEvent quarantined)
            {
                onQuarantined(quarantined.RemoteAddress);
            }
        }
    }
}
