using System.Collections.Concurrent;
using Akka.Actor;

namespace Qube.Node.Tests.Api;

/// <summary>The other end of the API's conversation: answers each message by a function of the test and keeps what it heard. The farm's own actors are
/// tested where they live; here it is told what they would say.</summary>
internal sealed class FarmPeer : ReceiveActor
{
    public FarmPeer(ConcurrentQueue<(object Message, IActorRef Sender)> heard, Func<object, object?> answer)
    {
        ReceiveAny(message =>
        {
            heard.Enqueue((message, Sender));
            if (answer(message) is { } reply)
            {
                Sender.Tell(reply);
            }
        });
    }
}
