using System.Numerics;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Qube.Contracts;
using Qube.Contracts.Telemetry;

namespace Qube.Actors.Dispatch;

/// <summary>The farm's dispatcher, a singleton (design §3, §4 steps 3 and 4): which job's instance starts on which host next. It persists
/// nothing; a new one asks every awake job to say its demand again. Not on the path of single frames: instances pull those from their job.</summary>
public sealed class DispatcherActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    /// <summary>Two ticks so far apart: in between nothing was heard of anybody, whoever spoke.</summary>
    private const long StandstillMs = 5_000;

    /// <summary>The last roll call of its own; after that the buses' sweep does.</summary>
    private const int RollCallSeconds = 16;

    private readonly IActorRef jobs;
    private readonly IActorRef hosts;
    private readonly TimeProvider time;
    private readonly DispatcherOptions options;
    private readonly DispatchBoard board;
    private bool planning;
    private int ticks;
    private long lastTickMs;

    public DispatcherActor(IActorRef jobs, IActorRef hosts, DispatcherOptions options, TimeProvider time)
    {
        this.jobs = jobs;
        this.hosts = hosts;
        this.time = time;
        this.options = options;

        // Above those of the dispatcher before, as long as no machine's clock is a thousand grants per millisecond behind.
        board = new DispatchBoard(options, NowMs() * 1000);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="jobs">Shard region of jobs.</param>
    /// <param name="hosts">Shard region of hosts.</param>
    /// <param name="options">How hosts are judged.</param>
    /// <param name="time">The farm's clock.</param>
    public static Props Props(IActorRef jobs, IActorRef hosts, DispatcherOptions options, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new DispatcherActor(jobs, hosts, options, time));

    protected override void PreStart()
    {
        MailboxDepth.Report("dispatcher", Self);
        Timers.StartPeriodicTimer("tick", Tick.Instance, TickInterval);
        CallTheRoll();
    }

    protected override void OnReceive(object message)
    {
        var now = NowMs();
        switch (message)
        {
            case DispatchMessages.Demand demand:
                board.OnDemand(demand, now);
                break;
            case WorkerMessages.Attach attach:
                board.OnAttach(attach, now);
                break;
            case DispatchMessages.HostLocks locks:
                board.OnLocks(locks, now);
                break;
            case DispatchMessages.GlobalResources resources:
                board.OnGlobals(resources);
                break;
            case DispatchMessages.GetGlobalUsage:
                Sender.Tell(board.GlobalUsage());
                return;
            case EventMessages.HostKnown known:
                board.OnHostKnown(known, now);
                return;
            case HostMessages.GetHosts query:
                Sender.Tell(board.Hosts(query, Sender.Path.Address.HasLocalScope ? int.MaxValue : options.HostsPerPage));
                return;
            case DispatchMessages.GetHostJobs query:
                Sender.Tell(board.JobsOf(query));
                return;
            case ExplainMessages.GetLacks query:
                Sender.Tell(board.LacksOf(query));
                return;
            case Tick:
                if (++ticks <= RollCallSeconds && BitOperations.IsPow2(ticks))
                {
                    CallTheRoll();
                }

                if (lastTickMs > 0 && (now - lastTickMs > StandstillMs || now < lastTickMs))
                {
                    board.OnStoodStill(now - lastTickMs, now);
                }

                lastTickMs = now;
                board.OnTick(now);
                Show(board.Count());
                break;
            case PlanNow:
                planning = false;
                board.Plan(now);
                Say();
                foreach (var waitedMs in board.GrantWaits)
                {
                    FarmMeter.DispatchWait.Record(waitedMs / 1000.0);
                }

                board.GrantWaits.Clear();
                return;
            default:
                Unhandled(message);
                return;
        }

        Say();
        if (!planning)
        {
            // Behind what has already arrived: one planning for all of it.
            planning = true;
            Self.Tell(PlanNow.Instance);
        }
    }

    /// <summary>More than once: after a failover the mediators do not know of each other at once, and jobs are still on their way to other nodes.</summary>
    private void CallTheRoll() => DistributedPubSub.Get(Context.System).Mediator.Tell(
        new Publish(Names.RollCallTopic, new DispatchMessages.RollCall { Dispatcher = Self.Path.ToString() }));

    private void Say()
    {
        foreach (var message in board.Outbox)
        {
            if (message is HostMessages.HostStateSeen)
            {
                hosts.Tell(message);
            }
            else
            {
                jobs.Tell(message);
            }
        }

        board.Outbox.Clear();
    }

    private static void Show(DispatchCounts counts)
    {
        FarmMeter.Hosts.Record(counts.HostsActive, KeyValuePair.Create("state", (object?)"active"));
        FarmMeter.Hosts.Record(counts.HostsDown, KeyValuePair.Create("state", (object?)"down"));
        FarmMeter.Slots.Record(counts.SlotsUsed, KeyValuePair.Create("state", (object?)"used"));
        FarmMeter.Slots.Record(counts.SlotsLocked, KeyValuePair.Create("state", (object?)"locked"));
        FarmMeter.Slots.Record(counts.SlotsFree, KeyValuePair.Create("state", (object?)"free"));
        FarmMeter.InstancesWaiting.Record(counts.InstancesWaiting);
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed class PlanNow : INoSerializationVerificationNeeded
    {
        public static readonly PlanNow Instance = new();
    }
}
