using System.Globalization;
using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>What a worker itself writes beside an instance's logs: the restart marker, and where in them an item began.</summary>
/// <remarks>An instance's items share its logs (spec/jobs.md §8.1), and a worker node may be another one when an item ends than when it
/// started: so the place stands in a small file, <c>&lt;job&gt;_&lt;sub&gt;.pos</c>, written only for jobs whose output is read.</remarks>
internal static class InstanceLogs
{
    /// <summary>spec/jobs.md §6.2.6.</summary>
    public static void AppendMarker(string outPath, DateTimeOffset at)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(outPath)!);
        File.AppendAllText(outPath, $"=== qube! - retry/requeue on {at.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture)} ===\n");
    }

    public static long LengthOf(string? path)
    {
        var file = path is null ? null : new FileInfo(path);
        return file is { Exists: true } ? file.Length : 0;
    }

    public static void SaveStart(string outPath, LaunchKey key, long outOffset, long errOffset)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(outPath)!);
        File.WriteAllText(PositionPath(outPath), string.Create(CultureInfo.InvariantCulture, $"{key} {outOffset} {errOffset}\n"));
    }

    /// <summary>Where the item began, or the beginning of the logs when that was never written.</summary>
    public static (long Out, long Err) LoadStart(string outPath, LaunchKey key)
    {
        var path = PositionPath(outPath);
        var fields = File.Exists(path) ? File.ReadAllText(path).Split(' ', StringSplitOptions.TrimEntries) : [];
        return fields.Length == 3 && fields[0] == key.ToString()
            && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var atOut)
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var atErr)
                ? (atOut, atErr)
                : (0, 0);
    }

    private static string PositionPath(string outPath) => Path.ChangeExtension(outPath, ".pos");
}
