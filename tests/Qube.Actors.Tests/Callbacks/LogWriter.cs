using Akka.Actor;
using Akka.Persistence;

namespace Qube.Actors.Tests.Callbacks;

/// <summary>Writes what it is told into a log, as the entity whose log it is would, and answers each with its sequence number.</summary>
internal sealed class LogWriter(string persistenceId) : UntypedPersistentActor
{
    public override string PersistenceId => persistenceId;

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    protected override void OnRecover(object message)
    {
    }

    protected override void OnCommand(object message) => Persist(message, _ => Sender.Tell(LastSequenceNr));
}
