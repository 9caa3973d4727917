using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Qube.Load.Measure;

/// <summary>Mailboxes that count, for every actor of a system with <see cref="Hocon"/>.</summary>
public sealed class CountingMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<CountingQueue>
{
    public const string Hocon =
        """
        akka.actor.default-mailbox.mailbox-type = "Qube.Load.Measure.CountingMailbox, Qube.Load"
        akka.actor.mailbox.unbounded-deque-based.mailbox-type = "Qube.Load.Measure.CountingMailbox, Qube.Load"
        """;

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new CountingQueue(CountingQueue.RecipientOf(owner.Path));
}
