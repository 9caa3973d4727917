using Akka.Actor;
using Qube.Contracts;

namespace Qube.Actors.Hosts;

/// <content>A host's log as a source of events (src/Qube.Actors/Callbacks/DESIGN.md): published after the commit, known to the farm by name.</content>
public sealed partial class HostActor
{
    private const string NoteTimer = "note";
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(5);

    /// <summary>Requests that raised an event here; a repetition within so many is answered and changes nothing.</summary>
    private readonly RequestIds _raised = new(1000);

    private void Publish(BusMessages.Envelope entry) => _farm.Bus.Tell(entry with
    {
        Source = new JobId(EventSources.OfHost(_host)),
        Host = _host,
        SequenceNr = LastSequenceNr,
        Previous = LastSequenceNr - 1,
    });

    private void Raise(EventMessages.RaiseOfHost raise)
    {
        var asker = Sender;
        if (_state.State.Length == 0)
        {
            asker.Tell(new EventMessages.Raised { RequestId = raise.RequestId, Exists = false });
            return;
        }

        if (!_raised.Add(raise.RequestId))
        {
            asker.Tell(new EventMessages.Raised { RequestId = raise.RequestId });
            return;
        }

        Persist(
            new HostEvents.Raised { RequestId = raise.RequestId, Name = raise.Name.ToLowerInvariant(), User = raise.User, AtMs = NowMs(), Depth = raise.Depth },
            stored =>
            {
                Publish(new() { HostRaised = stored });
                asker.Tell(new EventMessages.Raised { RequestId = stored.RequestId });
            });
    }

    /// <summary>The farm's list of hosts is what wakes this one at a start, and what tells callbacks on any host that there is a log to follow.</summary>
    private void NoteOnFarm()
    {
        if (_state.State.Length > 0)
        {
            _farm.Farm.Tell(new EventMessages.NoteHost { Host = _host });
            Timers.StartSingleTimer(NoteTimer, NoteAgain.Instance, NoteInterval);
        }
    }

    private void SayWhatIsKnown()
    {
        if (_state.State.Length > 0)
        {
            _farm.Dispatcher.Tell(new EventMessages.HostKnown { Host = _host, State = _state.State, BootId = _state.BootId });
        }
    }

    private sealed class NoteAgain : INoSerializationVerificationNeeded
    {
        public static readonly NoteAgain Instance = new();
    }
}
