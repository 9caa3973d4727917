using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Qube.Contracts;

namespace Qube.Actors.ReadModel;

/// <summary>
/// Writes jobs' rows behind them, many in one transaction, and answers queries. A query first writes what is pending, so that nobody reads
/// an older state than the one he was told of. It blocks on its storage, and so has a thread to itself; queries run on another one, so that a
/// long scan does not hold back the acknowledgement of a flush.
/// </summary>
/// <remarks>A failed write keeps its rows (one per job, so their number is bounded by the farm), is logged, and is tried again on a connection
/// opened anew. Until then queries are answered as <see cref="ReadModelMessages.JobRows.Away"/>: a stale answer would look like a lost change.</remarks>
public sealed class ReadModelActor : ReceiveActor, IWithTimers
{
    /// <summary>The two dispatchers that <see cref="Props"/> names; to be among the system's configuration.</summary>
    public static readonly Config Dispatchers = ConfigurationFactory.ParseString(
        """
        qube.read-model {
          # SQLite's driver blocks: one thread for the writer, one for the reader, none of the pool's.
          write-dispatcher { type = PinnedDispatcher }
          read-dispatcher { type = PinnedDispatcher }
        }
        """);

    /// <summary>The actor's name under <c>/user</c>: those of the other supervisors look for it there.</summary>
    public const string ActorName = "read-model";

    /// <summary>A supervisor that does not answer within this delays a list, and does not prevent it.</summary>
    private static readonly TimeSpan PeerLimit = TimeSpan.FromMilliseconds(500);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Func<IEnumerable<ICanTell>>? _peers;
    private readonly PendingRows _pending = new();
    private readonly List<(IActorRef Asker, JobId JobId)> _flushWaiters = [];
    private readonly Func<IJobReadModel> _open;
    private readonly ReadModelOptions _options;
    private readonly IActorRef _reader;
    private IJobReadModel? _model;
    private bool _failing;
    private bool _flushTold;

    public ReadModelActor(Func<IJobReadModel> open, ReadModelOptions options, Func<IEnumerable<ICanTell>>? peers)
    {
        _peers = peers;
        _open = open;
        _options = options.Checked();
        _reader = Context.ActorOf(ReadModelQueryActor.Props(open), "queries");
        Receive<ReadModelMessages.JobChanged>(changed => Keep(() => _pending.Change(changed.Summary)));
        Receive<JobListed>(listed => Keep(() => _pending.List(listed.Spec)));
        Receive<ReadModelMessages.JobRemoved>(removed => Keep(() => _pending.Remove(removed.JobId)));
        Receive<ReadModelMessages.Flush>(OnFlush);
        Receive<ReadModelMessages.QueryJobs>(OnQuery);
        Receive<PeersWritten>(written => _reader.Tell(written.Query, written.Asker));
        Receive<WriteNow>(_ => OnWriteNow());
        Receive<Retry>(_ => OnRetry());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="open">Opens the rows' place; called for the writer and for the reader, and again after a fault.</param>
    /// <param name="options">How much is written when.</param>
    /// <param name="peers">Those of the other supervisors, where all write to one place; each writes what it holds before a query is answered.</param>
    public static Props Props(Func<IJobReadModel> open, ReadModelOptions options, Func<IEnumerable<ICanTell>>? peers = null) =>
        Akka.Actor.Props.Create(() => new ReadModelActor(open, options, peers)).WithDispatcher("qube.read-model.write-dispatcher");

    protected override void PreStart()
    {
        base.PreStart();
        MailboxDepth.Report("read-model", Self);
    }

    protected override void PostStop()
    {
        Write();
        Close();
        base.PostStop();
    }

    private void Keep(Action change)
    {
        change();
        if (_failing)
        {
            return;
        }

        if (_pending.Count >= _options.BatchRows)
        {
            Write();
        }
        else if (!Timers.IsTimerActive(nameof(WriteNow)))
        {
            Timers.StartSingleTimer(nameof(WriteNow), WriteNow.Instance, TimeSpan.FromMilliseconds(_options.FlushMilliseconds));
        }
    }

    private void OnFlush(ReadModelMessages.Flush flush)
    {
        _flushWaiters.Add((Sender, flush.JobId));
        if (!_failing && !_flushTold)
        {
            // At the end of the mailbox, so that all who ask at the same time share one commit.
            _flushTold = true;
            Self.Tell(WriteNow.Instance);
        }
    }

    private void OnWriteNow()
    {
        _flushTold = false;
        if (!_failing)
        {
            Write();
        }
    }

    private void OnQuery(ReadModelMessages.QueryJobs query)
    {
        if (!_failing)
        {
            Write();
        }

        if (_failing)
        {
            Sender.Tell(new ReadModelMessages.JobRows { Away = true, Error = "the list of jobs cannot be written at the moment; the supervisor's log says why" });
        }
        else if (_peers?.Invoke().ToArray() is { Length: > 0 } peers)
        {
            var asker = Sender;
            Task.WhenAll(peers.Select(Written)).PipeTo(Self, success: _ => new PeersWritten(query, asker));
        }
        else
        {
            _reader.Forward(query);
        }
    }

    private static async Task<bool> Written(ICanTell peer)
    {
        try
        {
            await peer.Ask<ReadModelMessages.Flushed>(new ReadModelMessages.Flush(), PeerLimit);
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    private void OnRetry()
    {
        _failing = false;
        Write();
        if (!_failing)
        {
            _log.Info("The read model is written again");
        }
    }

    private void Write()
    {
        try
        {
            if (_pending.Count > 0)
            {
                _model ??= _open();
                _pending.WriteTo(_model, _options.BatchRows);
            }
        }
#pragma warning disable CA1031 // Whatever the storage throws, the rows stay and are written later: that is the whole point.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _log.Error(fault, "The read model could not be written; {0} jobs wait, next try in {1} ms", _pending.Count, _options.RetryMilliseconds);
            _failing = true;
            Close();
            Timers.StartSingleTimer(nameof(Retry), Retry.Instance, TimeSpan.FromMilliseconds(_options.RetryMilliseconds));
            return;
        }

        Timers.Cancel(nameof(WriteNow));
        foreach (var (asker, jobId) in _flushWaiters)
        {
            asker.Tell(new ReadModelMessages.Flushed { JobId = jobId });
        }

        _flushWaiters.Clear();
    }

    private void Close()
    {
        try
        {
            _model?.Dispose();
        }
#pragma warning disable CA1031 // A connection that is broken may not even close; the next one is opened all the same.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _log.Warning(fault, "The read model's connection did not close");
        }

        _model = null;
    }

    private sealed record PeersWritten(ReadModelMessages.QueryJobs Query, IActorRef Asker) : INoSerializationVerificationNeeded;

    private sealed record WriteNow : INoSerializationVerificationNeeded
    {
        public static readonly WriteNow Instance = new();
    }

    private sealed record Retry : INoSerializationVerificationNeeded
    {
        public static readonly Retry Instance = new();
    }
}
