using Akka.Actor;
using Qube.Actors.Workers;
using Qube.Contracts.Launching;

namespace Qube.Node.Roles;

/// <summary>The worker node in a supervisor's own process, and its hold on the launcher.</summary>
internal sealed class LocalWorker
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    /// <summary>The grace of a killed process and a round trip to its job, on a busy machine.</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(15);

    /// <summary>A busy machine may take long to start a launcher, and one that nobody waits for stays for its whole lease.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    private IActorRef actor = ActorRefs.Nobody;
    private volatile Task<ILauncher>? connecting;

    private LocalWorker()
    {
    }

    /// <param name="system">Where the node lives.</param>
    /// <param name="options">What it is.</param>
    /// <param name="connect">Reaches its launcher.</param>
    /// <param name="gates">The farm's gates.</param>
    /// <param name="gateAt">The gate of a supervisor by its address; null where there are no others.</param>
    public static LocalWorker Start(ActorSystem system, WorkerOptions options, LauncherConnector connect, IReadOnlyList<ICanTell> gates, Func<string, ICanTell>? gateAt = null)
    {
        var worker = new LocalWorker();

        // Not given up when the node stops: a launcher that has just been started would be left to itself for a whole lease.
        Task<ILauncher> Connect(Action<LaunchEvent> onEvent, CancellationToken cancel) => worker.connecting = connect(onEvent, CancellationToken.None);
        worker.actor = system.ActorOf(WorkerNodeActor.Props(options, Connect, gates, TimeProvider.System, gateAt), "worker");
        return worker;
    }

    /// <summary>Completes when the node has ended by itself: another has taken over its launcher.</summary>
    public Task Ended => actor.WatchAsync();

    /// <summary>Takes nothing more, gives back what has not started, and waits for what runs; what runs beyond the limit is killed and given back.</summary>
    /// <returns>False when the farm has not heard of all of it: another life of this worker tells it, or the lease ends.</returns>
    public async Task<bool> DrainAsync(TimeSpan limit)
    {
        if (limit > TimeSpan.Zero && await Drained(new WorkerNodeActor.Drain(), limit))
        {
            return true;
        }

        return await Drained(new WorkerNodeActor.Drain(Kill: true), KillLimit);
    }

    private async Task<bool> Drained(WorkerNodeActor.Drain drain, TimeSpan limit)
    {
        try
        {
            await actor.Ask<WorkerNodeActor.Drained>(drain, limit);
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    /// <summary>Ends the node, and its launcher unless something runs that is to go on. A launcher that does not answer is left.</summary>
    public async Task StopAsync(bool killAll)
    {
        if (killAll && await Launcher() is { } held)
        {
            await Patiently(held.ShutdownAsync(killAll: true));
        }

        await Patiently(actor.GracefulStop(StopLimit));
        if (await Launcher() is { } left)
        {
            await Patiently(left.ShutdownAsync(killAll));
        }
    }

    /// <summary>The launcher, also one that is still being started; null where there is none.</summary>
    private async Task<ILauncher?> Launcher()
    {
        if (connecting is not { } attempt)
        {
            return null;
        }

        await Task.WhenAny(attempt, Task.Delay(ConnectLimit));
        return attempt.IsCompletedSuccessfully ? await attempt : null;
    }

    private static async Task Patiently(Task task)
    {
        await Task.WhenAny(task, Task.Delay(StopLimit));
    }
}
