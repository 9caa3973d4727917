using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Qube.Actors.Jobs;
using Qube.Contracts;
using Qube.Wire;

namespace Qube.Actors.Events;

/// <summary>This node's event bus (design §4 step 9): local subscribers by source, other nodes over cluster pub-sub in a few sliced topics.
/// Once a second it says where the logs that moved lately stand, so that any single loss costs at most two seconds.</summary>
public sealed class EventBusActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan HeadsInterval = TimeSpan.FromSeconds(1);

    /// <summary>Every awake job says its demand again this often: the backstop of the dispatcher's soft state. A slice of them at a time.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(20) / JobRoll.Slices;

    private const int MaxEnvelopeBytes = 60_000;

    private readonly Dictionary<long, HashSet<IActorRef>> bySource = [];
    private readonly Dictionary<IActorRef, long[]> bySubscriber = [];
    private readonly Dictionary<long, long> heads = [];
    private readonly Dictionary<long, long> lastHeads = [];
    private readonly HashSet<Address> others = [];
    private readonly IActorRef mediator;
    private readonly JobRoll roll;
    private int slice;

    public EventBusActor(JobRoll roll)
    {
        this.roll = roll;
        mediator = DistributedPubSub.Get(Context.System).Mediator;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="roll">The jobs of this process that answer a roll call.</param>
    public static Props Props(JobRoll roll) => Akka.Actor.Props.Create(() => new EventBusActor(roll));

    protected override void PreStart()
    {
        MailboxDepth.Report("bus", Self);
        for (var topic = 0; topic < Names.EventSlices; topic++)
        {
            mediator.Tell(new Subscribe(Names.EventTopic(new JobId(topic)), Self));
        }

        mediator.Tell(new Subscribe(Names.RollCallTopic, Self));
        Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer("heads", SayHeads.Instance, HeadsInterval);
        Timers.StartPeriodicTimer("sweep", Sweep.Instance, SweepInterval);
    }

    protected override void PostStop() => Cluster.Get(Context.System).Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BusMessages.Envelope when Sender.Equals(Self):
                // What was said to the other nodes comes here too.
                break;
            case BusMessages.Envelope envelope:
                OnEnvelope(envelope);
                break;
            case BusMessages.Subscribe subscribe:
                Forget(Sender);
                Remember(Sender, subscribe.Sources);
                break;
            case BusMessages.Heads news when !Sender.Equals(Self):
                Deliver(news);
                break;
            case SayHeads:
                TellHeads();
                break;
            case DispatchMessages.RollCall call:
                Context.System.EventStream.Publish(call);
                roll.Tell(call);
                break;
            case Sweep:
                SweepSlice();
                break;
            case ClusterEvent.MemberUp up when up.Member.Address != Cluster.Get(Context.System).SelfAddress:
                others.Add(up.Member.Address);
                break;
            case ClusterEvent.MemberRemoved removed:
                others.Remove(removed.Member.Address);
                break;
            case Terminated terminated:
                Forget(terminated.ActorRef);
                break;
        }
    }

    private void SweepSlice()
    {
        var call = new DispatchMessages.RollCall();
        if (slice == 0)
        {
            Context.System.EventStream.Publish(call);
        }

        roll.Tell(call, slice);
        slice = (slice + 1) % JobRoll.Slices;
    }

    private void OnEnvelope(BusMessages.Envelope envelope)
    {
        var fromHere = !IsFromBus(Sender);
        heads[envelope.Source.Value] = envelope.SequenceNr;
        foreach (var subscriber in Subscribers(envelope.Source.Value))
        {
            subscriber.Tell(envelope, Self);
        }

        if (fromHere && others.Count > 0)
        {
            // One that remoting would drop (design §8) is said by its number: whoever waits for it reads the log.
            object news = WireModel.LengthOf(envelope) <= MaxEnvelopeBytes ? envelope : new BusMessages.Heads { Positions = [envelope.Source.Value, envelope.SequenceNr] };
            mediator.Tell(new Publish(Names.EventTopic(envelope.Source), news));
        }
    }

    /// <summary>Those who named this source, and those who want all of its kind. Who did both hears it twice, and knows it by its number.</summary>
    private IEnumerable<IActorRef> Subscribers(long source)
    {
        IEnumerable<IActorRef> found = bySource.TryGetValue(source, out var own) ? own : [];
        if (bySource.TryGetValue(EventSources.Every, out var every))
        {
            found = found.Concat(every);
        }

        return EventSources.IsHost(source) && bySource.TryGetValue(EventSources.EveryHost, out var hosts) ? found.Concat(hosts) : found;
    }

    /// <summary>Another node's bus, or our own publication coming back.</summary>
    private bool IsFromBus(IActorRef sender) => sender.Path.Name == Self.Path.Name;

    private void TellHeads()
    {
        // Twice for every position: a loss of the first is mended by the second.
        var positions = heads.Concat(lastHeads.Where(old => !heads.ContainsKey(old.Key))).SelectMany(entry => (long[])[entry.Key, entry.Value]).ToArray();
        lastHeads.Clear();
        foreach (var (source, position) in heads)
        {
            lastHeads[source] = position;
        }

        heads.Clear();
        if (positions.Length == 0)
        {
            return;
        }

        foreach (var page in positions.Chunk(4000))
        {
            var news = new BusMessages.Heads { Positions = page };
            Deliver(news);
            if (others.Count > 0)
            {
                mediator.Tell(new Publish(Names.EventTopic(new JobId(0)), news));
            }
        }
    }

    private void Deliver(BusMessages.Heads news)
    {
        var bySender = new Dictionary<IActorRef, List<long>>();
        for (var index = 0; index + 1 < news.Positions.Length; index += 2)
        {
            foreach (var subscriber in Subscribers(news.Positions[index]))
            {
                if (!bySender.TryGetValue(subscriber, out var list))
                {
                    bySender.Add(subscriber, list = []);
                }

                list.Add(news.Positions[index]);
                list.Add(news.Positions[index + 1]);
            }
        }

        foreach (var (subscriber, positions) in bySender)
        {
            subscriber.Tell(new BusMessages.Heads { Positions = [.. positions] }, Self);
        }
    }

    private void Remember(IActorRef subscriber, long[] sources)
    {
        bySubscriber[subscriber] = sources;
        Context.Watch(subscriber);
        foreach (var source in sources)
        {
            if (!bySource.TryGetValue(source, out var subscribers))
            {
                bySource.Add(source, subscribers = []);
            }

            subscribers.Add(subscriber);
        }
    }

    private void Forget(IActorRef subscriber)
    {
        if (!bySubscriber.Remove(subscriber, out var sources))
        {
            return;
        }

        Context.Unwatch(subscriber);
        foreach (var source in sources)
        {
            if (bySource.TryGetValue(source, out var subscribers) && subscribers.Remove(subscriber) && subscribers.Count == 0)
            {
                bySource.Remove(source);
            }
        }
    }

    private sealed class SayHeads : INoSerializationVerificationNeeded
    {
        public static readonly SayHeads Instance = new();
    }

    private sealed class Sweep : INoSerializationVerificationNeeded
    {
        public static readonly Sweep Instance = new();
    }
}
