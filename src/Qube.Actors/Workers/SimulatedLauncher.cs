using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>
/// A launcher whose processes are only clocks: a simulated farm replaces this and nothing else. It keeps every promise of
/// <see cref="ILauncher"/>: a key starts once, ends are told until forgotten, a new client is shown all and displaces the one before, leases
/// run out. The object is the launcher process and its run file; each <see cref="Connect"/> is a client.
/// </summary>
#pragma warning disable CA1001 // Its client is disposed by whoever connected it.
public sealed class SimulatedLauncher
{
    /// <summary>As the real one's: a start that is repeated later than this many others runs.</summary>
    private const int RecordedRemembered = 16_384;
    private const int Sigterm = 15;
    private const int Sigkill = 9;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _lease;
    private readonly Func<LaunchRequest, SimulatedRun> _behaviour;
    private readonly ITimer _leaseTimer;
    private readonly Dictionary<LaunchKey, Process> _running = [];
    private readonly Dictionary<LaunchKey, LaunchEvent.Ended> _ended = [];
    private readonly Recent<LaunchKey, bool> _recorded = new(RecordedRemembered);
    private readonly Dictionary<long, int> _epochs = [];
    private Client? _client;
    private int _lastPid = 1000;
    private long _started;

    /// <param name="time">Runs the processes' clocks.</param>
    /// <param name="behaviour">How each process goes.</param>
    /// <param name="lease">How long they go on without a renewal; null is the farm's 120 s.</param>
    public SimulatedLauncher(TimeProvider time, Func<LaunchRequest, SimulatedRun> behaviour, TimeSpan? lease = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _behaviour = behaviour;
        _lease = lease ?? TimeSpan.FromSeconds(120);
        _leaseTimer = time.CreateTimer(static self => ((SimulatedLauncher)self!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Each process as it ends, before its client hears of it; called under a lock, so quick work only.</summary>
    public event Action<LaunchEvent.Ended>? ProcessEnded;

    /// <summary>How many processes were ever started: what a test of "at most once" counts.</summary>
    public long StartedCount => Interlocked.Read(ref _started);

    public int RunningCount
    {
        get
        {
            lock (_lock)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Ends not yet declared recorded.</summary>
    public int UnrecordedCount
    {
        get
        {
            lock (_lock)
            {
                return _ended.Count;
            }
        }
    }

    /// <summary>A <see cref="LauncherConnector"/>.</summary>
    public Task<ILauncher> Connect(Action<LaunchEvent> onEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _client?.Close(new LaunchEvent.Displaced());
            _client = new Client(this, onEvent);
            Renew();
            onEvent(new LaunchEvent.Snapshot([.. _running.Values.Select(static process => process.Started)], [.. _ended.Values]));
            return Task.FromResult<ILauncher>(_client);
        }
    }

    /// <summary>The launcher process dies and is started again: what it held is killed and nobody knows how it went.</summary>
    public void Crash()
    {
        lock (_lock)
        {
            foreach (var process in _running.Values.ToArray())
            {
                End(process, LaunchOutcome.Lost, 0);
            }
        }
    }

    private void Start(LaunchRequest request)
    {
        var key = request.Key;
        var highest = _epochs.GetValueOrDefault(key.JobId);
        if (request.Epoch < highest)
        {
            Tell(new LaunchEvent.Refused(key, request.Epoch, LaunchRefusal.StaleEpoch, highest));
            return;
        }

        _epochs[key.JobId] = request.Epoch;
        if (_running.TryGetValue(key, out var known))
        {
            known.Started = known.Started with { Epoch = request.Epoch };
            Tell(known.Started);
        }
        else if (_ended.TryGetValue(key, out var ended))
        {
            _ended[key] = ended with { Epoch = request.Epoch };
            Tell(_ended[key]);
        }
        else if (_recorded.Contains(key))
        {
            Tell(new LaunchEvent.Refused(key, request.Epoch, LaunchRefusal.AlreadyRecorded, request.Epoch));
        }
        else
        {
            Run(request);
        }
    }

    private void Run(LaunchRequest request)
    {
        Interlocked.Increment(ref _started);
        var run = _behaviour(request);
        var process = new Process(new LaunchEvent.Started(request.Key, request.Epoch, ++_lastPid, UnixMs()), run);
        _running.Add(request.Key, process);
        Tell(process.Started);
        if (run.Duration <= TimeSpan.Zero)
        {
            End(process, LaunchOutcome.Exited, run.ExitCode);
            return;
        }

        process.Left = run.Duration;
        Resume(process);
    }

    private void Resume(Process process)
    {
        process.ResumedAt = _time.GetTimestamp();
        process.Timer?.Dispose();
        process.Timer = _time.CreateTimer(
            _ =>
            {
                lock (_lock)
                {
                    // A suspension may have come between the tick and the lock.
                    if (process.Timer is not null)
                    {
                        End(process, LaunchOutcome.Exited, process.Run.ExitCode);
                    }
                }
            },
            null,
            process.Left,
            Timeout.InfiniteTimeSpan);
    }

    private void Suspend(Process process)
    {
        if (process.Timer is not null)
        {
            process.Left -= _time.GetElapsedTime(process.ResumedAt);
            process.Timer.Dispose();
            process.Timer = null;
        }
    }

    private void End(Process process, LaunchOutcome outcome, int code)
    {
        process.Timer?.Dispose();
        process.Timer = null;
        if (!_running.Remove(process.Started.Key))
        {
            return;
        }

        var usage = new LaunchUsage(process.Run.UserMs, 0, process.Run.MaxRssKiB);
        var ended = new LaunchEvent.Ended(
            process.Started.Key, process.Started.Epoch, outcome, code, process.Started.StartedUnixMs, UnixMs(), usage);
        _ended.Add(ended.Key, ended);
        ProcessEnded?.Invoke(ended);
        Tell(ended);
    }

    private void Forget(IReadOnlyList<LaunchKey> keys)
    {
        foreach (var key in keys)
        {
            // Only what has ended, as the real one: a running process is never forgotten, whatever the client believes.
            if (_ended.Remove(key))
            {
                _recorded.Set(key, true);
            }
        }
    }

    private void Expire()
    {
        lock (_lock)
        {
            foreach (var process in _running.Values.ToArray())
            {
                End(process, LaunchOutcome.LeaseExpired, 0);
            }
        }
    }

    private void Renew() => _leaseTimer.Change(_lease, Timeout.InfiniteTimeSpan);

    private void Tell(LaunchEvent launchEvent) => _client?.Tell(launchEvent);

    private long UnixMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed class Process(LaunchEvent.Started started, SimulatedRun run)
    {
        public LaunchEvent.Started Started { get; set; } = started;

        public SimulatedRun Run { get; } = run;

        public TimeSpan Left { get; set; }

        public long ResumedAt { get; set; }

        /// <summary>Null while it is stopped.</summary>
        public ITimer? Timer { get; set; }
    }

    private sealed class Client(SimulatedLauncher owner, Action<LaunchEvent> onEvent) : ILauncher
    {
        public bool IsClosed { get; private set; }

        public void Start(LaunchRequest request)
        {
            lock (owner._lock)
            {
                if (!IsClosed)
                {
                    owner.Start(request);
                }
            }
        }

        public void Kill(LaunchKey key, TimeSpan grace) => Do(() =>
        {
            if (owner._running.TryGetValue(key, out var process))
            {
                owner.End(process, LaunchOutcome.Signaled, grace > TimeSpan.Zero ? Sigterm : Sigkill);
            }
            else if (!owner._ended.ContainsKey(key))
            {
                Tell(new LaunchEvent.Refused(key, 0, LaunchRefusal.Unknown, owner._epochs.GetValueOrDefault(key.JobId)));
            }
        });

        public void Suspend(LaunchKey key) => Do(() =>
        {
            if (owner._running.TryGetValue(key, out var process))
            {
                owner.Suspend(process);
            }
        });

        public void Resume(LaunchKey key) => Do(() =>
        {
            if (owner._running.TryGetValue(key, out var process) && process.Timer is null)
            {
                owner.Resume(process);
            }
        });

        public void Forget(IReadOnlyList<LaunchKey> keys)
        {
            lock (owner._lock)
            {
                if (!IsClosed)
                {
                    owner.Forget(keys);
                }
            }
        }

        public void CloseBackEnd(long jobId, int instance, int run, string status)
        {
            // Every item is a simulated run of its own here.
        }

        public void RenewLease() => Do(owner.Renew);

        public Task ShutdownAsync(bool killAll)
        {
            Do(() =>
            {
                if (killAll)
                {
                    owner.Crash();
                }

                IsClosed = true;
            });
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            lock (owner._lock)
            {
                IsClosed = true;
            }

            return ValueTask.CompletedTask;
        }

        public void Tell(LaunchEvent launchEvent)
        {
            if (!IsClosed)
            {
                onEvent(launchEvent);
            }
        }

        public void Close(LaunchEvent last)
        {
            Tell(last);
            IsClosed = true;
        }

        private void Do(Action action)
        {
            lock (owner._lock)
            {
                if (!IsClosed)
                {
                    action();
                }
            }
        }
    }
}
