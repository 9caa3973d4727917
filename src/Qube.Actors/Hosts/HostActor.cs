using Akka.Actor;
using Akka.Persistence;
using Qube.Contracts;

namespace Qube.Actors.Hosts;

/// <summary>A render host's own log (design §3): its locks, and when it was there and when not. Locks outlive the host, the dispatcher and this
/// actor; the dispatcher grants nothing on a host before it has them from here.</summary>
public sealed partial class HostActor : ReceivePersistentActor, IWithTimers
{
    private readonly string _host;
    private readonly FarmRefs _farm;
    private readonly TimeProvider _time;
    private HostState _state = new();

    public HostActor(string host, FarmRefs farm, TimeProvider time)
    {
        _host = host;
        _farm = farm;
        _time = time;
        Recover<HostEvents.LocksChanged>(changed => _state = _state.Apply(changed));
        Recover<HostEvents.VarsChanged>(changed => _state = _state.Apply(changed));
        Recover<HostEvents.StateChanged>(changed => _state = _state.Apply(changed));
        Recover<HostEvents.Raised>(raised => _raised.Add(raised.RequestId));
        Recover<RecoveryCompleted>(_ => NoteOnFarm());
        Command<HostMessages.LockHost>(Lock);
        Command<HostMessages.SetHostVars>(Set);
        Command<HostMessages.HostStateSeen>(See);
        Command<EventMessages.RaiseOfHost>(Raise);
        Command<EventMessages.WakeHost>(_ => SayWhatIsKnown());
        Command<EventMessages.HostNoted>(_ => Timers.Cancel(NoteTimer));
        Command<NoteAgain>(_ => NoteOnFarm());
        Command<HandOff>(_ => Context.Stop(Self));
    }

    public override string PersistenceId => Names.Host(_host);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string host, FarmRefs farm, TimeProvider time) => Akka.Actor.Props.Create(() => new HostActor(host, farm, time));

    /// <summary>The entity that a message of the hosts' shard region is for; null for what is not a host's.</summary>
    public static string? HostOf(object message) => message switch
    {
        HostMessages.LockHost command => command.Host,
        HostMessages.SetHostVars command => command.Host,
        HostMessages.HostStateSeen seen => seen.Host,
        EventMessages.RaiseOfHost raise => raise.Host,
        EventMessages.WakeHost wake => wake.Host,
        _ => null,
    };

    /// <summary>A write that the journal refused is as bad as one that failed: the actor stops, and is made again from what is in the log.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Lock(HostMessages.LockHost command)
    {
        var asker = Sender;
        if (_state.Decide(command, NowMs(), out var error) is { } changed)
        {
            Persist(changed, stored =>
            {
                _state = _state.Apply(stored);
                Publish(new() { HostLocks = stored });
                Answer();
            });
        }
        else
        {
            Answer();
        }

        void Answer()
        {
            _farm.Dispatcher.Tell(Locks());
            asker.Tell(new HostMessages.HostLocked { Host = _host, Locks = _state.Locks, Error = error });
        }
    }

    private void Set(HostMessages.SetHostVars command)
    {
        var asker = Sender;
        if (_state.Decide(command, NowMs(), out var error) is { } changed)
        {
            Persist(changed, stored =>
            {
                _state = _state.Apply(stored);
                Publish(new() { HostVars = stored });
                Answer();
            });
        }
        else
        {
            Answer();
        }

        void Answer()
        {
            _farm.Dispatcher.Tell(Locks());
            asker.Tell(new HostMessages.HostVarsSet { Host = _host, Error = error });
        }
    }

    private void See(HostMessages.HostStateSeen seen)
    {
        // The locks do not depend on what was seen: the dispatcher need not wait for the commit.
        _farm.Dispatcher.Tell(Locks());
        if (_state.Decide(seen) is { } changed)
        {
            Persist(changed, stored =>
            {
                _state = _state.Apply(stored);
                Publish(new() { HostState = stored });
                if (stored.Was.Length == 0)
                {
                    NoteOnFarm();
                }
            });
        }
    }

    private DispatchMessages.HostLocks Locks() => new() { Host = _host, Locks = _state.Locks, Resources = _state.Resources, Properties = _state.Properties };

    /// <summary>The region's hand-off message: unlike a poison pill it waits in the mailbox until a write in flight has been applied and
    /// answered.</summary>
    public sealed record HandOff : INoSerializationVerificationNeeded
    {
        public static readonly HandOff Instance = new();
    }
}
