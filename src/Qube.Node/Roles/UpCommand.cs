using System.CommandLine;
using System.Runtime.InteropServices;

namespace Qube.Node.Roles;

/// <summary><c>qube up</c>.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var defaults = new UpOptions();
        var data = new Option<string>("--data") { Description = "Folder for everything it writes; started again on it, the farm goes on where it was.", DefaultValueFactory = _ => defaults.Data };
        var port = new Option<int>("--port") { Description = "HTTP port; 0 is any free one.", DefaultValueFactory = _ => defaults.Port };
        var clusterPort = new Option<int>("--cluster-port") { Description = "Port of the actor system; 0 is any free one.", DefaultValueFactory = _ => defaults.ClusterPort };
        var slots = new Option<int>("--slots") { Description = "Worker slots.", DefaultValueFactory = _ => defaults.Slots };
        var name = new Option<string>("--name") { Description = "This host's name in the farm.", DefaultValueFactory = _ => defaults.Name };
        var config = new Option<string?>("--config") { Description = "HOCON file laid over cluster.hocon." };
        var lease = new Option<int>("--lease-seconds") { Description = "How long renders go on without their supervisor.", DefaultValueFactory = _ => defaults.LeaseSeconds };
        var migrate = new Option<int>("--migrate-timeout-seconds") { Description = "How long a job stays away from a host that it was migrated from (supervisor_migrate_timeout).", DefaultValueFactory = _ => defaults.MigrateTimeoutSeconds };
        var languages = new Option<string?>("--languages") { Description = "Callback languages switched on, between commas (supervisor_language_flags); default all." };
        var universal = new Option<string?>("--universal-callback-path") { Description = "Folders of callbacks that every job gets, between commas; default callback in the data folder." };
        var jobTypes = new Option<string?>("--jobtype-path") { Description = "Folders of job types, between commas (worker_template_path); default jobtypes in the data folder." };
        var pathMap = new Option<string?>("--worker-path-map") { Description = "Path replacements on this host, FROM=TO between commas, in order (worker_path_map)." };
        var flightChecks = new Option<string?>("--flight-check-path") { Description = "Folder with instance/pre, instance/post, agenda/pre and agenda/post (worker_flight_check_path); default flightCheck in the data folder." };
        var verbose = new Option<bool>("--verbose") { Description = "Log what goes on, not only what goes wrong." };
        var command = new Command("up", "Runs a whole farm in this process: supervisor, worker and an embedded journal.") { data, port, clusterPort, slots, name, config, lease, migrate, languages, universal, jobTypes, pathMap, flightChecks, verbose };
        command.SetAction((parsed, cancel) => Run(
            new UpOptions
            {
                Data = parsed.GetValue(data)!,
                Port = parsed.GetValue(port),
                ClusterPort = parsed.GetValue(clusterPort),
                Slots = parsed.GetValue(slots),
                Name = parsed.GetValue(name)!,
                ConfigFile = parsed.GetValue(config),
                LeaseSeconds = parsed.GetValue(lease),
                MigrateTimeoutSeconds = parsed.GetValue(migrate),
                Languages = parsed.GetValue(languages),
                UniversalCallbackPath = parsed.GetValue(universal),
                JobTypePath = parsed.GetValue(jobTypes),
                WorkerPathMap = parsed.GetValue(pathMap),
                FlightCheckPath = parsed.GetValue(flightChecks),
                Verbose = parsed.GetValue(verbose),
            },
            cancel));
        return command;
    }

    private static async Task<int> Run(UpOptions options, CancellationToken cancel)
    {
        var stop = new TaskCompletionSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal));
        using var cancelled = cancel.Register(() => stop.TrySetResult());
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }

        try
        {
            var farm = await FarmHost.StartAsync(options);
            await Console.Out.WriteLineAsync($"ready {farm.Url.ToString().TrimEnd('/')}");
            await Task.WhenAny(stop.Task, farm.Ended);
            var asked = stop.Task.IsCompleted;
            await farm.DisposeAsync();
            return asked ? 0 : 1;
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or InvalidOperationException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"qube up: {failure.Message}");
            return failure is ArgumentException ? 2 : 1;
        }
    }
}
