using System.Globalization;
using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>What a worker itself writes beside an instance's logs: the restart marker, and where in them an item began.</summary>
/// <remarks>An instance's items share its logs (spec/jobs.md §8.1), and a worker node may be another one when an item ends than when it
/// started: so the places stand in a small file, <c>&lt;job&gt;_&lt;sub&gt;.pos</c>, a line per item, written only for jobs whose output is read.</remarks>
internal static class InstanceLogs
{
    private const int MaxPositionBytes = 64 * 1024;

    /// <summary>More than can have ended and not be judged.</summary>
    private const int KeptPositions = 256;

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
        var path = PositionPath(outPath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (LengthOf(path) > MaxPositionBytes)
        {
            // Replaced at once: a node that dies here must find one or the other.
            var shorter = path + ".new";
            File.WriteAllLines(shorter, File.ReadAllLines(path)[^KeptPositions..]);
            File.Move(shorter, path, overwrite: true);
        }

        File.AppendAllText(path, string.Create(CultureInfo.InvariantCulture, $"{key} {outOffset} {errOffset}\n"));
    }

    /// <summary>Where the item began, and where the next one did if one has; 0 and the given lengths where that was never written.</summary>
    public static ((long From, long To) Out, (long From, long To) Err) LoadStretches(string outPath, LaunchKey key, long outLength, long errLength)
    {
        var path = PositionPath(outPath);
        var isFound = false;
        var (outFrom, errFrom) = (0L, 0L);
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            var fields = line.Split(' ');
            if (fields.Length != 3
                || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var atOut)
                || !long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var atErr))
            {
                continue;
            }

            if (isFound)
            {
                return ((outFrom, atOut), (errFrom, atErr));
            }

            (isFound, outFrom, errFrom) = fields[0] == key.ToString() ? (true, atOut, atErr) : (false, 0, 0);
        }

        return ((outFrom, outLength), (errFrom, errLength));
    }

    private static string PositionPath(string outPath) => Path.ChangeExtension(outPath, ".pos");
}
