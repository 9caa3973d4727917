using Akka.Configuration;
using Qube.Actors.Workers;
using Qube.Domain.Execution;

namespace Qube.Node.Roles;

/// <summary>The keys below <c>qube.worker</c> in <c>cluster.hocon</c>, and the options of the same meaning, which win.</summary>
internal static class WorkerConfig
{
    /// <exception cref="ArgumentException">An option or a key cannot be; the message names it.</exception>
    public static WorkerOptions Of(Config config, UpOptions options, DataFolder folder, ILoggerFactory logging)
    {
        var interpreters = ActionsConfig.Scripts(config);
        var types = options.JobTypePath?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [Path.Combine(folder.Path, "jobtypes")];
        var checks = options.FlightCheckPath ?? config.GetString("qube.worker.flight-check-path", "");
        var usual = Path.Combine(folder.Path, "flightCheck");
        return new WorkerOptions
        {
            Host = options.Name,
            Slots = options.Slots,
            BackEnds = JobTypeFolders.Read(types, interpreters.Interpreter, interpreters.Perl, text => FarmLog.JobTypeTrouble(logging.CreateLogger("Qube.Worker"), text)),
            PathMap = PathMapOf(config, options),
            FlightCheckPath = checks.Length > 0 ? Path.GetFullPath(checks) : Directory.Exists(usual) ? usual : "",
        };
    }

    /// <exception cref="ArgumentException">A pair cannot be read.</exception>
    public static PathMap PathMapOf(Config config, UpOptions options)
    {
        var (name, text) = options.WorkerPathMap is { } given ? ("--worker-path-map", given) : ("qube.worker.path-map", config.GetString("qube.worker.path-map", ""));
        var read = PathMap.Parse(text);
        return read.IsOk ? read.Value : throw new ArgumentException($"{name}: {read.Error}");
    }
}
