using System.Collections.Immutable;

namespace Qube.Domain.Execution;

/// <summary><c>worker_path_map</c>: plain replacements, done in order (jobs.md §11).</summary>
public sealed record PathMap
{
    public static PathMap Empty { get; } = new();

    /// <summary>What to look for and what to put there. An empty From is passed over.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Replacements { get; init; } = [];

    public string Convert(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach ((string from, string to) in Replacements)
        {
            if (from.Length > 0)
            {
                path = path.Replace(from, to, StringComparison.Ordinal);
            }
        }

        return path;
    }
}
