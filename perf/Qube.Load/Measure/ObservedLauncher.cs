using System.Collections.Concurrent;
using System.Diagnostics;
using Qube.Contracts.Launching;

namespace Qube.Load.Measure;

/// <summary>A launcher with a stop watch: when the node heard of each start and end, and how many ends the farm has declared recorded. It is
/// the only thing between the farm and its launcher, and asks the farm nothing while it works.</summary>
internal sealed class ObservedLauncher
{
    private readonly ConcurrentDictionary<(long Job, int Seq), Times> _times = new();
    private readonly ConcurrentDictionary<long, long> _recordedOf = new();
    private readonly Lock _gate = new();
    private readonly List<(long Total, TaskCompletionSource Reached)> _waiters = [];
    private long _recorded;

    /// <summary>False saves the dictionary of times: millions of simulated frames need none.</summary>
    public bool KeepsTimes { get; init; } = true;

    /// <summary>Frames whose end is in the journal: the launcher was told to forget them.</summary>
    public long Recorded => Interlocked.Read(ref _recorded);

    public long RecordedOf(long job) => _recordedOf.GetValueOrDefault(job);

    /// <summary>Of an item's last attempt. Ticks of <see cref="Stopwatch"/> when the node heard of it; the launcher's own clock, milliseconds.</summary>
    public Times? Of(long job, int seq) => _times.TryGetValue((job, seq), out var times) ? times : null;

    /// <summary>Completes when so many are recorded since the farm began.</summary>
    public Task WhenRecorded(long total)
    {
        lock (_gate)
        {
            if (Recorded >= total)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((total, reached));
            return reached.Task;
        }
    }

    /// <summary>The listener to give to the launcher in place of the node's.</summary>
    public Action<LaunchEvent> Listen(Action<LaunchEvent> node) => KeepsTimes
        ? launchEvent =>
        {
            Note(launchEvent, Stopwatch.GetTimestamp());
            node(launchEvent);
        }
    : node;

    public ILauncher Wrap(ILauncher launcher) => new Client(this, launcher);

    private void Note(LaunchEvent launchEvent, long at)
    {
        switch (launchEvent)
        {
            case LaunchEvent.Started started:
                _times[(started.Key.JobId, started.Key.Seq)] = _times.GetValueOrDefault((started.Key.JobId, started.Key.Seq)) with { StartedAt = at, StartedUnixMs = started.StartedUnixMs };
                break;
            case LaunchEvent.Ended ended:
                var key = (ended.Key.JobId, ended.Key.Seq);
                _times[key] = _times.GetValueOrDefault(key) with { EndedAt = at, EndedUnixMs = ended.EndedUnixMs };
                break;
        }
    }

    private void Forgotten(IReadOnlyList<LaunchKey> keys)
    {
        foreach (var key in keys)
        {
            _recordedOf.AddOrUpdate(key.JobId, 1, static (_, count) => count + 1);
        }

        lock (_gate)
        {
            _recorded += keys.Count;
            foreach (var (total, reached) in _waiters)
            {
                if (_recorded >= total)
                {
                    reached.TrySetResult();
                }
            }

            _waiters.RemoveAll(waiter => waiter.Reached.Task.IsCompleted);
        }
    }

    internal readonly record struct Times(long AskedAt, long StartedAt, long StartedUnixMs, long EndedAt, long EndedUnixMs);

    private sealed class Client(ObservedLauncher owner, ILauncher launcher) : ILauncher
    {
        public void Start(LaunchRequest request)
        {
            if (owner.KeepsTimes)
            {
                owner._times[(request.Key.JobId, request.Key.Seq)] = new Times(Stopwatch.GetTimestamp(), 0, 0, 0, 0);
            }

            launcher.Start(request);
        }

        public void Kill(LaunchKey key, TimeSpan grace) => launcher.Kill(key, grace);

        public void Suspend(LaunchKey key) => launcher.Suspend(key);

        public void Resume(LaunchKey key) => launcher.Resume(key);

        public void Forget(IReadOnlyList<LaunchKey> keys)
        {
            launcher.Forget(keys);
            owner.Forgotten(keys);
        }

        public void CloseBackEnd(long jobId, int instance, int run, string status) => launcher.CloseBackEnd(jobId, instance, run, status);

        public void RenewLease() => launcher.RenewLease();

        public Task ShutdownAsync(bool killAll) => launcher.ShutdownAsync(killAll);

        public ValueTask DisposeAsync() => launcher.DisposeAsync();
    }
}
