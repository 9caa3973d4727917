using Akka.Dispatch;
using Qube.Node.Threads;
using Xunit;

namespace Qube.Node.Tests.Threads;

public sealed class LazyWakeThreadsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly LazyWakeThreads threads = new LazyWakeThreads(2).Share();

    public void Dispose() => threads.Release();

    [Fact]
    public void Should_wake_hardly_anybody_when_each_actor_only_tells_the_next()
    {
        var hops = 0;
        using var done = new ManualResetEventSlim();
        void Hop(int left)
        {
            Interlocked.Increment(ref hops);
            if (left == 0)
            {
                done.Set();
            }
            else
            {
                threads.Execute(new Run(() => Hop(left - 1)));
            }
        }

        threads.Execute(new Run(() => Hop(1_000)));

        Assert.True(done.Wait(Limit), $"expected 1,001 hops within {Limit}, saw {hops}");

        // A hop during which the machine took the processor away wakes the other thread: it is not waited for.
        Assert.True(threads.Wakes < 300, $"expected 1,001 hops to wake a thread now and then, saw {threads.Wakes} wakes");
    }

    [Fact]
    public void Should_run_each_once_when_many_threads_send_at_once()
    {
        const int senders = 8, each = 20_000;
        var runs = new int[senders * each];
        using var left = new CountdownEvent(runs.Length);
        for (var sender = 0; sender < senders; sender++)
        {
            var from = sender * each;
            new Thread(() =>
            {
                for (var index = from; index < from + each; index++)
                {
                    var mine = index;
                    threads.Execute(new Run(() =>
                    {
                        Interlocked.Increment(ref runs[mine]);
                        left.Signal();
                    }));
                }
            }).Start();
        }

        Assert.True(left.Wait(Limit), $"expected {runs.Length} runs within {Limit}, {left.CurrentCount} are missing");
        Assert.All(runs, static count => Assert.Equal(1, count));
    }

    [Fact]
    public void Should_run_what_waits_when_every_thread_is_stuck()
    {
        using var unstick = new ManualResetEventSlim();
        using var stuck = new CountdownEvent(5);
        using var done = new ManualResetEventSlim();
        try
        {
            for (var actor = 0; actor < stuck.InitialCount; actor++)
            {
                threads.Execute(new Run(() =>
                {
                    stuck.Signal();
                    unstick.Wait();
                }));
            }

            threads.Execute(new Run(done.Set));

            Assert.True(done.Wait(Limit), $"expected an actor behind 5 stuck ones to run within {Limit}; {5 - stuck.CurrentCount} of them had begun");
            Assert.True(stuck.Wait(Limit), $"expected 5 to be stuck, {5 - stuck.CurrentCount} had begun");
            done.Reset();
            threads.Execute(new Run(done.Set));
            Assert.True(done.Wait(Limit), $"expected the next one to run too; there are {threads.Count} threads");
        }
        finally
        {
            unstick.Set();
        }

        Until(() => threads.Count == 2, "2 threads once nothing is stuck");
    }

    [Fact]
    public void Should_not_wait_for_an_actor_that_takes_long_when_another_is_sent_to()
    {
        using var second = new ManualResetEventSlim();
        using var first = new ManualResetEventSlim();
        threads.Execute(new Run(() =>
        {
            threads.Execute(new Run(second.Set));
            if (second.Wait(Limit))
            {
                first.Set();
            }
        }));

        Assert.True(first.Wait(Limit), "expected the second actor to run while the first waits for it");
    }

    [Fact]
    public void Should_end_its_threads_when_the_last_dispatcher_ends()
    {
        var others = new LazyWakeThreads(3).Share().Share();
        others.Release();
        Assert.Equal(3, others.Count);
        using var late = new ManualResetEventSlim();

        others.Release();

        Until(() => others.Count == 0, "no thread", others);
        others.Execute(new Run(late.Set));
        Assert.True(late.Wait(Limit), "expected what comes late to run all the same");
    }

    private void Until(Func<bool> condition, string expected, LazyWakeThreads? of = null) =>
        Assert.True(SpinWait.SpinUntil(condition, Limit), $"expected {expected} within {Limit}, saw {(of ?? threads).Count} threads");

    private sealed class Run(Action action) : IRunnable
    {
        void IRunnable.Run() => action();

        public void Execute() => action();
    }
}
