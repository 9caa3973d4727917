using System.Diagnostics;

namespace Qube.Contracts;

/// <summary>
/// Named places where a process may kill itself, so that a test can prove what a crash exactly there costs.
/// <c>QUBE_CRASH_AT=name[:n]</c> arms one point: the process sends itself SIGKILL at its n-th pass (default 1).
/// <c>QUBE_CRASH_ONCE_FILE=path</c>, optional, is created just before; while it exists the point is disarmed, so that a
/// restarted process with the same environment goes on. Only tests set these variables.
/// </summary>
public static class CrashPoints
{
    /// <summary>The variable that arms a point: <c>name</c> or <c>name:n</c>.</summary>
    public const string CrashAtVariable = "QUBE_CRASH_AT";

    /// <summary>The variable that names the file which disarms the point once it has fired.</summary>
    public const string CrashOnceFileVariable = "QUBE_CRASH_ONCE_FILE";

    // Read once: an unarmed pass is then a test of a constant which the JIT removes.
    private static readonly (string Name, long Pass) Point = Parse(Environment.GetEnvironmentVariable(CrashAtVariable));
    private static readonly string? OnceFile = Environment.GetEnvironmentVariable(CrashOnceFileVariable);
    private static readonly bool Armed = Point.Name.Length > 0 && (string.IsNullOrEmpty(OnceFile) || !File.Exists(OnceFile));
    private static long _passes;

    /// <summary>Dies here, without any clean-up, if this point is armed and this is its n-th pass.</summary>
    public static void Pass(string name)
    {
        if (Armed)
        {
            DieIfNamed(name);
        }
    }

    /// <summary>Reads <c>name</c> or <c>name:n</c>; an empty name arms nothing.</summary>
    /// <exception cref="FormatException">n is not a whole number from 1: a test armed wrongly must not pass silently.</exception>
    public static (string Name, long Pass) Parse(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return (string.Empty, 1);
        }

        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (value.Trim(), 1);
        }

        return long.TryParse(value.AsSpan(colon + 1), out var pass) && pass >= 1
            ? (value[..colon].Trim(), pass)
            : throw new FormatException($"{CrashAtVariable}={value}: expected name or name:n with n from 1");
    }

    private static void DieIfNamed(string name)
    {
        if (name != Point.Name || Interlocked.Increment(ref _passes) != Point.Pass)
        {
            return;
        }

        if (!string.IsNullOrEmpty(OnceFile))
        {
            File.WriteAllText(OnceFile, name);
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
