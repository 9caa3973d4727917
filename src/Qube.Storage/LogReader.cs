using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;

namespace Qube.Storage;

/// <summary>
/// A stretch of one log, as read from the journal: the events in order of sequence number, without holes unless events were deleted,
/// and the highest sequence number the log had when it was read (0 when the log does not exist).
/// </summary>
public sealed record LogPage(string PersistenceId, ImmutableList<IPersistentRepresentation> Events, long HighestSequenceNr);

/// <summary>
/// Reads the log of any persistence id through the journal: how a subscriber that missed an envelope fills the hole. Every event
/// acknowledged before the request is in the answer.
/// </summary>
public static class LogReader
{
    /// <summary>
    /// Asks the journal to send the events <paramref name="fromSequenceNr"/>..<paramref name="toSequenceNr"/> (both inclusive, at most
    /// <paramref name="max"/>) to <paramref name="replyTo"/>: one <see cref="ReplayedMessage"/> each, in order, then one
    /// <see cref="RecoverySuccess"/> with the log's highest sequence number, or at any point one <see cref="ReplayMessagesFailure"/>.
    /// </summary>
    /// <remarks><see cref="RecoverySuccess"/> does not say which log it ends: have one request open per receiver, or use <see cref="ReadAsync"/>.</remarks>
    public static void Request(ActorSystem system, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, IActorRef replyTo)
        => Journal(system).Tell(new ReplayMessages(fromSequenceNr, toSequenceNr, max, persistenceId, replyTo), replyTo);

    /// <summary>The same with one answer; pipe it to the actor that wants it.</summary>
    /// <exception cref="IOException">The journal could not read the log; the inner exception says why.</exception>
    public static Task<LogPage> ReadAsync(ActorSystem system, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, CancellationToken cancellationToken = default)
    {
        var page = new TaskCompletionSource<LogPage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var collector = system.ActorOf(Props.Create(() => new Collector(persistenceId, page)));
        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.Register(() =>
            {
                if (page.TrySetCanceled(cancellationToken))
                    system.Stop(collector);
            });
            _ = page.Task.ContinueWith(_ => registration.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        Request(system, persistenceId, fromSequenceNr, toSequenceNr, max, collector);
        return page.Task;
    }

    private static IActorRef Journal(ActorSystem system) => Persistence.Instance.Apply(system).JournalFor(null);

    private sealed class Collector : UntypedActor
    {
        private readonly string _persistenceId;
        private readonly TaskCompletionSource<LogPage> _page;
        private readonly ImmutableList<IPersistentRepresentation>.Builder _events = ImmutableList.CreateBuilder<IPersistentRepresentation>();

        public Collector(string persistenceId, TaskCompletionSource<LogPage> page)
        {
            _persistenceId = persistenceId;
            _page = page;
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ReplayedMessage replayed:
                    _events.Add(replayed.Persistent);
                    break;
                case RecoverySuccess success:
                    _page.TrySetResult(new LogPage(_persistenceId, _events.ToImmutable(), success.HighestSequenceNr));
                    Context.Stop(Self);
                    break;
                case ReplayMessagesFailure failure:
                    _page.TrySetException(new IOException($"The log of {_persistenceId} could not be read: {failure.Cause.Message}", failure.Cause));
                    Context.Stop(Self);
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }

        protected override void PostStop() => _page.TrySetException(new IOException($"The actor system stopped while the log of {_persistenceId} was read."));
    }
}
