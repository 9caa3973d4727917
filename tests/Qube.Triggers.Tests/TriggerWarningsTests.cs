namespace Qube.Triggers.Tests;

public class TriggerWarningsTests
{
    [Theory]
    [InlineData("compelte-job-self", "complete")]
    [InlineData("completed-job-self", "complete")]
    [InlineData("fail-work-self-*", "failed")]
    [InlineData("kiled-subjob-self-1", "killed")]
    [InlineData("dwn-host-*-render01", "down")]
    public void Should_suggest_the_event_when_its_name_is_misspelt(string text, string meant)
    {
        var warning = Assert.Single(TriggerWarnings.For(Trees.Parse("done-job-self && " + text)));

        Assert.Equal((1, meant), (warning.Ordinal, warning.Suggestion));
        Assert.Contains($"did you mean '{meant}'", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_that_it_always_holds_when_what_must_not_happen_is_misspelt() =>
        Assert.Contains("'!faild-job-self' always holds", Assert.Single(TriggerWarnings.For(Trees.Parse("done-job-self && !faild-job-self"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Should_warn_when_an_operand_stands_twice_in_an_any()
    {
        var warning = Assert.Single(TriggerWarnings.For(Trees.Parse("done-job-1 || any(2, done-job-2, done-job-3, done-job-2)")));

        Assert.Equal((3, ""), (warning.Ordinal, warning.Suggestion));
        Assert.Contains("'done-job-2' stands twice", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("complete-job-self")]
    [InlineData("unblock-job-1234")]
    [InlineData("unblocked-job-1234")]
    [InlineData("assets_ready-job-self")]
    [InlineData("go-job-self")]
    [InlineData("compelte-global")]
    [InlineData("dumy-time-self-5")]
    [InlineData("down-host-*-render01")]
    public void Should_stay_silent_when_the_name_is_known_or_the_users_own(string text) =>
        Assert.Empty(TriggerWarnings.For(Trees.Parse(text)));
}
