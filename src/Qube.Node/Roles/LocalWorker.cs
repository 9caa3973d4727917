using Akka.Actor;
using Qube.Actors.Workers;
using Qube.Contracts.Launching;

namespace Qube.Node.Roles;

/// <summary>The worker node in a supervisor's own process, and its hold on the launcher.</summary>
internal sealed class LocalWorker
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    /// <summary>A busy machine may take long to start a launcher, and one that nobody waits for stays for its whole lease.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    private IActorRef actor = ActorRefs.Nobody;
    private volatile Task<ILauncher>? connecting;

    private LocalWorker()
    {
    }

    public static LocalWorker Start(ActorSystem system, WorkerOptions options, LauncherConnector connect, IActorRef gate)
    {
        var worker = new LocalWorker();

        // Not given up when the node stops: a launcher that has just been started would be left to itself for a whole lease.
        Task<ILauncher> Connect(Action<LaunchEvent> onEvent, CancellationToken cancel) => worker.connecting = connect(onEvent, CancellationToken.None);
        worker.actor = system.ActorOf(WorkerNodeActor.Props(options, Connect, [gate], TimeProvider.System), "worker");
        return worker;
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
