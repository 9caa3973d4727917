using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Qube.Cluster.Tests.Farms;

/// <summary>Processes as <c>/proc</c> tells of them, and SIGKILL.</summary>
internal static class Signals
{
    public static void Kill(int pid)
    {
        if (pid == 0)
        {
            return;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    /// <summary>SIGTERM.</summary>
    public static void Terminate(int pid) => Send("TERM", pid);

    /// <summary>Any signal, by its name without SIG.</summary>
    public static void Send(string signal, int pid)
    {
        using var kill = Process.Start("/bin/sh", ["-c", "kill -\"$0\" \"$1\"", signal, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public static string Describe(int pid) => $"{pid.ToString(CultureInfo.InvariantCulture)} {Read(pid, "cmdline").Replace('\0', ' ')}";

    /// <summary>The process of ours whose command line has these words in a row; 0 when there is none. Not a child that has yet to become what it
    /// is to be and until then looks the same, even when its parent is dead: that one has a single thread, a .NET process several.</summary>
    public static int Find(IEnumerable<string> words)
    {
        var wanted = string.Join('\0', words) + '\0';
        return Pids().FirstOrDefault(pid => Read(pid, "cmdline").Contains(wanted, StringComparison.Ordinal) && Number(pid, "Threads:") > 1);
    }

    /// <summary>Processes that have a variable in their environment.</summary>
    public static int[] WithVariable(string name, string value)
    {
        var wanted = $"{name}={value}\0";
        return [.. Pids().Where(pid => Read(pid, "environ").Contains(wanted, StringComparison.Ordinal))];
    }

    public static int[] ChildrenOf(int pid) => [.. Pids().Where(child => ParentOf(child) == pid)];

    /// <summary>What listings call it; nothing for one that has gone.</summary>
    public static string NameOf(int pid) => Read(pid, "comm").Trim();

    private static int ParentOf(int pid) => Number(pid, "PPid:");

    private static int Number(int pid, string field) => Read(pid, "status").Split('\n')
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Select(line => int.Parse(line.AsSpan(field.Length), CultureInfo.InvariantCulture))
        .FirstOrDefault();

    private static IEnumerable<int> Pids() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    private static string Read(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}")));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
