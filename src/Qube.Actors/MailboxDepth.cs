using Akka.Actor;
using Qube.Contracts.Telemetry;

namespace Qube.Actors;

/// <summary>Mailboxes of the few actors of which there is one, as <c>/metrics</c> shows them.</summary>
internal static class MailboxDepth
{
    /// <param name="name">As it is shown.</param>
    /// <param name="self">The actor; the last that says so under a name is the one that is shown.</param>
    public static void Report(string name, IActorRef self)
    {
        if (self is ActorRefWithCell actor)
        {
            FarmMeter.ReportMailbox(name, () => actor.Underlying.NumberOfMessages);
        }
    }
}
