using System.Collections.Immutable;
using Qube.Domain.Syntax;

namespace Qube.Domain.Execution;

/// <summary><c>worker_path_map</c>: plain replacements, done in order (jobs.md §11).</summary>
public sealed record PathMap
{
    public static PathMap Empty { get; } = new();

    /// <summary>What to look for and what to put there. An empty From is passed over.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Replacements { get; init; } = [];

    /// <summary>Reads <c>FROM=TO</c> pairs, between commas or on lines, each side in quotes or not, as they stand in a qb.conf.</summary>
    public static Parsed<PathMap> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pairs = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        int start = 0;
        foreach (string part in text.Split(',', '\n'))
        {
            if (part.Trim().Length > 0)
            {
                int equals = part.IndexOf('=', StringComparison.Ordinal);
                string from = equals < 0 ? "" : Bare(part[..equals]);
                if (from.Length == 0)
                {
                    return new SyntaxError(start + part.Length - part.TrimStart().Length + 1, $"'{part.Trim()}'", "FROM=TO");
                }

                pairs.Add(new(from, Bare(part[(equals + 1)..])));
            }

            start += part.Length + 1;
        }

        return new PathMap { Replacements = pairs.ToImmutable() };
    }

    private static string Bare(string side) => side.Trim().Trim('"', '\'');

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
