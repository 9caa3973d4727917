using Qube.Node.Roles;
using Xunit;

namespace Qube.Node.Tests.Roles;

public sealed class JoinPatienceTests
{
    private const long Silent = 15_000;
    private const long Strange = 60_000;

    [Fact]
    public void Should_found_at_once_when_it_is_the_first_and_all_others_wait()
    {
        var patience = new JoinPatience(0, Silent, Strange);

        Assert.Equal(JoinPatience.Step.Wait, Next(patience, 0, "-s-"));
        Assert.Equal(JoinPatience.Step.Found, Next(patience, 1_000, "-ww"));
        Assert.Equal(JoinPatience.Step.Wait, Next(patience, 2_000, "-ww"));
    }

    /// <summary>It was started again beside a farm that runs, which takes its time to answer.</summary>
    [Fact]
    public void Should_wait_for_those_who_are_up_when_it_is_the_first()
    {
        var patience = new JoinPatience(0, Silent, Strange);

        Assert.Equal(JoinPatience.Step.Wait, Next(patience, 0, "-ss"));
        Assert.Equal(JoinPatience.Step.Wait, Next(patience, Silent - 1, "-ss"));
        Assert.Equal(JoinPatience.Step.Wait, Next(patience, Silent, "-uw"));
        Assert.Equal(JoinPatience.Step.Wait, Next(patience, 10 * Silent, "-uu"));
    }

    [Theory]
    [InlineData(0, "-ss", Silent)]
    [InlineData(1, "s-w", Silent)]
    [InlineData(1, "s-s", Silent)]
    [InlineData(2, "ss-", 2 * Silent)]
    public void Should_found_once_when_every_earlier_seed_and_all_that_do_not_wait_are_silent_for_long(int place, string seeds, long after)
    {
        var patience = new JoinPatience(place, Silent, Strange);

        Assert.Equal(JoinPatience.Step.Wait, Next(patience, 100, seeds));
        Assert.Equal(JoinPatience.Step.Wait, Next(patience, 100 + after - 1, seeds));
        Assert.Equal(JoinPatience.Step.Found, Next(patience, 100 + after, seeds));
        Assert.Equal(JoinPatience.Step.Wait, Next(patience, 100 + (3 * after), seeds));
    }

    [Fact]
    public void Should_leave_it_to_an_earlier_seed_when_that_answers()
    {
        var patience = new JoinPatience(1, Silent, Strange);

        Next(patience, 0, "s-w");
        Next(patience, Silent - 1, "w-w");

        Assert.Equal(JoinPatience.Step.Wait, Next(patience, Silent, "s-w"));
        Assert.Equal(JoinPatience.Step.Found, Next(patience, (2 * Silent) - 1, "s-w"));
    }

    [Fact]
    public void Should_never_found_when_it_is_not_in_the_list_or_has_joined()
    {
        Assert.Equal(JoinPatience.Step.Wait, Next(new JoinPatience(-1, Silent, Strange), 100 * Silent, "www"));
        Assert.Equal(JoinPatience.Step.Wait, Next(new JoinPatience(0, Silent, Strange), 100 * Silent, "-ww", isInFarm: true));
    }

    [Fact]
    public void Should_give_up_its_farm_when_another_supervisor_answers_for_long_and_does_not_come_into_it()
    {
        var patience = new JoinPatience(0, Silent, Strange);

        // Nobody answers: there is nobody to give it up for.
        Assert.Equal(JoinPatience.Step.Wait, Next(patience, 0, "-ss", isInFarm: true));
        Assert.Equal(JoinPatience.Step.Wait, Next(patience, 10 * Strange, "-us", isInFarm: true));
        Assert.Equal(JoinPatience.Step.Wait, Next(patience, (11 * Strange) - 1, "-us", isInFarm: true));
        Assert.Equal(JoinPatience.Step.GiveUp, Next(patience, 11 * Strange, "-us", isInFarm: true));
    }

    /// <param name="patience">Of a supervisor.</param>
    /// <param name="nowMs">When it looks.</param>
    /// <param name="seeds">Each silent, waiting or up; - is itself. All of them are strangers.</param>
    /// <param name="isInFarm">Itself alone.</param>
    private static JoinPatience.Step Next(JoinPatience patience, long nowMs, string seeds, bool isInFarm = false) => patience.Next(
        nowMs,
        isInFarm,
        [.. seeds.Select(seed => seed switch { 's' => JoinPatience.Seed.Silent, 'u' => JoinPatience.Seed.IsUp, _ => JoinPatience.Seed.Waits })],
        seeds.Any(seed => seed is 'u' or 'w'));
}
