using Akka.Actor;
using Akka.Serialization;
using Qube.Contracts;

namespace Qube.Actors.Paging;

/// <summary>Holds what is too long for one message until whoever is to have it has fetched it piece by piece. He who does not is told, or asks, anew.
/// What is answered to the pages is for the parent.</summary>
public sealed class ReplyPagerActor : UntypedActor
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private readonly ICanTell? to;
    private readonly string manifest;
    private readonly byte[][] pieces;
    private readonly string entity;

    public ReplyPagerActor(ICanTell? to, string manifest, byte[][] pieces, string entity)
    {
        this.to = to;
        this.manifest = manifest;
        this.pieces = pieces;
        this.entity = entity;
    }

    /// <param name="to">Who gets the first page at once; null: whoever made this actor sends it.</param>
    /// <param name="manifest">What the pieces together are.</param>
    /// <param name="pieces">The message, cut.</param>
    /// <param name="entity">The entity of a shard region that it is for; empty for others.</param>
    internal static Props Props(ICanTell? to, string manifest, byte[][] pieces, string entity) =>
        Akka.Actor.Props.Create(() => new ReplyPagerActor(to, manifest, pieces, entity));

    internal static JobMessages.Page PageOf(IActorRef pager, string manifest, byte[][] pieces, int index, string entity) => new()
    {
        Pager = Serialization.SerializedActorPath(pager),
        Manifest = manifest,
        Index = index,
        Count = pieces.Length,
        Bytes = pieces[index],
        Entity = entity,
    };

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(Kept);
        SendFirst();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JobMessages.GetPage get when (uint)get.Index < (uint)pieces.Length:
                Sender.Tell(PageOf(Self, manifest, pieces, get.Index, ""));
                break;
            case Again:
                SendFirst();
                break;
            case ReceiveTimeout:
                Context.Stop(Self);
                break;
            default:
                Context.Parent.Forward(message);
                break;
        }
    }

    private void SendFirst() => to?.Tell(PageOf(Self, manifest, pieces, 0, entity), Self);

    /// <summary>The parent says the same once more.</summary>
    internal sealed record Again : INoSerializationVerificationNeeded
    {
        public static readonly Again Instance = new();
    }
}
