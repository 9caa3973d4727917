using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Qube.Contracts;
using Qube.Storage;
using Qube.Wire;
using Status = Qube.Contracts.Status;

namespace Qube.Load.Measure;

/// <summary>The farm's own journal, with the farm's own events and nothing else on it: what a commit costs here and now.</summary>
internal sealed class CommitFloor : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ActorSystem _system;
    private readonly string _folder;
    private int _writers;

    private CommitFloor(ActorSystem system, string folder) => (_system, _folder) = (system, folder);

    public static CommitFloor Open()
    {
        var folder = Directory.CreateTempSubdirectory("qube-load-commits-").FullName;
        var config = ConfigurationFactory.ParseString("akka.loglevel = WARNING\nakka.stdout-loglevel = WARNING\nakka.actor.default-dispatcher.executor = default-executor")
            .WithFallback(StorageConfig.Sqlite(folder))
            .WithFallback(WireConfig.Bindings());
        return new CommitFloor(ActorSystem.Create("commits", config), folder);
    }

    /// <summary>So many commits one after another by one writer, each awaited.</summary>
    /// <param name="count">How many.</param>
    /// <param name="transitions">Size of the batch in each.</param>
    /// <param name="onCommit">Gets each one's time, ticks of <see cref="Stopwatch"/>, from persist to its handler; one thread at a time.</param>
    /// <param name="pause">Before every second commit; zero for none. A machine that has just been idle is slower at everything.</param>
    /// <returns>Commits per second.</returns>
    public async Task<double> Serial(int count, int transitions, Action<long> onCommit, TimeSpan pause = default)
    {
        var done = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        var batch = Batch(transitions);
        var id = $"floor-{++_writers}";
        var writer = _system.ActorOf(Props.Create(() => new Writer(id, batch, count, pause, onCommit, done)));
        writer.Tell(Writer.Go.Instance);
        var rate = await done.Task.WaitAsync(Limit);
        await writer.GracefulStop(Limit);
        return rate;
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>As a job with short frames writes them: the end of one item, the assignment of the next.</summary>
    private static JobEvents.Batch Batch(int transitions)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return new JobEvents.Batch
        {
            AtMs = now,
            Transitions =
            [
                .. Enumerable.Range(0, transitions).Select(i => i % 2 == 0
                    ? new Transition { Kind = TransitionKind.ItemEnded, Seq = i, Instance = 0, Attempt = 1, Status = Status.Complete, StartedMs = now, EndedMs = now, Ahead = true }
                    : new Transition { Kind = TransitionKind.ItemAssigned, Seq = i, Instance = 0, Attempt = 1, StartedMs = now, Ahead = true }),
            ],
        };
    }

    private sealed class Writer(string id, JobEvents.Batch batch, int count, TimeSpan pause, Action<long> onCommit, TaskCompletionSource<double> done) : UntypedPersistentActor, IWithTimers
    {
        private readonly Stopwatch _watch = new();
        private int _done;

        public override string PersistenceId => id;

        public ITimerScheduler Timers { get; set; } = null!;

        public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

        protected override void OnRecover(object message)
        {
        }

        protected override void OnCommand(object message)
        {
            if (message is Go)
            {
                _watch.Start();
                Next();
            }
        }

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
        {
            done.TrySetException(cause);
            base.OnPersistFailure(cause, @event, sequenceNr);
        }

        private void Next()
        {
            var start = Stopwatch.GetTimestamp();
            PersistAsync(batch, _ =>
            {
                onCommit(Stopwatch.GetTimestamp() - start);
                if (++_done < count)
                {
                    if (pause > TimeSpan.Zero && _done % 2 == 0)
                    {
                        Timers.StartSingleTimer("pause", Go.Instance, pause);
                    }
                    else
                    {
                        Next();
                    }
                }
                else
                {
                    done.TrySetResult(count / _watch.Elapsed.TotalSeconds);
                }
            });
        }

        internal sealed class Go
        {
            public static readonly Go Instance = new();
        }
    }
}
