using Akka.Actor;
using Akka.Cluster;
using Akka.Serialization;
using Qube.Contracts;
using Qube.Wire;

namespace Qube.Actors.Paging;

/// <summary>Messages of any length to other processes (design §8: none over 64 kB): a piece first, the others asked for by whoever got it. In one
/// process nothing is cut.</summary>
public static class Pages
{
    /// <summary>Bytes of a message in one piece.</summary>
    private const int MaxBytes = 48_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Answers. To another process, what is too long goes in pages, which <see cref="Whole"/> puts together there.</summary>
    /// <param name="context">Of the actor that answers: it is the parent of the one that holds the pages.</param>
    /// <param name="to">Who asked.</param>
    /// <param name="reply">A message of the wire table.</param>
    public static void Reply(IActorContext context, IActorRef to, object reply)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (to.Path.Address.HasLocalScope)
        {
            to.Tell(reply);
            return;
        }

        Send(context, to, reply);
    }

    /// <summary>Tells someone in another process; what is answered to the pages comes to the actor that told.</summary>
    /// <inheritdoc cref="Reply"/>
    public static void Send(IActorContext context, ICanTell to, object message)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(to);
        if (Cut(context.System, message) is not { } cut)
        {
            to.Tell(message, context.Self);
            return;
        }

        context.ActorOf(ReplyPagerActor.Props(to, cut.Manifest, cut.Pieces, ""));
    }

    /// <summary>Tells an entity, wherever it lives. Said again while its pages are still there, it costs nothing but a message.</summary>
    /// <param name="context">Of the actor that tells; it gets what is answered.</param>
    /// <param name="region">The shard region.</param>
    /// <param name="entity">The entity's name there.</param>
    /// <param name="message">A message of the wire table.</param>
    public static void TellEntity(IActorContext context, IActorRef region, string entity, object message)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(region);
        ArgumentNullException.ThrowIfNull(message);
        var name = $"pages-{message.GetType().Name}-{entity}";
        if (context.Child(name) is { } held && !held.IsNobody())
        {
            held.Tell(ReplyPagerActor.Again.Instance);
        }
        else if (!HasPeers(context.System) || Cut(context.System, message) is not { } cut)
        {
            region.Tell(message, context.Self);
        }
        else
        {
            context.ActorOf(ReplyPagerActor.Props(region, cut.Manifest, cut.Pieces, entity), name);
        }
    }

    /// <summary>A question as it may be sent to an entity: itself, or the first of its pages.</summary>
    /// <param name="region">The shard region.</param>
    /// <param name="entity">The entity's name there.</param>
    /// <param name="question">A message of the wire table.</param>
    internal static object ForEntity(IActorRef region, string entity, object question)
    {
        if (region is not ActorRefWithCell { Underlying.System: var system } || !HasPeers(system) || Cut(system, question) is not { } cut)
        {
            return question;
        }

        var pager = system.ActorOf(ReplyPagerActor.Props(null, cut.Manifest, cut.Pieces, entity));
        return ReplyPagerActor.PageOf(pager, cut.Manifest, cut.Pieces, 0, entity);
    }

    /// <summary>The answer of which this is a piece, or the message itself when it is none.</summary>
    /// <param name="message">What came as an answer.</param>
    /// <param name="near">Any actor of this process.</param>
    /// <param name="cancel">It is not wanted any more.</param>
    /// <exception cref="AskTimeoutException">Whoever holds the rest does not answer: ask anew.</exception>
    public static async Task<object> Whole(object message, IActorRef near, CancellationToken cancel = default)
    {
        if (message is not JobMessages.Page first)
        {
            return message;
        }

        var provider = ((IInternalActorRef)near).Provider;
        var pager = provider.ResolveActorRef(first.Pager);
        using var bytes = new MemoryStream();
        for (var page = first; ;)
        {
            await bytes.WriteAsync(page.Bytes, cancel);
            if (page.Index + 1 >= first.Count)
            {
                break;
            }

            page = await pager.Ask<JobMessages.Page>(new JobMessages.GetPage { Index = page.Index + 1 }, Limit, cancel);
        }

        var type = WireTable.Messages.First(entry => entry.Manifest == first.Manifest).Type;
        bytes.Position = 0;
        return WireModel.Model.Deserialize(type, bytes);
    }

    private static bool HasPeers(ActorSystem system) => system.HasExtension<Cluster>() && Cluster.Get(system).State.Members.Count > 1;

    /// <summary>Null when it is short enough for one message.</summary>
    private static (string Manifest, byte[][] Pieces)? Cut(ActorSystem system, object message)
    {
        var serializer = (SerializerWithStringManifest)system.Serialization.FindSerializerFor(message);
        var bytes = serializer.ToBinary(message);
        return bytes.Length <= MaxBytes ? null : (serializer.Manifest(message), bytes.Chunk(MaxBytes).ToArray());
    }
}
