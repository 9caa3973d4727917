using Qube.Domain.Execution;
using Xunit;

namespace Qube.Domain.Tests.Execution;

public sealed class LogPathsTests
{
    [Theory]
    [InlineData(1, "/logs/job/0/1/1_2.out")]
    [InlineData(999, "/logs/job/0/999/999_2.out")]
    [InlineData(1000, "/logs/job/1000/1000/1000_2.out")]
    [InlineData(12345, "/logs/job/12000/12345/12345_2.out")]
    public void Should_group_jobs_by_the_thousand(long job, string expected)
    {
        Assert.Equal(expected, LogPaths.Out("/logs", job, 2));
    }

    [Fact]
    public void Should_put_every_log_of_a_job_in_its_folder()
    {
        Assert.Equal("/logs/job/0/7/7_0.err", LogPaths.Err("/logs", 7, 0));
        Assert.Equal("/logs/job/0/7/7_0.sts", LogPaths.Statistics("/logs", 7, 0));
        Assert.Equal("/logs/job/0/7/7.hist", LogPaths.History("/logs", 7));
        Assert.Equal("/logs/job/0/7/7.cb", LogPaths.Callbacks("/logs", 7));
        Assert.Equal("/logs/job/0/7/7.acc", LogPaths.Accounting("/logs", 7));
        Assert.Equal("/logs/job/0/7/7.xja", LogPaths.Archive("/logs", 7));
    }

    [Fact]
    public void Should_count_from_the_year_2000_when_time_is_qubes()
    {
        Assert.Equal(946702800, QubeTime.ToUnix(0));
        Assert.Equal(0, QubeTime.FromUnix(946702800));
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 5, 0, 1, TimeSpan.Zero), QubeTime.ToDateTime(1));
        Assert.Equal(1, QubeTime.FromDateTime(new DateTimeOffset(2000, 1, 1, 5, 0, 1, 900, TimeSpan.Zero)));
    }
}
