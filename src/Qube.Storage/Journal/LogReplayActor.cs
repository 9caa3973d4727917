using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace Qube.Storage.Journal;

/// <summary>Answers replays, one after another, on its own thread and reading session, so that no recovery waits for a commit.</summary>
internal sealed class LogReplayActor : UntypedActor
{
    private readonly IJournalStore _store;
    private readonly EventCodec _codec;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IJournalReader? _reader;

    public LogReplayActor(IJournalStore store, EventCodec codec)
    {
        _store = store;
        _codec = codec;
    }

    protected override void OnReceive(object message)
    {
        if (message is not ReplayMessages request)
        {
            Unhandled(message);
            return;
        }

        object answer;
        try
        {
            _reader ??= _store.OpenReader();
            var highest = _reader.Read(
                request.PersistenceId,
                request.FromSequenceNr,
                request.ToSequenceNr,
                request.Max,
                row =>
                {
                    foreach (var representation in _codec.Decode(row))
                        request.PersistentActor.Tell(new ReplayedMessage(representation), ActorRefs.NoSender);
                });
            answer = new RecoverySuccess(highest);
        }
        catch (Exception cause)
        {
            _log.Error(cause, "Reading the log of {0} from {1} to {2} failed.", request.PersistenceId, request.FromSequenceNr, request.ToSequenceNr);
            answer = new ReplayMessagesFailure(cause);
            CloseReader();
        }

        request.PersistentActor.Tell(answer, ActorRefs.NoSender);
    }

    protected override void PostStop() => CloseReader();

    private void CloseReader()
    {
        _reader?.Dispose();
        _reader = null;
    }
}
