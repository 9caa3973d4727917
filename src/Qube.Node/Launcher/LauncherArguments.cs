using System.Globalization;

namespace Qube.Node.Launcher;

/// <summary>What keeper and launcher are told: <c>--dir DIR [--lease-seconds N]</c>.</summary>
/// <param name="Folder">The launcher's folder, as a full path.</param>
/// <param name="LeaseSeconds">The host's lease.</param>
internal sealed record LauncherArguments(string Folder, int LeaseSeconds)
{
    /// <summary>Exit code for arguments that cannot be read.</summary>
    public const int Bad = 2;

    /// <summary>Variables of the process in place of this one's, and additions to them; tests arm crash points so.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The executable, or null for this process's own.</summary>
    public string? ExecutablePath { get; init; }

    public IEnumerable<string> ToCommandLine() => ["--dir", Folder, "--lease-seconds", LeaseSeconds.ToString(CultureInfo.InvariantCulture)];

    /// <returns>Null, and a line on standard error, when they cannot be read.</returns>
    public static LauncherArguments? Parse(IReadOnlyList<string> args, string verb)
    {
        ArgumentNullException.ThrowIfNull(args);
        string? directory = null;
        var leaseSeconds = LauncherProcess.DefaultLeaseSeconds;
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--dir" when value is { Length: > 0 }:
                    directory = Path.GetFullPath(value);
                    break;
                case "--lease-seconds" when int.TryParse(value, CultureInfo.InvariantCulture, out leaseSeconds) && leaseSeconds > 0:
                    break;
                default:
                    Console.Error.WriteLine($"qube {verb}: {args[i]} {value}: expected --dir DIR [--lease-seconds N]");
                    return null;
            }
        }

        if (directory is null)
        {
            Console.Error.WriteLine($"qube {verb}: --dir DIR is missing");
            return null;
        }

        return new(directory, leaseSeconds);
    }
}
