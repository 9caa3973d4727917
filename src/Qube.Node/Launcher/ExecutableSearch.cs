namespace Qube.Node.Launcher;

/// <summary>
/// Finds a program in the child's own PATH, as execvp would, and remembers where it was for a while: a farm starts the same few
/// programs thousands of times. One thread only.
/// </summary>
internal sealed class ExecutableSearch
{
    private const long RememberMs = 5_000;
    private const int MostRemembered = 512;
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";
    private const int Executable = 1;
    private readonly Dictionary<(string Path, string Name), (string Found, long UntilMs)> _found = [];

    /// <summary>
    /// The file to execute, or null with the error number that execvp would give. A name with a slash is itself: it is relative to
    /// the child's working directory.
    /// </summary>
    internal string? Find(string name, string? path, string? workingDirectory, long nowMs, out int errno)
    {
        errno = Libc.ENOENT;
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return name;
        }

        path ??= DefaultPath;
        if (_found.TryGetValue((path, name), out var known) && known.UntilMs > nowMs)
        {
            return known.Found;
        }

        foreach (var folder in path.Split(':'))
        {
            // An empty entry, or a relative one, is meant from the child's working directory: never remembered.
            var absolute = folder.StartsWith('/');
            var candidate = absolute ? $"{folder}/{name}" : Path.Combine(workingDirectory ?? Environment.CurrentDirectory, folder, name);
            if (!File.Exists(candidate))
            {
                continue;
            }

            if (Libc.Access(candidate, Executable) != 0)
            {
                errno = Libc.EACCES;
                continue;
            }

            if (absolute)
            {
                if (_found.Count >= MostRemembered)
                {
                    _found.Clear();
                }

                _found[(path, name)] = (candidate, nowMs + RememberMs);
            }

            return candidate;
        }

        return null;
    }

    /// <summary>What was remembered has proved wrong.</summary>
    internal void Forget() => _found.Clear();
}
