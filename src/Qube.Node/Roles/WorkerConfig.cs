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
        return new WorkerOptions
        {
            Host = options.Name,
            Slots = options.Slots,
            BackEnds = JobTypeFolders.Read(types, interpreters.Interpreter, interpreters.Perl, text => FarmLog.JobTypeTrouble(logging.CreateLogger("Qube.Worker"), text)),
            PathMap = PathMapOf(Setting(config, "path-map", "--worker-path-map", options.WorkerPathMap)),
            FlightCheckPath = FlightChecksOf(Setting(config, "flight-check-path", "--flight-check-path", options.FlightCheckPath), Path.Combine(folder.Path, "flightCheck")),
        };
    }

    /// <summary>The option, else the key; with how whoever set it calls it.</summary>
    private static (string Name, string Text) Setting(Config config, string key, string option, string? given) =>
        given is not null ? (option, given) : ($"qube.worker.{key}", config.GetString($"qube.worker.{key}", "").Trim());

    private static PathMap PathMapOf((string Name, string Text) setting)
    {
        var read = PathMap.Parse(setting.Text);
        return read.IsOk ? read.Value : throw new ArgumentException($"{setting.Name}: {read.Error}");
    }

    private static string FlightChecksOf((string Name, string Text) setting, string usual)
    {
        if (setting.Text.Length == 0)
        {
            return Directory.Exists(usual) ? usual : "";
        }

        return Directory.Exists(setting.Text) ? Path.GetFullPath(setting.Text) : throw new ArgumentException($"{setting.Name} {setting.Text}: expected a folder that exists");
    }
}
