using Qube.Domain.Submissions;
using Xunit;

namespace Qube.Domain.Tests.Submissions;

public sealed class RaisedEventsTests
{
    [Theory]
    [InlineData("approved-job-12", "approved-job-12")]
    [InlineData("Checked-Work-12-101-108", "checked-work-12-101-108")]
    [InlineData("ready-subjob-12-03", "ready-subjob-12-3")]
    [InlineData("lights_out-global", "lights_out-global")]
    [InlineData("global", "global")]
    [InlineData("lights-global-5", "lights-global-5")]
    [InlineData("panic-host-*-render1", "panic-host-*-render1")]
    [InlineData("hot-host-self-render1", "hot-host-self-render1")]
    public void Should_take_an_event_when_it_is_about_one_thing(string text, string canonical)
    {
        var (pattern, error) = RaisedEvents.Read(text, [], hasOwner: false);

        Assert.True(pattern is not null, error);
        Assert.Equal(canonical, pattern.ToString());
    }

    [Theory]
    [InlineData("a-job-1 && b-job-1", "one event")]
    [InlineData("approved-job-self", "inside a callback only")]
    [InlineData("approved-job-render", "inside a callback only")]
    [InlineData("approved-job-*", "name one job")]
    [InlineData("checked-work-12-*", "name one item")]
    [InlineData("complete-job-12", "the farm's own")]
    [InlineData("unblock-job-12", "the farm's own")]
    [InlineData("down-host-*-r1", "the farm's own")]
    [InlineData("dummy-time-self-5", "a clock")]
    [InlineData("globalrepeat-5-6", "a clock")]
    [InlineData("nonsense", "event 'nonsense'")]
    [InlineData("", "event ''")]
    public void Should_say_why_when_an_event_cannot_be_raised(string text, string part) =>
        Assert.Contains(part, RaisedEvents.Read(text, [], hasOwner: false).Error, StringComparison.Ordinal);

    [Fact]
    public void Should_know_the_labels_of_its_group_when_a_callback_raises_it()
    {
        var (pattern, _) = RaisedEvents.Read("checked-work-my-render-5", ["my-render"], hasOwner: true);

        Assert.Equal(("my-render", "5"), (pattern!.Context.Label, pattern.Extra));
    }
}
