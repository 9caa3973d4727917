using Qube.Actors.Hosts;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.Hosts;

public sealed class HostLifecycleTests
{
    [Theory]
    [InlineData("", "active", "active,back")]
    [InlineData("active", "down", "down")]
    [InlineData("down", "active", "active,back")]
    [InlineData("active", "active", "down,active,back")]
    [InlineData("down", "down", "")]
    public void Should_say_what_became_of_a_host_when_its_state_changes(string was, string state, string events) =>
        Assert.Equal(events, string.Join(',', HostLifecycle.Of(new HostEvents.StateChanged { Was = was, State = state })));

    [Theory]
    [InlineData("", "host.processor_2=1", "locked")]
    [InlineData("host.processor_2=1", "host.processor_all=1", "")]
    [InlineData("host.processor_all=1", "host.processor_all=0", "unlocked")]
    [InlineData("host.processor_all=1", "", "unlocked")]
    [InlineData("", "host.processor_0=0", "")]
    public void Should_say_locked_and_unlocked_when_that_changes_and_not_how_many_slots_are(string was, string locks, string events) =>
        Assert.Equal(events, string.Join(',', HostLifecycle.Of(new HostEvents.LocksChanged { Was = was, Locks = locks })));

    [Fact]
    public void Should_number_hosts_apart_from_jobs_farm_and_clocks_when_logs_are_numbers()
    {
        long[] numbers = [.. Enumerable.Range(0, 50_000).Select(at => EventSources.OfHost($"render{at}")), EventSources.OfHost("")];

        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.True(EventSources.IsHost(number) && number < EventSources.Clock && number > EventSources.EveryHost, $"{number}"));
    }
}
