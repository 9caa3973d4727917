using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Qube.Node.Threads;

/// <summary>Makes <see cref="LazyWakeExecutor"/> the executor of a dispatcher: <c>executor = "Qube.Node.Threads.LazyWakeExecutorConfigurator, qube"</c>.
/// All dispatchers of one actor system that name it share the threads, so that a message from one to the other wakes nobody; one that says
/// <c>threads = N</c> has its own.</summary>
public sealed class LazyWakeExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    private static readonly ConditionalWeakTable<Settings, LazyWakeThreads> ThreadsOf = [];

    /// <inheritdoc/>
    public override ExecutorService Produce(string id)
    {
        if (Config.GetInt("threads") is > 0 and var own)
        {
            return new LazyWakeExecutor(id, new LazyWakeThreads(own).Share());
        }

        lock (ThreadsOf)
        {
            return new LazyWakeExecutor(id, ThreadsOf.GetValue(Prerequisites.Settings, static _ => new LazyWakeThreads(Math.Max(2, Environment.ProcessorCount))).Share());
        }
    }

    private sealed class LazyWakeExecutor(string id, LazyWakeThreads threads) : ExecutorService(id)
    {
        private int stopped;

        public override void Execute(IRunnable run) => threads.Execute(run);

        public override void Shutdown()
        {
            if (Interlocked.Exchange(ref stopped, 1) == 0)
            {
                threads.Release();
            }
        }
    }
}
