using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Qube.Contracts;
using Qube.Contracts.Telemetry;

namespace Qube.Storage.Journal;

/// <summary>
/// The journal: requests that arrive while a commit is on its way to the disk become one commit together; a lone one goes straight
/// through. JOURNAL.md beside this file says why it is not a subclass of Akka.Persistence.Sql's.
/// </summary>
/// <remarks>
/// The actor has a thread of its own (a pinned dispatcher) and commits on it, so its mailbox is the group: the first request puts one
/// <see cref="Commit"/> behind whatever has already arrived. A failed commit fails exactly the writers whose rows were in it; a writer
/// whose sequence number exists fails alone. Replays begin after the commit of everything that was asked for before them.
/// </remarks>
public sealed class GroupingJournal : WriteJournalBase
{
    /// <summary>How long a write for which nobody waits is held for one that somebody does wait for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IJournalStore _store;
    private readonly EventCodec _codec;
    private readonly KnownNewIds _knownNew;
    private readonly int _rowsPerCommitMax;
    private readonly int _readerCount;
    private readonly string _readerDispatcher;
    private readonly List<JournalRow> _rows = [];
    private readonly List<WriterBatch> _batches = [];
    private readonly List<ReplayMessages> _replaysAfterCommit = [];
    private IActorRef[] _readers = [];
    private IJournalWriter? _writer;
    private Exception? _openFailure;
    private TimeSpan _openAgainAt;
    private bool _commitQueued;
    private bool _isPatient;
    private Timer? _patience;
    private long _failedCommits;

    /// <param name="config">The plugin's own section; <see cref="StorageConfig"/> writes it and says what each key means.</param>
    public GroupingJournal(Config config)
    {
        var connectionString = config.GetString("connection-string");
        _store = config.GetString("store") switch
        {
            "sqlite" => new SqliteJournalStore(connectionString),
            "postgresql" => new PostgresJournalStore(connectionString),
            var other => throw new ConfigurationException($"akka.persistence.journal.qube.store is '{other}'; it must be sqlite or postgresql."),
        };
        _rowsPerCommitMax = config.GetInt("rows-per-commit-max");
        _readerCount = config.GetInt("readers");
        _readerDispatcher = config.GetString("replay-dispatcher");
        var system = (ExtendedActorSystem)Context.System;
        _codec = new EventCodec(system, Persistence.Instance.Apply(system).AdaptersFor(StorageConfig.JournalPluginId), Guid.NewGuid().ToString("N"));
        _knownNew = KnownNewIds.Get(system);
    }

    protected override void PreStart()
    {
        if (Self is ActorRefWithCell self)
            FarmMeter.ReportMailbox("journal", () => self.Underlying.NumberOfMessages);

        try
        {
            // Opened here so that a database that cannot be used is in the log at start and not at the first write.
            Writer();
        }
        catch (Exception cause)
        {
            _log.Error(cause, "The journal cannot be opened; every write and recovery fails until it can. {0}", cause.Message);
        }

        _readers = [.. Enumerable.Range(0, _readerCount).Select(_ => Context.ActorOf(
            Props.Create(() => new LogReplayActor(_store, _codec)).WithDispatcher(_readerDispatcher)))];
    }

    protected override void PreRestart(Exception reason, object message)
    {
        FailGroup(reason);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _patience?.Dispose();
        CloseWriter();
        _store.Dispose();
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                Accept(write);
                return true;
            case Commit:
                _commitQueued = false;
                CommitGroup();
                return true;
            case PatienceOver:
                _isPatient = false;
                CommitGroup();
                return true;
            case ReplayMessages replay:
                AcceptReplay(replay);
                return true;
            case DeleteMessagesTo delete:
                CommitGroup();
                Delete(delete);
                return true;
            case CheckJournalHealth:
                Sender.Tell(new JournalHealthCheckResponse(Health()));
                return true;
            default:
                return false;
        }
    }

    private void Accept(WriteMessages write)
    {
        _batches.Add(_codec.Encode(write, _rows, DateTime.UtcNow.Ticks));
        if (_rows.Count >= _rowsPerCommitMax)
            CommitGroup();
        else if (IsPatient(write))
            CommitSoon();
        else
            QueueCommit();
    }

    private static bool IsPatient(WriteMessages request)
    {
        foreach (var envelope in request.Messages)
        {
            if (envelope is AtomicWrite write && EventCodec.EventsOf(write)[0].Payload is not IPatientEvent)
                return false;
        }

        return true;
    }

    private void CommitSoon()
    {
        if (_commitQueued || _isPatient)
            return;

        _isPatient = true;
        var self = Self;
        _patience ??= new Timer(_ => self.Tell(PatienceOver.Instance, ActorRefs.NoSender));
        _patience.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    private void QueueCommit()
    {
        if (_commitQueued)
            return;

        _commitQueued = true;
        Self.Tell(Commit.Instance);
    }

    private void CommitGroup()
    {
        if (_batches.Count > 0)
        {
            try
            {
                var began = Stopwatch.GetTimestamp();
                Writer().Write(_rows, _batches);
                FarmMeter.JournalWrite.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
                FarmMeter.JournalEvents.Add(_rows.Count);
                if (_failedCommits > 0)
                    _log.Warning("The journal writes again, after {0} failed commits.", _failedCommits);
                _failedCommits = 0;
                AnswerGroup();
            }
            catch (Exception cause)
            {
                FailGroup(cause);
            }
        }

        foreach (var replay in _replaysAfterCommit)
            Dispatch(replay);
        _replaysAfterCommit.Clear();
    }

    /// <summary>Nothing of the group was stored, or nobody knows: its writers stop, and recover what is there.</summary>
    private void FailGroup(Exception cause)
    {
        FarmMeter.JournalFailures.Add(1);
        if (_batches.Count > 0 && _failedCommits++ == 0)
            _log.Error(cause, "A commit of {0} events of {1} writers failed, and so may those that follow until the journal says that it writes again. {2}", _rows.Count, _batches.Count, cause.Message);
        CloseWriter();
        foreach (var batch in _batches)
            batch.Failure = cause;
        AnswerGroup();
    }

    private void AnswerGroup()
    {
        foreach (var batch in _batches)
            Answer(batch);
        _rows.Clear();
        _batches.Clear();
    }

    private void Answer(WriterBatch batch)
    {
        var writer = batch.Request.PersistentActor;
        var instance = batch.Request.ActorInstanceId;
        writer.Tell(batch.Failure is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(batch.Failure, batch.AtomicWriteCount), Self);
        var index = 0;
        foreach (var envelope in batch.Request.Messages)
        {
            if (envelope is not AtomicWrite write)
            {
                writer.Tell(new LoopMessageSuccess(envelope.Payload, instance), envelope.Sender);
                continue;
            }

            var rejection = batch.Rejections?.GetValueOrDefault(index++);
            foreach (var representation in EventCodec.EventsOf(write))
            {
                writer.Tell(
                    batch.Failure is not null ? new WriteMessageFailure(representation, batch.Failure, instance)
                    : rejection is not null ? new WriteMessageRejected(representation, rejection, instance)
                    : new WriteMessageSuccess(representation, instance),
                    representation.Sender);
            }
        }
    }

    private void AcceptReplay(ReplayMessages replay)
    {
        if (replay.FromSequenceNr <= 1 && _knownNew.Consume(replay.PersistenceId))
            replay.PersistentActor.Tell(new RecoverySuccess(0), ActorRefs.NoSender);
        else if (_batches.Count == 0)
            Dispatch(replay);
        else
        {
            // Behind writes that were held, perhaps: who reads does wait.
            _replaysAfterCommit.Add(replay);
            QueueCommit();
        }
    }

    /// <summary>One log is always read by the same reader: its replays keep their order.</summary>
    private void Dispatch(ReplayMessages replay)
    {
        if (_openFailure is not null && _writer is null && !TryReopen())
        {
            replay.PersistentActor.Tell(new ReplayMessagesFailure(_openFailure), ActorRefs.NoSender);
            return;
        }

        var reader = (uint)replay.PersistenceId.GetHashCode(StringComparison.Ordinal) % (uint)_readers.Length;
        _readers[reader].Tell(replay);
    }

    private void Delete(DeleteMessagesTo delete)
    {
        try
        {
            Writer().DeleteTo(delete.PersistenceId, delete.ToSequenceNr);
            delete.PersistentActor.Tell(new DeleteMessagesSuccess(delete.ToSequenceNr), Self);
        }
        catch (Exception cause)
        {
            _log.Error(cause, "Deleting the events of {0} up to {1} failed.", delete.PersistenceId, delete.ToSequenceNr);
            CloseWriter();
            delete.PersistentActor.Tell(new DeleteMessagesFailure(cause, delete.ToSequenceNr), Self);
        }
    }

    private PersistenceHealthCheckResult Health()
    {
        try
        {
            Writer();
            return _failedCommits == 0
                ? new PersistenceHealthCheckResult(PersistenceHealthStatus.Healthy, "the journal writes")
                : new PersistenceHealthCheckResult(PersistenceHealthStatus.Unhealthy, $"the last {_failedCommits} commits failed");
        }
        catch (Exception cause)
        {
            return new PersistenceHealthCheckResult(PersistenceHealthStatus.Unhealthy, cause.Message, cause);
        }
    }

    /// <summary>The open session, or a new one. While the database is away it is asked once a second, not once per writer.</summary>
    private IJournalWriter Writer()
    {
        if (_writer is not null)
            return _writer;

        var now = Context.System.Scheduler.MonotonicClock;
        if (_openFailure is not null && now < _openAgainAt)
            throw new InvalidOperationException($"The journal is not open: {_openFailure.Message}", _openFailure);

        try
        {
            _writer = _store.OpenWriter();
            _openFailure = null;
            return _writer;
        }
        catch (Exception cause)
        {
            _openFailure = cause;
            _openAgainAt = Context.System.Scheduler.MonotonicClock + TimeSpan.FromSeconds(1);
            throw;
        }
    }

    private bool TryReopen()
    {
        try
        {
            Writer();
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private void CloseWriter()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (Exception cause)
        {
            _log.Warning(cause, "Closing the journal's session failed.");
        }

        _writer = null;
    }

    private sealed class PatienceOver
    {
        public static readonly PatienceOver Instance = new();
    }

    private sealed class Commit
    {
        public static readonly Commit Instance = new();
    }
}
