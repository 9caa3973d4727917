using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Status = Qube.Contracts.Status;

namespace Qube.Actors.Jobs;

/// <content>Snapshots: what a recovery need not replay. Taken of the state of one commit, made and written by others, and never relied on.</content>
public sealed partial class JobActor
{
    private int commitsSince;
    private long transitionsSince;
    private bool isSaving;

    /// <summary>A snapshot was offered that cannot be used: the log itself, from its beginning, is awaited, and everything else waits for it.</summary>
    private bool isLogAwaited;

    private void OnOffer(SnapshotOffer offer)
    {
        try
        {
            state = JobState.Restore((JobSnapshot)offer.Snapshot);
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidCastException)
        {
            Log.Warning("job {0}: its snapshot at {1} is not used, its log is replayed instead: {2}", id, offer.Metadata.SequenceNr, failure.Message);
            isLogAwaited = true;
        }
    }

    private void CountCommit(JobEvents.Batch batch)
    {
        commitsSince++;
        transitionsSince += batch.Transitions.Length;
    }

    private void ReadWholeLog() => settings.ReadLog(PersistenceId, 1).ContinueWith(
        read => new WholeLog(read.IsCompletedSuccessfully ? read.Result : null, read.Exception?.GetBaseException()),
        TaskContinuationOptions.ExecuteSynchronously).PipeTo(self);

    private void OnWhileLogAwaited(object message)
    {
        switch (message)
        {
            case WholeLog { Entries: { } entries }:
                isLogAwaited = false;
                (commitsSince, transitionsSince) = (0, 0);
                foreach (var entry in entries.Where(entry => entry.SequenceNr <= LastSequenceNr))
                {
                    OnRecover(entry.Event);
                }

                OnRecover(RecoveryCompleted.Instance);
                Stash.UnstashAll();
                break;
            case WholeLog unread:
                // As when a recovery fails: it stops, and the next message to it tries again.
                Log.Error(unread.Error, "job {0}: its log cannot be read", id);
                Context.Stop(Self);
                break;
            case HandOff:
                Context.Stop(Self);
                break;
            default:
                Stash.Stash();
                break;
        }
    }

    /// <summary>Called where the state is exactly that of the commit about to be written. Null while no snapshot is due.</summary>
    private Func<JobSnapshot>? FreezeWhenDue()
    {
        var items = state!.Items;
        var changed = items.Count - items.CountOf(Status.Pending) - items.CountOf(Status.Blocked);
        return !isSaving && SnapshotRule.IsDue(commitsSince, transitionsSince, changed, settings.SnapshotCommits) ? state.Freeze() : null;
    }

    private void Save(Func<JobSnapshot> frozen)
    {
        isSaving = true;
        SaveFrozen(frozen, self);
    }

    /// <summary>At the end of this stay in memory, unless something was decided that is not in the log.</summary>
    private void SaveAtEnd()
    {
        if (decider is { IsStateOfLog: true } && !isSaving && SnapshotRule.IsDueAtEnd(commitsSince, settings.SnapshotCommits))
        {
            SaveFrozen(state!.Freeze(), ActorRefs.Nobody);
        }
    }

    /// <summary>The columns are made on the thread pool, the bytes in the store: neither on this actor's time.</summary>
    private void SaveFrozen(Func<JobSnapshot> frozen, IActorRef answerTo)
    {
        var metadata = new SnapshotMetadata(PersistenceId, LastSequenceNr, settings.Time.GetUtcNow().UtcDateTime);
        var store = SnapshotStore;
        var log = Log;
        (commitsSince, transitionsSince) = (0, 0);
        Task.Run(frozen).ContinueWith(
            made =>
            {
                if (made.IsCompletedSuccessfully)
                {
                    store.Tell(new SaveSnapshot(metadata, made.Result), answerTo);
                }
                else
                {
                    log.Error(made.Exception, "job {0}: its snapshot at {1} cannot be made", id, metadata.SequenceNr);
                    answerTo.Tell(new SaveSnapshotFailure(metadata, made.Exception!.GetBaseException()));
                }
            },
            TaskScheduler.Default);
    }

    private sealed record WholeLog(IReadOnlyList<LogEntry>? Entries, Exception? Error) : INoSerializationVerificationNeeded;
}
