using Qube.Domain.Expressions;
using Xunit;

namespace Qube.Domain.Tests.Expressions;

public sealed class ClusterTests
{
    [Theory]
    [InlineData("/A/B/C", 1)]
    [InlineData("/A/B/C/D", 2)]
    [InlineData("/A/B/C/D/E", 2)]
    [InlineData("/A/B", 3)]
    [InlineData("/A/B/F", 3)]
    [InlineData("/A", 4)]
    [InlineData("/", 5)]
    [InlineData("/G", 5)]
    [InlineData("", 5)]
    [InlineData("/A+", 1)]
    [InlineData("/+", 1)]
    [InlineData("/A/B/C/D+", 2)]
    [InlineData("/G, /A/B", 3)]
    [InlineData("/G,/A/B+", 1)]
    public void Should_rank_as_in_the_table_when_the_host_is_in_A_B_C(string jobCluster, int rank)
    {
        Assert.Equal(rank, JobCluster.Parse(jobCluster).Required().RankOn("/A/B/C"));
    }

    [Fact]
    public void Should_rank_departments_alike_when_the_host_is_at_the_root()
    {
        Assert.Equal((2, 2, 1), (JobCluster.Parse("/A").Required().RankOn("/"), JobCluster.Parse("/B/C").Required().RankOn("/"), JobCluster.Root.RankOn("/")));
    }

    [Theory]
    [InlineData("", "/", true)]
    [InlineData("/private", "/private", true)]
    [InlineData("/private", "/private/x", false)]
    [InlineData("/private/+", "/private", false)]
    [InlineData("/private/+", "/private/x/y", true)]
    [InlineData("/private/*", "/private/x", true)]
    [InlineData("/private/*", "/private/x/y", false)]
    [InlineData("/private || /private/+", "/private", true)]
    [InlineData("/private or /private/+", "/private/x", true)]
    [InlineData("/a or /b", "/c", false)]
    [InlineData("/+", "/", false)]
    [InlineData("/", "/", true)]
    public void Should_allow_clusters_as_the_wildcards_say(string restrictions, string cluster, bool expected)
    {
        Assert.Equal(expected, ClusterExpression.Parse(restrictions).Required().Allows(cluster));
    }

    [Theory]
    [InlineData("private", 1)]
    [InlineData("/a || b", 7)]
    [InlineData("/a /b", 4)]
    [InlineData("/a ||", 6)]
    [InlineData("/a+", 3)]
    public void Should_name_the_column_when_restrictions_are_wrong(string text, int column)
    {
        Assert.Equal(column, ClusterExpression.Parse(text).Error?.Column);
    }

    [Theory]
    [InlineData("A", 1)]
    [InlineData("/A, B", 5)]
    [InlineData("/A+/B", 1)]
    public void Should_name_the_column_when_a_cluster_is_wrong(string text, int column)
    {
        Assert.Equal(column, JobCluster.Parse(text).Error?.Column);
    }
}
