using Akka.Actor;
using Akka.Serialization;
using Qube.Contracts;

namespace Qube.Actors.Paging;

/// <summary>Holds an answer that is too long for one message until whoever asked has fetched it piece by piece. He who does not, asks anew.</summary>
public sealed class ReplyPagerActor : UntypedActor
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private readonly IActorRef asker;
    private readonly string manifest;
    private readonly byte[][] pieces;

    public ReplyPagerActor(IActorRef asker, string manifest, byte[][] pieces)
    {
        this.asker = asker;
        this.manifest = manifest;
        this.pieces = pieces;
    }

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(Kept);
        asker.Tell(PageOf(0));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JobMessages.GetPage get when (uint)get.Index < (uint)pieces.Length:
                Sender.Tell(PageOf(get.Index));
                break;
            case ReceiveTimeout:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private JobMessages.Page PageOf(int index) => new()
    {
        Pager = Serialization.SerializedActorPath(Self),
        Manifest = manifest,
        Index = index,
        Count = pieces.Length,
        Bytes = pieces[index],
    };
}
