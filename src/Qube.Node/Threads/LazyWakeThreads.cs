using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Dispatch;
using Qube.Node.Launcher;

namespace Qube.Node.Threads;

/// <summary>
/// Threads for actors that wake one another as seldom as possible. While one is awake, what it sends waits for it; a second is woken only when the
/// first has more than it can do soon. To wake a sleeping thread on another processor costs 50 to 200 µs, to go on to the next actor costs
/// one; the runtime's pool wakes a thread for every message, and a frame's end passes through a dozen actors before the next one starts.
/// </summary>
/// <remarks>A worker that is stuck in one actor (a long fold, a blocking call) holds up what is behind it for at most two looks of the
/// watchman, <see cref="WatchMs"/> each; then another thread is woken or, when all are stuck, started.</remarks>
internal sealed class LazyWakeThreads
{
    private const int WatchMs = 10, QuietRounds = 20, MaxThreads = 64;

    /// <summary>A second thread is woken for more than so many actors waiting on each that is awake.</summary>
    private const int BacklogPerThread = 6;

    /// <summary>A thread that has been in one actor for so long is not waited for.</summary>
    private static readonly long SoonTicks = Stopwatch.Frequency / 5_000;

    private readonly ConcurrentQueue<IRunnable> _queue = new();
    private readonly Lock _gate = new();
    private readonly Stack<Worker> _asleep = new();
    private readonly Bell _watch = new();
    private readonly int _normal;
    private Worker[] _workers = [];
    private volatile bool _over;
    private bool _watching;
    private int _awake;
    private int _queued;
    private int _shares;
    private long _wakes;

    /// <param name="threads">How many there are while none is stuck.</param>
    internal LazyWakeThreads(int threads)
    {
        _normal = threads;
        for (var number = 0; number < threads; number++)
        {
            Hire();
        }

        new Thread(Watch) { Name = "qube watchman", IsBackground = true }.Start();
    }

    /// <summary>Threads that there are, stuck ones and their stand-ins included.</summary>
    internal int Count => Volatile.Read(ref _workers).Length;

    /// <summary>How often a sleeping thread has been woken.</summary>
    internal long Wakes => Interlocked.Read(ref _wakes);

    internal LazyWakeThreads Share()
    {
        Interlocked.Increment(ref _shares);
        return this;
    }

    /// <summary>The last dispatcher that used them has ended: so do they, when what is queued is done.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _shares) > 0)
        {
            return;
        }

        lock (_gate)
        {
            // Under the lock, as every ring of this bell: one that came after its end would be a write to whatever has its descriptor by then.
            _over = true;
            _watch.Ring();
        }

        while (WakeOne())
        {
        }
    }

    internal void Execute(IRunnable run)
    {
        if (_over)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static late => late.Run(), run, preferLocal: false);
            return;
        }

        _queue.Enqueue(run);

        // A full fence: either this thread sees that all are asleep, or the one that falls asleep sees what was queued.
        var queued = Interlocked.Increment(ref _queued);
        var awake = Volatile.Read(ref _awake);
        if (awake == 0 || (awake < _normal && queued > BacklogPerThread * awake) || AllAreLate())
        {
            WakeOne();
        }
    }

    private bool AllAreLate()
    {
        var latest = Stopwatch.GetTimestamp() - SoonTicks;
        foreach (var worker in Volatile.Read(ref _workers))
        {
            if (Volatile.Read(ref worker.Since) > latest)
            {
                return false;
            }
        }

        return true;
    }

    private bool WakeOne()
    {
        Worker? worker;
        lock (_gate)
        {
            if (!_asleep.TryPop(out worker))
            {
                return false;
            }

            Interlocked.Increment(ref _awake);
            Volatile.Write(ref worker.Since, Stopwatch.GetTimestamp());
            if (!_watching && !_over)
            {
                _watching = true;
                _watch.Ring();
            }

            _wakes++;
        }

        worker.Bell.Ring();
        return true;
    }

    private void Hire()
    {
        var worker = new Worker();
        lock (_gate)
        {
            _workers = [.. _workers, worker];
            Interlocked.Increment(ref _awake);
        }

        new Thread(() => Work(worker)) { Name = "qube actors", IsBackground = true }.Start();
    }

    private void Work(Worker worker)
    {
        Libc.AskForShortSlices();
        do
        {
            while (_queue.TryDequeue(out var run))
            {
                Interlocked.Decrement(ref _queued);
                Volatile.Write(ref worker.Since, Stopwatch.GetTimestamp());
                run.Run();
                worker.Done++;
            }
        }
        while (SleepUntilWoken(worker));
        worker.Bell.Close();
    }

    /// <summary>False: this thread is not needed any more.</summary>
    private bool SleepUntilWoken(Worker worker)
    {
        lock (_gate)
        {
            Interlocked.Decrement(ref _awake);
            if (!_queue.IsEmpty)
            {
                Interlocked.Increment(ref _awake);
                return true;
            }

            if (_over || _asleep.Count >= _normal)
            {
                _workers = [.. _workers.Where(other => other != worker)];
                return false;
            }

            Volatile.Write(ref worker.Since, 0);
            _asleep.Push(worker);
        }

        while (!worker.Bell.Wait())
        {
        }

        return true;
    }

    private void Watch()
    {
        while (!_over)
        {
            if (_watch.Wait())
            {
                WatchUntilQuiet();
            }
        }

        lock (_gate)
        {
            _watch.Close();
        }
    }

    /// <summary>Looks at what is queued while anything moves; while the farm is at rest nobody looks.</summary>
    private void WatchUntilQuiet()
    {
        var (last, quiet) = (-1L, 0);
        while (!_over)
        {
            Thread.Sleep(WatchMs);
            var done = Volatile.Read(ref _workers).Sum(worker => Volatile.Read(ref worker.Done));
            var moved = done != last;
            last = done;
            if (moved || Volatile.Read(ref _awake) > 0)
            {
                quiet = 0;
            }

            if (!moved && Volatile.Read(ref _queued) > 0 && !WakeOne() && _workers.Length < MaxThreads)
            {
                Hire();
            }

            lock (_gate)
            {
                if (++quiet >= QuietRounds && _awake == 0 && !_over)
                {
                    _watching = false;
                    return;
                }
            }
        }
    }

    private sealed class Worker
    {
        /// <summary>Since when it has been with one actor, or has been woken; 0 while it sleeps.</summary>
        public long Since;

        public long Done;

        public Bell Bell { get; } = new();
    }
}
