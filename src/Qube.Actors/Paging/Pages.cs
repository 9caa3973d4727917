using Akka.Actor;
using Qube.Contracts;
using Qube.Wire;

namespace Qube.Actors.Paging;

/// <summary>Answers of any length to askers in other processes (design §8: no message over 64 kB). In one process nothing is cut.</summary>
public static class Pages
{
    /// <summary>Bytes of an answer in one message.</summary>
    private const int MaxBytes = 48_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Answers. To another process, what is too long goes in pages, which <see cref="Whole"/> puts together there.</summary>
    /// <param name="context">Of the actor that answers: it is the parent of the one that holds the pages.</param>
    /// <param name="to">Who asked.</param>
    /// <param name="reply">A message of the wire table.</param>
    public static void Reply(IActorContext context, IActorRef to, object reply)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(to);
        if (to.Path.Address.HasLocalScope)
        {
            to.Tell(reply);
            return;
        }

        var serializer = (WireSerializer)context.System.Serialization.FindSerializerFor(reply);
        var bytes = serializer.ToBinary(reply);
        if (bytes.Length <= MaxBytes)
        {
            to.Tell(reply);
            return;
        }

        var (manifest, pieces) = (serializer.Manifest(reply), bytes.Chunk(MaxBytes).ToArray());
        context.ActorOf(Props.Create(() => new ReplyPagerActor(to, manifest, pieces)));
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
}
