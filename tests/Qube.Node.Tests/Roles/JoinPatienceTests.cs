using Qube.Node.Roles;
using Xunit;

namespace Qube.Node.Tests.Roles;

public sealed class JoinPatienceTests
{
    private const long FoundAfter = 15_000;
    private const long AloneAfter = 60_000;

    [Theory]
    [InlineData(1, FoundAfter)]
    [InlineData(2, 2 * FoundAfter)]
    public void Should_found_once_when_every_earlier_seed_is_silent_for_long(int place, long after)
    {
        var patience = new JoinPatience(place, FoundAfter, AloneAfter);

        Assert.Equal(JoinPatience.Step.Wait, patience.Next(100, isInFarm: false, earlierAnswers: false, strangerAnswers: true));
        Assert.Equal(JoinPatience.Step.Wait, patience.Next(100 + after - 1, isInFarm: false, earlierAnswers: false, strangerAnswers: true));
        Assert.Equal(JoinPatience.Step.Found, patience.Next(100 + after, isInFarm: false, earlierAnswers: false, strangerAnswers: true));
        Assert.Equal(JoinPatience.Step.Wait, patience.Next(100 + (3 * after), isInFarm: false, earlierAnswers: false, strangerAnswers: true));
    }

    [Fact]
    public void Should_begin_to_wait_anew_when_an_earlier_seed_answers()
    {
        var patience = new JoinPatience(1, FoundAfter, AloneAfter);

        patience.Next(0, isInFarm: false, earlierAnswers: false, strangerAnswers: false);
        patience.Next(FoundAfter - 1, isInFarm: false, earlierAnswers: true, strangerAnswers: true);

        Assert.Equal(JoinPatience.Step.Wait, patience.Next(FoundAfter, isInFarm: false, earlierAnswers: false, strangerAnswers: false));
        Assert.Equal(JoinPatience.Step.Found, patience.Next(2 * FoundAfter, isInFarm: false, earlierAnswers: false, strangerAnswers: false));
    }

    /// <summary>The first founds as it is; one that is not in the list never does.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Should_never_found_when_it_is_the_first_or_none(int place)
    {
        var patience = new JoinPatience(place, FoundAfter, AloneAfter);

        patience.Next(0, isInFarm: false, earlierAnswers: false, strangerAnswers: false);

        Assert.Equal(JoinPatience.Step.Wait, patience.Next(100 * FoundAfter, isInFarm: false, earlierAnswers: false, strangerAnswers: false));
    }

    [Fact]
    public void Should_give_up_its_farm_when_another_supervisor_answers_for_long_and_does_not_come_into_it()
    {
        var patience = new JoinPatience(0, FoundAfter, AloneAfter);

        // Nobody answers: there is nobody to give it up for.
        Assert.Equal(JoinPatience.Step.Wait, patience.Next(0, isInFarm: true, earlierAnswers: false, strangerAnswers: false));
        Assert.Equal(JoinPatience.Step.Wait, patience.Next(10 * AloneAfter, isInFarm: true, earlierAnswers: false, strangerAnswers: true));
        Assert.Equal(JoinPatience.Step.Wait, patience.Next((11 * AloneAfter) - 1, isInFarm: true, earlierAnswers: false, strangerAnswers: true));
        Assert.Equal(JoinPatience.Step.GiveUp, patience.Next(11 * AloneAfter, isInFarm: true, earlierAnswers: false, strangerAnswers: true));
    }
}
