using System.Globalization;

namespace Qube.Domain.Execution;

/// <summary>Flight checks as processes (spec/jobs.md §10): a small shell program that runs one check after the other, and between the checks of an item
/// its command. All that differs comes as arguments, so nothing has to be quoted.</summary>
public static class FlightCommand
{
    /// <summary>Level as it is told: the instance's or, with <c>agenda</c>, an item's.</summary>
    public const string Preflight = "preflight", Postflight = "postflight", AgendaPreflight = "agenda preflight", AgendaPostflight = "agenda postflight";

    /// <summary>What of a check that does not pass is written down: <c>KEY LEVEL PATH HOW</c>, a line of the report file.</summary>
    /// <remarks>SIGTERM is for the command: the program waits for its end and leaves out what would follow. It is trapped and not ignored, so
    /// that what it starts gets it in the ordinary way.</remarks>
    private const string Program = """
        report=$1 key=$2 pre=$3 post=$4 count=$5
        shift 5
        stopped=
        trap 'stopped=1' TERM INT HUP
        check() {
          if [ ! -e "$2" ]; then code=127 how='is not there'
          elif [ -d "$2" ] || [ ! -x "$2" ]; then code=126 how='is not executable'
          else "$2"; code=$?; how="failed with exit code $code"
          fi
          if [ -n "$stopped" ]; then exit 143; fi
          if [ "$code" -ne 0 ]; then
            echo "qube: $1 $2 $how" >&2
            if [ -n "$report" ]; then echo "$key $1 $2 $how" >>"$report"; fi
          fi
          return "$code"
        }
        while [ "$count" -gt 0 ]; do
          check "$pre" "$1" || exit "$code"
          shift
          count=$((count - 1))
        done
        if [ "$#" -eq 0 ]; then exit 0; fi
        shell=$1 line=$2
        shift 2
        "$shell" -c "$line"
        result=$?
        if [ -n "$stopped" ]; then exit "$result"; fi
        QB_FRAME_STATUS=complete QB_SYSTEM_EXIT_CODE=$result
        if [ "$result" -ne 0 ]; then QB_FRAME_STATUS=failed; fi
        export QB_FRAME_STATUS QB_SYSTEM_EXIT_CODE
        while [ "$#" -gt 0 ]; do
          if ! check "$post" "$1"; then
            if [ "$result" -eq 0 ]; then result=$code; fi
            break
          fi
          shift
        done
        exit "$result"
        """;

    /// <summary>The checks of an instance alone.</summary>
    /// <param name="report">File to which a check that fails is written; empty for none.</param>
    /// <param name="key">Names the process in it.</param>
    /// <param name="isPost">They come after the instance's work.</param>
    /// <param name="checks">In the order in which they run.</param>
    public static string[] OfInstance(string report, string key, bool isPost, IReadOnlyList<string> checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return [.. Start(report, key, isPost ? Postflight : Preflight, "", checks.Count), .. checks];
    }

    /// <summary>An item's command between its checks.</summary>
    /// <inheritdoc cref="OfInstance"/>
    public static string[] OfItem(string report, string key, IReadOnlyList<string> before, string shell, string line, IReadOnlyList<string> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return [.. Start(report, key, AgendaPreflight, AgendaPostflight, before.Count), .. before, shell, line, .. after];
    }

    /// <summary>The paths of a job's attribute.</summary>
    public static IReadOnlyList<string> Paths(string list, PathMap paths)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(paths);
        return [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(paths.Convert)];
    }

    /// <summary>Whether a file of a folder of checks is one: anything but a text that explains it.</summary>
    public static bool IsCheck(string fileName) => !fileName.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a report file's lines say of a process: the last word counts. Null when they say nothing of it.</summary>
    public static string? ReasonOf(IEnumerable<string> lines, string key)
    {
        ArgumentNullException.ThrowIfNull(lines);
        string? reason = null;
        foreach (string line in lines)
        {
            if (line.Length > key.Length + 1 && line[key.Length] == ' ' && line.StartsWith(key, StringComparison.Ordinal))
            {
                reason = line[(key.Length + 1)..];
            }
        }

        return reason;
    }

    private static string[] Start(string report, string key, string before, string after, int count) =>
        ["/bin/sh", "-c", Program, "qube-flight", report, key, before, after, count.ToString(CultureInfo.InvariantCulture)];
}
