using FsCheck.Xunit;

namespace Qube.Triggers.Tests;

public class DependencyParserTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("900", "link-complete-job-900")]
    [InlineData(" 900 ", "link-complete-job-900")]
    [InlineData("link-900", "link-complete-job-900")]
    [InlineData("complete-job-900", "link-complete-job-900")]
    [InlineData("link-complete-job-430", "link-complete-job-430")]
    [InlineData("link-complete-work-430", "link-complete-work-430")]
    [InlineData("link-done-work-L", "link-done-work-L")]
    [InlineData("LINK-Done-SubJob-L", "link-done-subjob-L")]
    [InlineData("link-complete-work-rib-gen 2", "link-complete-work-rib-gen 2")]
    [InlineData("link-failed-job-parent", "link-failed-job-parent")]
    [InlineData("900,901, 902", "link-complete-job-900,link-complete-job-901,link-complete-job-902")]
    [InlineData("link-complete-work-1 && link-complete-work-2", "link-complete-work-1,link-complete-work-2")]
    [InlineData("900 AND link-done-job-fire and ice and 7", "link-complete-job-900,link-done-job-fire and ice,link-complete-job-7")]
    [InlineData("900 & link-killed-job-x, 5", "link-complete-job-900,link-killed-job-x,link-complete-job-5")]
    [InlineData("900 OR complete-job-x or 901", "link-complete-job-900 || link-complete-job-x || link-complete-job-901")]
    [InlineData("900 | 901", "link-complete-job-900 || link-complete-job-901")]
    [InlineData("info-complete-{\"1\":[\"540:3\"],\"*\":[\"600:*\"],\"\":[\"700\"]}", "")]
    [InlineData("900,info-complete-{\"1\":[\"540:3\"],\"*\":[\"600:*\"]},901", "link-complete-job-900,link-complete-job-901")]
    [InlineData("info-complete-{\"1\":[\"540:3\"],\"*:[600:*]},link-done-work-L", "link-done-work-L")]
    [InlineData("info-complete-{\"1\":[\"540:3\",link-done-work-L", "link-done-work-L")]
    [InlineData("info-complete-{'1':['540:3']", "")]
    public void Should_read_the_links_when_the_form_is_known(string text, string canonical)
    {
        var result = DependencyParser.Parse(text);

        Assert.True(result.IsValid, result.Error?.Message);
        Assert.Equal(canonical, result.Spec.ToString());
        Assert.Equal(result.Spec, DependencyParser.Parse(canonical).Spec);
        Assert.Equal(canonical.Contains("||", StringComparison.Ordinal), result.Spec.IsAny);
    }

    [Fact]
    public void Should_give_state_type_and_target_when_a_link_is_read()
    {
        var spec = DependencyParser.Parse("link-done-work-430,link-killed-subjob-L").Spec;

        Assert.Equal(
            [
                new DependencyLink(DependencyState.Done, SubjectType.Work, TriggerContext.ForJob(430)),
                new DependencyLink(DependencyState.Killed, SubjectType.Subjob, TriggerContext.ForLabel("L")),
            ],
            spec?.Links);
    }

    [Theory]
    [InlineData("900,", 5, "end of text")]
    [InlineData(",900", 1, "end of text")]
    [InlineData("render", 1, "render")]
    [InlineData("link-running-job-5", 6, "running")]
    [InlineData("link-complete-host-5", 15, "host")]
    [InlineData("link-complete-job", 18, "end of text")]
    [InlineData("link-complete-job-self", 19, "self")]
    [InlineData("link-complete-job-*", 19, "*")]
    [InlineData("link-complete", 14, "end of text")]
    [InlineData("(900", 1, "end of text")]
    [InlineData("900 (901)", 5, "(")]
    [InlineData("900 && 901 || 902", 12, "||")]
    [InlineData("900 OR 901,902", 11, ",")]
    [InlineData("0", 1, "0")]
    public void Should_name_the_column_when_the_dependency_is_wrong(string text, int column, string found)
    {
        var error = DependencyParser.Parse(text).Error;

        Assert.Equal((column, found), (error?.Column, error?.Found));
    }

    [Property(MaxTest = 500)]
    public void Should_never_throw_and_print_what_it_reads_when_given_any_text(int seed)
    {
        string[] pieces = ["link-", "complete", "-", "job", "work", ",", " and ", "||", "&", "900", "{", "}", "info-", "\"", " ", "(", "L", "\u00e9", "\t"];
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => pieces[random.Next(pieces.Length)]));

        var result = DependencyParser.Parse(text);

        Assert.True(result.IsValid != (result.Error is not null), text);
        if (result.IsValid)
        {
            Assert.Equal(result.Spec, DependencyParser.Parse(result.Spec.ToString()).Spec);
        }
        else
        {
            Assert.InRange(result.Error.Column, 1, text.Length + 1);
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("900", "complete-job-900 => unblock-self")]
    [InlineData("900 OR 901", "complete-job-900 || complete-job-901 => unblock-self")]
    [InlineData("link-done-work-1,900,link-done-work-2", "complete-job-900 && done-work-1-* && done-work-2-* => unblock-work-self")]
    [InlineData("link-done-subjob-1", "done-subjob-1-* => unblock-subjob-self")]
    [InlineData(
        "link-done-work-1,link-done-subjob-1,9",
        "complete-job-9 && done-work-1-* => unblock-work-self; complete-job-9 && done-subjob-1-* => unblock-subjob-self")]
    public void Should_expand_to_internal_callbacks_when_links_are_given(string text, string expected)
    {
        var triggers = DependencyParser.Parse(text).Spec?.Expand();

        Assert.Equal(expected, string.Join("; ", triggers!.Select(trigger => $"{trigger.Expression} => {trigger.Verb}")));
    }
}
