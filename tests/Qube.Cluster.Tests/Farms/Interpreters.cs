using System.Diagnostics;

namespace Qube.Cluster.Tests.Farms;

/// <summary>The interpreters of this machine that studios' scripts are run by: python3, and a python2.7 where one is found.</summary>
internal static class Interpreters
{
    /// <summary>What stands in the place of an interpreter that is not here: the test then says that it ran nothing.</summary>
    public const string None = "no python2.7 here";

    /// <summary>Path and version, <c>/usr/bin/python3</c> and <c>3.11.7</c>.</summary>
    public static IReadOnlyList<(string Path, string Version)> Pythons { get; } = Find();

    private static (string Path, string Version)[] Find()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var installed = Path.Combine(home, ".pyenv", "versions");
        string[] twos = Directory.Exists(installed) ? [.. Directory.EnumerateDirectories(installed, "2.7*").Order(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin", "python"))] : [];
        var two = new[] { "python2.7", "python2" }.Concat(twos).Select(Described).FirstOrDefault(found => found.Version.StartsWith("2.7", StringComparison.Ordinal));
        var three = Described("python3");
        return three.Version.Length == 0
            ? throw new InvalidOperationException("there is no python3 on the path")
            : [three, two.Version is { Length: > 0 } ? two : ("", None)];
    }

    private static (string Path, string Version) Described(string program)
    {
        try
        {
            var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("import sys; print('%d.%d.%d' % sys.version_info[:3])");
            using var process = Process.Start(start)!;
            var version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? (program, version) : (program, "");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (program, "");
        }
    }
}
