using Qube.Contracts;
using Qube.Contracts.Launching;
using Qube.Domain.Execution;

namespace Qube.Actors.Workers;

/// <summary>The host's own flight checks, in folders of <c>worker_flight_check_path</c>, and the file in which failed ones are written down (spec/jobs.md §10).</summary>
internal static class FlightFolders
{
    private const string Instance = "instance", Agenda = "agenda", Before = "pre", After = "post";

    /// <summary>What jobs must know: an instance's checks are a step of its run. Asked once, when the worker starts; what is in a folder that is
    /// there then may change at any time.</summary>
    public static FlightChecks OfInstances(string path) => path.Length == 0
        ? FlightChecks.None
        : (Directory.Exists(Path.Combine(path, Instance, Before)) ? FlightChecks.Preflights : 0)
            | (Directory.Exists(Path.Combine(path, Instance, After)) ? FlightChecks.Postflights : 0);

    /// <summary>The job's own first, then the host's by name.</summary>
    public static IReadOnlyList<string> Checks(string list, PathMap paths, string folder, bool ofItem, bool isPost)
    {
        var own = FlightCommand.Paths(list, paths);
        var place = folder.Length == 0 ? "" : Path.Combine(folder, ofItem ? Agenda : Instance, isPost ? After : Before);
        return Directory.Exists(place)
            ? [.. own, .. Directory.EnumerateFiles(place).Where(static file => FlightCommand.IsCheck(Path.GetFileName(file))).Order(StringComparer.Ordinal)]
            : own;
    }

    /// <summary>The instance's report file; empty where nothing is kept.</summary>
    public static string ReportPath(string? outPath) => outPath is null ? "" : Path.ChangeExtension(outPath, ".flt");

    /// <summary>Which check of a process failed, and how; null when none did.</summary>
    public static string? ReasonOf(string? outPath, LaunchKey key)
    {
        var path = ReportPath(outPath);
        return File.Exists(path) ? FlightCommand.ReasonOf(File.ReadLines(path), key.ToString()) : null;
    }
}
