using Qube.Domain.Placement;
using Xunit;

namespace Qube.Domain.Tests.Placement;

public sealed class HostSettingsTests
{
    [Theory]
    [InlineData("", "host.x=1", "host.x=1")]
    [InlineData("host.x=1,host.y=2", "host.x=3", "host.y=2,host.x=3")]
    [InlineData("host.x=1,host.y=2", "host.x=", "host.y=2")]
    [InlineData("host.x=1", "", "host.x=1")]
    [InlineData("", "x = 2/5 , scoped.y=1", "host.x=2/5,scoped.y=1")]
    [InlineData("host.x=1", "host.none=", "host.x=1")]
    public void Should_lay_later_settings_over_earlier_ones_when_merged(string now, string change, string expected) =>
        Assert.Equal(expected, HostSettings.Merge(now, change));

    [Theory]
    [InlineData("5", 0, 5)]
    [InlineData("2/5", 2, 5)]
    [InlineData("2 / 5", 2, 5)]
    public void Should_read_used_and_total_when_a_resource_says_them(string value, int used, int total) =>
        Assert.Equal(new HostResource(used, total), HostSettings.Resource(value));

    [Theory]
    [InlineData("host.x=many", "host.x=many")]
    [InlineData("host.x=1/", "host.x=1/")]
    [InlineData("host.y=1,x", "'x'")]
    [InlineData("=5", "'=5'")]
    public void Should_name_the_setting_when_it_cannot_be_read(string change, string named) =>
        Assert.Contains(named, HostSettings.ResourceProblem(change), StringComparison.Ordinal);

    [Fact]
    public void Should_take_any_text_when_a_property_is_set()
    {
        Assert.Null(HostSettings.PropertyProblem("host.os=linux 6.1,note=a=b,host.x="));
        Assert.Null(HostSettings.ResourceProblem("host.x=,host.y=3"));
    }
}
