using System.Collections.Immutable;
using Qube.Domain.Syntax;

namespace Qube.Domain.Expressions;

/// <summary>
/// The cluster or clusters of a job (scheduling.md §8.1): <c>/A/B</c>, <c>/A,/B</c>, or with a trailing <c>+</c> the cluster and all below
/// it (<c>/+</c> is every one). Its rank on a host orders the jobs there.
/// </summary>
public sealed class JobCluster : IEquatable<JobCluster>
{
    /// <summary>Best rank: the job is at home there.</summary>
    public const int HomeRank = 1;

    private readonly ImmutableArray<(string[] Path, bool AndBelow)> _clusters;

    private JobCluster(string text, ImmutableArray<(string[] Path, bool AndBelow)> clusters)
    {
        Text = text;
        _clusters = clusters;
    }

    public static JobCluster Root { get; } = new("/", [([], false)]);

    public string Text { get; }

    /// <summary>An empty text is the root.</summary>
    public static Parsed<JobCluster> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Root;
        }

        var clusters = ImmutableArray.CreateBuilder<(string[], bool)>();
        int start = 0;
        foreach (string part in text.Split(','))
        {
            string path = part.Trim();
            if (!path.StartsWith('/') || path.TrimEnd('+').Contains('+', StringComparison.Ordinal))
            {
                int offset = start + (part.Length - part.TrimStart().Length);
                return SyntaxError.At(text, offset, "a cluster that begins with '/', '+' only at its end");
            }

            clusters.Add((ClusterPath.Segments(path.TrimEnd('+')), path.EndsWith('+')));
            start += part.Length + 1;
        }

        return new JobCluster(text, clusters.ToImmutable());
    }

    /// <summary>
    /// 1 where the job is at home, 2 where the host lies on the way to the root, one more for every level that has to be climbed away from
    /// the root to reach the host. Of several clusters the best counts.
    /// </summary>
    public int RankOn(string hostCluster)
    {
        ArgumentNullException.ThrowIfNull(hostCluster);
        string[] host = ClusterPath.Segments(hostCluster);
        int best = int.MaxValue;
        foreach ((string[] job, bool andBelow) in _clusters)
        {
            int common = ClusterPath.CommonLength(job, host);
            bool atHome = common == job.Length && (andBelow || job.Length == host.Length);
            best = Math.Min(best, atHome ? HomeRank : 2 + host.Length - common);
        }

        return best;
    }

    /// <summary>True when a host's restrictions allow one of the job's clusters.</summary>
    public bool IsAllowedBy(ClusterExpression restrictions)
    {
        ArgumentNullException.ThrowIfNull(restrictions);
        return _clusters.Any(cluster => restrictions.Allows("/" + string.Join('/', cluster.Path)));
    }

    public bool Equals(JobCluster? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as JobCluster);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
