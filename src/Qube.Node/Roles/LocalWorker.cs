using Akka.Actor;
using Qube.Actors.Workers;
using Qube.Contracts.Launching;

namespace Qube.Node.Roles;

/// <summary>The worker node in a supervisor's own process, and its hold on the launcher.</summary>
internal sealed class LocalWorker
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private IActorRef actor = ActorRefs.Nobody;
    private ILauncher? launcher;

    private LocalWorker()
    {
    }

    public static LocalWorker Start(ActorSystem system, WorkerOptions options, LauncherConnector connect, IActorRef gate)
    {
        var worker = new LocalWorker();
        async Task<ILauncher> Connect(Action<LaunchEvent> onEvent, CancellationToken cancel) => worker.launcher = await connect(onEvent, cancel);
        worker.actor = system.ActorOf(WorkerNodeActor.Props(options, Connect, [gate], TimeProvider.System), "worker");
        return worker;
    }

    /// <summary>Ends the node, and its launcher unless something runs that is to go on. A launcher that does not answer is left.</summary>
    public async Task StopAsync(bool killAll)
    {
        if (killAll && launcher is not null)
        {
            await Patiently(launcher.ShutdownAsync(killAll: true));
        }

        await Patiently(actor.GracefulStop(StopLimit));
        if (launcher is not null)
        {
            await Patiently(launcher.ShutdownAsync(killAll: false));
        }
    }

    private static async Task Patiently(Task task)
    {
        await Task.WhenAny(task, Task.Delay(StopLimit));
    }
}
