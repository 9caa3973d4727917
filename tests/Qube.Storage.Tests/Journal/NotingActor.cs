using Akka.Actor;
using Akka.Persistence;

namespace Qube.Storage.Tests.Journal;

/// <summary>Persists texts and answers with what it knows.</summary>
internal sealed class NotingActor(string persistenceId) : UntypedPersistentActor
{
    private readonly List<string> _texts = [];
    private object? _snapshot;

    public override string PersistenceId { get; } = persistenceId;

    public static Props Props(string persistenceId) => Akka.Actor.Props.Create(() => new NotingActor(persistenceId));

    protected override void OnCommand(object message)
    {
        var sender = Sender;
        switch (message)
        {
            case Note note:
                Persist(new Noted(note.Text), e => Apply(e, sender));
                break;
            case NoteAll all:
                PersistAll(all.Texts.Select(t => new Noted(t)), e => Apply(e, sender));
                break;
            case NoteAsync async:
                PersistAllAsync(async.Texts.Select(t => new Noted(t)), e => _texts.Add(e.Text));
                DeferAsync("done", _ => sender.Tell(new State(_texts.ToArray(), LastSequenceNr, _snapshot)));
                break;
            case Refuse:
                Persist(new Unwritable(), _ => sender.Tell("stored what cannot be stored"));
                break;
            case Snapshot:
                SaveSnapshot(string.Join(',', _texts));
                DeferAsync(sender, s => _lastAsker = s);
                break;
            case SaveSnapshotSuccess or SaveSnapshotFailure:
                _lastAsker?.Tell(message);
                break;
            case DeleteTo delete:
                _lastAsker = sender;
                DeleteMessages(delete.SequenceNr);
                break;
            case DeleteMessagesSuccess or DeleteMessagesFailure:
                _lastAsker?.Tell(message);
                break;
            case GetState:
                sender.Tell(new State(_texts.ToArray(), LastSequenceNr, _snapshot));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private IActorRef? _lastAsker;

    protected override void OnRecover(object message)
    {
        if (message is Noted noted)
            _texts.Add(noted.Text);
        else if (message is SnapshotOffer offer)
            _snapshot = offer.Snapshot;
    }

    private void Apply(Noted noted, IActorRef sender)
    {
        _texts.Add(noted.Text);
        sender.Tell(new Stored(noted.Text, LastSequenceNr));
    }

    internal sealed record Note(string Text);

    internal sealed record NoteAll(params string[] Texts);

    internal sealed record NoteAsync(params string[] Texts);

    internal sealed record DeleteTo(long SequenceNr);

    internal sealed record Stored(string Text, long SequenceNr);

    internal sealed record State(string[] Texts, long SequenceNr, object? Snapshot);

    internal sealed class Snapshot;

    internal sealed class GetState;

    internal sealed class Refuse;
}
