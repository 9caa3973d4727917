using System.Globalization;
using Microsoft.Data.Sqlite;
using Qube.Actors;
using Qube.Actors.Workers;
using Qube.Domain.Jobs;

namespace Qube.Load.Measure;

/// <summary>What the figures were measured on, and with which settings.</summary>
internal static class Machine
{
    public static string Load => File.ReadAllText("/proc/loadavg").Split(' ') is [var one, var five, var fifteen, ..] ? $"{one} {five} {fifteen}" : "?";

    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, kernel {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, .NET {Environment.Version}, {Processor()}");

    /// <summary>The depth of the pipeline: how much is handed out ahead, and what waits for company.</summary>
    public static string Depth()
    {
        var jobs = new JobDeciderOptions();
        var worker = new WorkerOptions { Host = "x" };
        var settings = new FarmSettings { Time = TimeProvider.System, LogPath = "", SupervisorUrl = "", ReadLog = null!, KnownNew = null!, Scripts = null! };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"up to {jobs.MaxAhead} items or {jobs.AheadMs} ms of work ahead per slot, flush held {settings.FlushHoldMs} ms, reports {worker.ReportHoldMs} ms, starts {worker.StartHoldMs} ms");
    }

    /// <summary>As the store itself checks it at every start; read here from the file that was written.</summary>
    public static string Durability(string journal)
    {
        using var file = new SqliteConnection($"Data Source={journal};Mode=ReadOnly;Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        return $"SQLite journal_mode={command.ExecuteScalar()}, synchronous=FULL (the writer refuses anything less), one fsync a commit";
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?";
}
