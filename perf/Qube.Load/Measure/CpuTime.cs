using System.Diagnostics;
using System.Globalization;

namespace Qube.Load.Measure;

/// <summary>CPU seconds of this process and of the launchers that it started; what frames themselves use is not in it.</summary>
internal static class CpuTime
{
    /// <summary>Linux counts in hundredths of a second.</summary>
    private const double TicksPerSecond = 100;

    public static double Seconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds + Launchers().Sum();
    }

    private static IEnumerable<double> Launchers()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _) || Stat(folder) is not { } stat || stat.Parent != Environment.ProcessId)
            {
                continue;
            }

            yield return stat.Seconds;
        }
    }

    private static (int Parent, double Seconds)? Stat(string folder)
    {
        try
        {
            var text = File.ReadAllText($"{folder}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
