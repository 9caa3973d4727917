using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Qube.Load.Measure;

/// <summary>A mailbox's queue with a counter of the farm's own messages before it, local ones included; Akka's own are not counted.</summary>
public sealed class CountingQueue(string recipient) : IMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    private static readonly ConcurrentDictionary<(string Recipient, string Message), long> All = new();

    private readonly UnboundedDequeMessageQueue _queue = new();

    /// <summary>Deliveries so far, by kind of recipient and type of message.</summary>
    public static IReadOnlyDictionary<(string Recipient, string Message), long> Counts => new Dictionary<(string, string), long>(All);

    public bool HasMessages => _queue.HasMessages;

    public int Count => _queue.Count;

    /// <summary>Whom an actor's path stands for.</summary>
    public static string RecipientOf(ActorPath path)
    {
        string[] elements = [.. path.Elements];
        return elements switch
        {
            ["user", "worker"] => "worker",
            ["system", "sharding", "job", _, _] => "job",
            ["system", "sharding", "job", _, _, "callbacks"] => "callbacks",
            ["system", "sharding", ..] => "shard region",
            ["user", "dispatcher-singleton", ..] or ["user", "dispatcher-proxy"] => "dispatcher",
            _ => elements.LastOrDefault("root"),
        };
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (envelope.Message.GetType() is { Namespace: { } space } type && space.StartsWith("Qube.", StringComparison.Ordinal))
        {
            All.AddOrUpdate((recipient, type.Name), 1, static (_, count) => count + 1);
        }

        _queue.Enqueue(receiver, envelope);
    }

    /// <summary>Unstashed: it was counted when it came.</summary>
    public void EnqueueFirst(Envelope envelope) => _queue.EnqueueFirst(envelope);

    public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _queue.CleanUp(owner, deadletters);
}
