using System.Collections.Immutable;
using Qube.Domain.Syntax;

namespace Qube.Domain.Expressions;

/// <summary>
/// Restrictions (scheduling.md §7): <c>/private || /private/+</c>. <c>*</c> is exactly one level below, <c>+</c> any depth below but not the
/// cluster itself, a plain path exactly that cluster. An empty text allows every cluster.
/// </summary>
public sealed class ClusterExpression : IEquatable<ClusterExpression>
{
    private readonly ImmutableArray<(string[] Path, char Wildcard)> _clusters;

    private ClusterExpression(string text, ImmutableArray<(string[] Path, char Wildcard)> clusters)
    {
        Text = text;
        _clusters = clusters;
    }

    public static ClusterExpression Any { get; } = new("", []);

    public string Text { get; }

    public static Parsed<ClusterExpression> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Any;
        }

        var clusters = ImmutableArray.CreateBuilder<(string[], char)>();
        int at = 0;
        while (true)
        {
            SkipBlanks(text, ref at);
            if (at >= text.Length || text[at] != '/')
            {
                return SyntaxError.At(text, at, "a cluster, which begins with '/'");
            }

            int start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('|' or ',' or '*' or '+'))
            {
                at++;
            }

            char wildcard = at < text.Length && text[at] is '*' or '+' ? text[at] : ' ';
            string path = text[start..at];
            if (wildcard != ' ')
            {
                if (path[^1] != '/')
                {
                    return SyntaxError.At(text, at, $"'/' before '{wildcard}'");
                }

                at++;
            }

            clusters.Add((ClusterPath.Segments(path), wildcard));
            SkipBlanks(text, ref at);
            if (at >= text.Length)
            {
                return new ClusterExpression(text, clusters.ToImmutable());
            }

            if (!TakeOr(text, ref at))
            {
                return SyntaxError.At(text, at, "'||', 'or' or the end");
            }
        }
    }

    public bool Allows(string cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        if (_clusters.IsEmpty)
        {
            return true;
        }

        string[] path = ClusterPath.Segments(cluster);
        foreach ((string[] wanted, char wildcard) in _clusters)
        {
            int below = path.Length - wanted.Length;
            bool deepEnough = wildcard switch { '*' => below == 1, '+' => below > 0, _ => below == 0 };
            if (deepEnough && ClusterPath.CommonLength(wanted, path) == wanted.Length)
            {
                return true;
            }
        }

        return false;
    }

    public bool Equals(ClusterExpression? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as ClusterExpression);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static void SkipBlanks(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private static bool TakeOr(string text, ref int at)
    {
        foreach (string or in new[] { "||", "or ", "OR " })
        {
            if (string.CompareOrdinal(text, at, or, 0, or.Length) == 0)
            {
                at += or.Length;
                return true;
            }
        }

        return false;
    }
}
