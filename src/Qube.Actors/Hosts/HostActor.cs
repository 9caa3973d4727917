using Akka.Actor;
using Akka.Persistence;
using Qube.Contracts;

namespace Qube.Actors.Hosts;

/// <summary>A render host's own log (design §3): its locks, and when it was there and when not. Locks outlive the host, the dispatcher and this
/// actor; the dispatcher grants nothing on a host before it has them from here.</summary>
public sealed class HostActor : ReceivePersistentActor
{
    private readonly string _host;
    private HostState _state = new();

    public HostActor(string host, IActorRef dispatcher, TimeProvider time)
    {
        _host = host;
        Recover<HostEvents.LocksChanged>(changed => _state = _state.Apply(changed));
        Recover<HostEvents.StateChanged>(changed => _state = _state.Apply(changed));
        Command<HostMessages.LockHost>(command => Lock(command, dispatcher, time));
        Command<HostMessages.HostStateSeen>(seen => See(seen, dispatcher));
        Command<HandOff>(_ => Context.Stop(Self));
    }

    public override string PersistenceId => Names.Host(_host);

    public static Props Props(string host, IActorRef dispatcher, TimeProvider time) => Akka.Actor.Props.Create(() => new HostActor(host, dispatcher, time));

    /// <summary>The entity that a message of the hosts' shard region is for; null for what is not a host's.</summary>
    public static string? HostOf(object message) => message switch
    {
        HostMessages.LockHost command => command.Host,
        HostMessages.HostStateSeen seen => seen.Host,
        _ => null,
    };

    /// <summary>A write that the journal refused is as bad as one that failed: the actor stops, and is made again from what is in the log.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    private void Lock(HostMessages.LockHost command, IActorRef dispatcher, TimeProvider time)
    {
        var asker = Sender;
        if (_state.Decide(command, time.GetUtcNow().ToUnixTimeMilliseconds(), out var error) is { } changed)
        {
            Persist(changed, stored =>
            {
                _state = _state.Apply(stored);
                Answer();
            });
        }
        else
        {
            Answer();
        }

        void Answer()
        {
            dispatcher.Tell(Locks());
            asker.Tell(new HostMessages.HostLocked { Host = _host, Locks = _state.Locks, Error = error });
        }
    }

    private void See(HostMessages.HostStateSeen seen, IActorRef dispatcher)
    {
        // The locks do not depend on what was seen: the dispatcher need not wait for the commit.
        dispatcher.Tell(Locks());
        if (_state.Decide(seen) is { } changed)
        {
            Persist(changed, stored => _state = _state.Apply(stored));
        }
    }

    private DispatchMessages.HostLocks Locks() => new() { Host = _host, Locks = _state.Locks };

    /// <summary>The region's hand-off message: unlike a poison pill it waits in the mailbox until a write in flight has been applied and
    /// answered.</summary>
    public sealed record HandOff : INoSerializationVerificationNeeded
    {
        public static readonly HandOff Instance = new();
    }
}
