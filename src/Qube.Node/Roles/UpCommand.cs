using System.CommandLine;
using Qube.Actors.Farm;

namespace Qube.Node.Roles;

/// <summary><c>qube up</c>, <c>qube supervisor</c> and <c>qube worker</c>.</summary>
internal static class UpCommand
{
    public static Command Create() => Create(NodeRole.Both, "up", "Runs a whole farm in this process: supervisor, worker and an embedded journal.");

    public static Command CreateSupervisor() =>
        Create(NodeRole.Supervisor, "supervisor", "Runs a supervisor: alone, or as one of 3 or 5 that share a PostgreSQL journal. SIGTERM hands over to the others.");

    public static Command CreateWorker() =>
        Create(NodeRole.Worker, "worker", "Runs a render host of a farm. SIGTERM lets what runs end, and gives back what does not.");

    private static Command Create(NodeRole role, string name, string description)
    {
        var options = new RoleOptions(role);
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction((parsed, cancel) => Run(name, options.Read(parsed), cancel));
        return command;
    }

    private static async Task<int> Run(string name, UpOptions options, CancellationToken cancel)
    {
        using var stop = new StopSignal(cancel);
        try
        {
            return options.Role == NodeRole.Worker ? await RunWorker(options, stop) : await RunFarm(options, stop);
        }
        catch (OperationCanceledException) when (stop.IsAsked)
        {
            // Asked to go before it had come: a supervisor that waits for the others, say.
            return 0;
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or InvalidOperationException or TimeoutException or FarmAwayException)
        {
            await Console.Error.WriteLineAsync($"qube {name}: {failure.Message}");
            return failure is ArgumentException ? 2 : 1;
        }
    }

    private static async Task<int> RunFarm(UpOptions options, StopSignal stop)
    {
        var farm = await FarmHost.StartAsync(options, cancel: stop.Token);
        await Console.Out.WriteLineAsync($"ready {farm.Url.ToString().TrimEnd('/')}");
        await Task.WhenAny(stop.Asked, farm.Ended);
        var asked = stop.IsAsked;
        if (!asked)
        {
            await Console.Error.WriteLineAsync("qube supervisor: it was cut off from the majority of the farm's supervisors, or did not answer them for long, and ends; start it again, and it joins them");
        }

        await farm.DisposeAsync();
        return asked ? 0 : 1;
    }

    private static async Task<int> RunWorker(UpOptions options, StopSignal stop)
    {
        await using var worker = await WorkerHost.StartAsync(options, attached => Console.Out.WriteLine($"ready {options.Name} attached to {attached.SupervisorUrl}"));
        await Task.WhenAny(stop.Asked, worker.Ended);
        var asked = stop.IsAsked;
        if (worker.Problem is { } problem)
        {
            await Console.Error.WriteLineAsync($"qube worker: {problem}");
        }

        await worker.StopAsync(drain: asked);
        return asked ? 0 : worker.Problem is null ? 1 : 2;
    }
}
