using static Qube.Triggers.Tests.Trees;

namespace Qube.Triggers.Tests;

public class TriggerParserTests
{
    private static readonly string[] Labels = ["hello", "sibling", "render", "ribGen", "job A", "lay-out", "lay-out-b", "lay"];

    public static TheoryData<string, TriggerExpression> Documented => new()
    {
        { "complete-job-self", Job("complete", Self) },
        { "running-job-19294", Job("running", TriggerContext.ForJob(19294)) },
        { "complete-subjob-self-2", Item("complete", SubjectType.Subjob, Self, "2") },
        { "done-subjob-self-5", Item("done", SubjectType.Subjob, Self, "5") },
        { "done-job-hello", Job("done", Label("hello")) },
        { "complete-job-self && complete-job-parent", All(Job("complete", Self), Job("complete", TriggerContext.Parent)) },
        { "running-job-sibling && done-job-self", All(Job("running", Label("sibling")), Job("done", Self)) },
        { "failed-work-self-*", Item("failed", SubjectType.Work, Self, "*") },
        { "failed-work-self-\\*", Item("failed", SubjectType.Work, Self, "*") },
        { "complete-work-render-5", Item("complete", SubjectType.Work, Label("render"), "5") },
        {
            "complete-work-ribgen-7 && complete-work-render-7",
            All(Item("complete", SubjectType.Work, Label("ribGen"), "7"), Item("complete", SubjectType.Work, Label("render"), "7"))
        },
        {
            "(a-job-self && b-job-self) || c-job-self",
            Any(All(Job("a", Self), Job("b", Self)), Job("c", Self))
        },
        { "done-work-self-*", Item("done", SubjectType.Work, Self, "*") },
        { "timeout-work-self-*", Item("timeout", SubjectType.Work, Self, "*") },
        { "unblock-job-1234", Job("unblock", TriggerContext.ForJob(1234)) },
        { "removed-job-self", Job("removed", Self) },
        { "killed-job-self", Job("killed", Self) },
        { "failed-job-self", Job("failed", Self) },
        { "submit-job-self", Job("submit", Self) },
        { "dummy-time-self-796345834", Item("dummy", SubjectType.Time, Self, "796345834") },
        { "globaltime-10000", new EventPattern("", SubjectType.GlobalTime, TriggerContext.None, "10000") },
    };

    public static TheoryData<string, TriggerExpression> OurReadings => new()
    {
        { "dummy-globaltime-self-10000", new EventPattern("", SubjectType.GlobalTime, TriggerContext.None, "10000") },
        { "globalrepeat-100-60", new EventPattern("", SubjectType.GlobalRepeat, TriggerContext.None, "100-60") },
        { "dummy-globalrepeat-self-100-60", new EventPattern("", SubjectType.GlobalRepeat, TriggerContext.None, "100-60") },
        { "dummy-repeat-self--20-60", Item("dummy", SubjectType.Repeat, Self, "-20-60") },
        { "dummy-time-un-known-0005", Item("dummy", SubjectType.Time, Label("un-known"), "5") },
        { "global", new EventPattern("", SubjectType.Global, TriggerContext.None, "") },
        { "render_ok-global", new EventPattern("render_ok", SubjectType.Global, TriggerContext.None, "") },
        { "render_ok-global-self", new EventPattern("render_ok", SubjectType.Global, Self, "") },
        { "global-self", new EventPattern("", SubjectType.Global, Self, "") },
        { "down-host-*-render-01", Item("down", SubjectType.Host, TriggerContext.Any, "render-01") },
        { "complete-job-*", Job("complete", TriggerContext.Any) },
        { "Complete-JOB-Self", Job("complete", Self) },
        { "done-job-HELLO", Job("done", Label("hello")) },
        { "complete-job-job A", Job("complete", Label("job A")) },
        { "complete-work-job A-5", Item("complete", SubjectType.Work, Label("job A"), "5") },
        { "complete-work-lay-out-b-101-108", Item("complete", SubjectType.Work, Label("lay-out-b"), "101-108") },
        { "complete-work-lay-out-101-108", Item("complete", SubjectType.Work, Label("lay-out"), "101-108") },
        { "complete-work-lay-out-b", Item("complete", SubjectType.Work, Label("lay-out"), "b") },
        { "complete-work-lay-x", Item("complete", SubjectType.Work, Label("lay"), "x") },
        { "complete-work-un-known-5", Item("complete", SubjectType.Work, Label("un"), "known-5") },
        { "complete-work-900--5", Item("complete", SubjectType.Work, TriggerContext.ForJob(900), "-5") },
        { "complete-work-self-Rock and Roll", Item("complete", SubjectType.Work, Self, "Rock and Roll") },
        { "complete-work-self-this or that && done-job-self", All(Item("complete", SubjectType.Work, Self, "this or that"), Job("done", Self)) },
        {
            "complete-work-self-Segment: 1-200 and complete-work-self-Segment: 201-400",
            All(Item("complete", SubjectType.Work, Self, "Segment: 1-200"), Item("complete", SubjectType.Work, Self, "Segment: 201-400"))
        },
        { "done-job-self AND globaltime-5 Or global", Any(All(Job("done", Self), Item("", SubjectType.GlobalTime, TriggerContext.None, "5")), new EventPattern("", SubjectType.Global, TriggerContext.None, "")) },
        { "done-job-self and (done-job-7 or done-job-8)", All(Job("done", Self), Any(Job("done", TriggerContext.ForJob(7)), Job("done", TriggerContext.ForJob(8)))) },
        { "(done-job-self)and(done-job-7)", All(Job("done", Self), Job("done", TriggerContext.ForJob(7))) },
        { "a-job-1 & b-job-2 | c-job-3", Any(All(Job("a", TriggerContext.ForJob(1)), Job("b", TriggerContext.ForJob(2))), Job("c", TriggerContext.ForJob(3))) },
        { "a-job-1 & & b-job-2", All(Job("a", TriggerContext.ForJob(1)), Job("b", TriggerContext.ForJob(2))) },
        { "a-job-1 || b-job-2 && c-job-3", Any(Job("a", TriggerContext.ForJob(1)), All(Job("b", TriggerContext.ForJob(2)), Job("c", TriggerContext.ForJob(3)))) },
        { "((a-job-1))", Job("a", TriggerContext.ForJob(1)) },
        { "a-job-1&&(b-job-2&&c-job-3)", All(Job("a", TriggerContext.ForJob(1)), All(Job("b", TriggerContext.ForJob(2)), Job("c", TriggerContext.ForJob(3)))) },
        { "done-job-self && !failed-job-self", All(Job("done", Self), new Not(Job("failed", Self))) },
        { "done-job-7 AND Not failed-job-7 or done-job-8", Any(All(Job("done", TriggerContext.ForJob(7)), new Not(Job("failed", TriggerContext.ForJob(7)))), Job("done", TriggerContext.ForJob(8))) },
        { "! (failed-work-lay-*)&&done-work-lay-*", All(new Not(Item("failed", SubjectType.Work, Label("lay"), "*")), Item("done", SubjectType.Work, Label("lay"), "*")) },
        { "(done-job-7 && !failed-job-7) && done-job-8", All(All(Job("done", TriggerContext.ForJob(7)), new Not(Job("failed", TriggerContext.ForJob(7)))), Job("done", TriggerContext.ForJob(8))) },
        { "not-job-self && any-job-self", All(Job("not", Self), Job("any", Self)) },
        { "complete-work-self-Rock and not a roll", Item("complete", SubjectType.Work, Self, "Rock and not a roll") },
        { "complete-work-self-Stop! && done-job-self", All(Item("complete", SubjectType.Work, Self, "Stop!"), Job("done", Self)) },
        { "any(2, done-job-1, done-job-2,done-job-3)", new AtLeast(2, [Job("done", TriggerContext.ForJob(1)), Job("done", TriggerContext.ForJob(2)), Job("done", TriggerContext.ForJob(3))]) },
        { "ANY ( 1 , a-job-1 && b-job-1 , (c-job-1 or any(2, d-job-1, global)) )", new AtLeast(1, [All(Job("a", TriggerContext.ForJob(1)), Job("b", TriggerContext.ForJob(1))), Any(Job("c", TriggerContext.ForJob(1)), new AtLeast(2, [Job("d", TriggerContext.ForJob(1)), new EventPattern("", SubjectType.Global, TriggerContext.None, "")]))]) },
        { "any(2, done-work-self-1,2, done-work-self-3, 4) and done-job-self", All(new AtLeast(2, [Item("done", SubjectType.Work, Self, "1,2"), Item("done", SubjectType.Work, Self, "3, 4")]), Job("done", Self)) },
        { "done-job-self or any(1, global, x-global)", Any(Job("done", Self), new AtLeast(1, [new EventPattern("", SubjectType.Global, TriggerContext.None, ""), new EventPattern("x", SubjectType.Global, TriggerContext.None, "")])) },
        { "down-host-*-r1 && !active-host-*-r1", All(Item("down", SubjectType.Host, TriggerContext.Any, "r1"), new Not(Item("active", SubjectType.Host, TriggerContext.Any, "r1"))) },
        { "and-job-self or or-job-self", Any(Job("and", Self), Job("or", Self)) },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    [MemberData(nameof(OurReadings))]
    public void Should_read_the_expected_tree_when_given_an_example(string text, TriggerExpression expected)
    {
        var result = TriggerParser.Parse(text, Labels);

        Assert.True(result.IsValid, result.Error?.Message);
        Assert.Equal(expected, result.Expression);
        Assert.Equal(expected, TriggerParser.Parse(expected.ToString(), Labels).Expression);
    }

    [Theory]
    [InlineData("", 1, "end of text")]
    [InlineData("   ", 4, "end of text")]
    [InlineData("complete-job-self &&", 21, "end of text")]
    [InlineData("&& complete-job-self", 1, "&&")]
    [InlineData("complete-job-self && || done-job-self", 22, "||")]
    [InlineData("(complete-job-self", 19, "end of text")]
    [InlineData("complete-job-self)", 18, ")")]
    [InlineData("complete-job-self (done-job-self)", 19, "(")]
    [InlineData("(done-job-self) x", 17, "x")]
    [InlineData("()", 2, ")")]
    [InlineData("complete", 1, "complete")]
    [InlineData("complete-jbo-self", 10, "jbo")]
    [InlineData("complete-job", 13, "end of text")]
    [InlineData("complete-job-", 14, "end of text")]
    [InlineData("done-job-self && complete-work-self", 36, "end of text")]
    [InlineData("complete-work-self-", 20, "end of text")]
    [InlineData("complete-work-self- 5", 20, " 5")]
    [InlineData("complete-work--5", 15, "-5")]
    [InlineData("complete-subjob-self-two", 22, "two")]
    [InlineData("complete-subjob-self--1", 22, "-1")]
    [InlineData("dummy-time-self-soon", 17, "soon")]
    [InlineData("dummy-repeat-self-100-0", 19, "100-0")]
    [InlineData("dummy-repeat-self-100", 19, "100")]
    [InlineData("globaltime-", 12, "end of text")]
    [InlineData("globaltime-x", 12, "x")]
    [InlineData("2nd-job-self", 1, "2nd")]
    [InlineData("a b-job-self", 1, "a b")]
    [InlineData("-job-self", 1, "-job-self")]
    [InlineData("complete-job-a,complete-job-b", 15, ",complete-job-b")]
    [InlineData("complete-job-0", 14, "0")]
    [InlineData("complete-job-99999999999999999999", 14, "99999999999999999999")]
    [InlineData("complete-job- self", 14, " self")]
    [InlineData("!failed-job-self", 1, "!failed-job-self")]
    [InlineData("done-job-self || !failed-job-self", 18, "!failed-job-self")]
    [InlineData("done-job-self && !failed-job-7", 18, "!failed-job-7")]
    [InlineData("done-job-* && !failed-job-*", 15, "!failed-job-*")]
    [InlineData("done-job-self && (done-job-7 || !failed-job-self)", 33, "!failed-job-self")]
    [InlineData("(done-job-self && !failed-job-self || done-job-7) && done-job-8", 19, "!failed-job-self")]
    [InlineData("any(1, done-job-self && !failed-job-self, done-job-8)", 25, "!failed-job-self")]
    [InlineData("done-job-self && !!failed-job-self", 19, "!")]
    [InlineData("done-job-self && !", 19, "end of text")]
    [InlineData("done-job-self && !(a-job-self && b-job-self)", 19, "(")]
    [InlineData("done-job-self && not any(1, a-job-self, b-job-self)", 22, "any(")]
    [InlineData("any(done-job-1, done-job-2)", 5, "done-job-1")]
    [InlineData("any(0, done-job-1, done-job-2)", 5, "0")]
    [InlineData("any(3, done-job-1, done-job-2)", 5, "3")]
    [InlineData("any(1, done-job-1)", 18, ")")]
    [InlineData("any(2)", 6, ")")]
    [InlineData("any()", 5, ")")]
    [InlineData("any(2, done-job-1, done-jbo-2)", 18, ", done-jbo-2")]
    [InlineData("any(2, done-job-1, done-job-2", 30, "end of text")]
    public void Should_name_column_and_text_found_when_the_trigger_is_wrong(string text, int column, string found)
    {
        var result = TriggerParser.Parse(text, Labels);

        Assert.False(result.IsValid);
        Assert.Equal((column, found), (result.Error.Column, result.Error.Found));
        Assert.NotEmpty(result.Error.Expected);
        Assert.Contains(result.Error.Expected, result.Error.Message, StringComparison.Ordinal);
        Assert.Contains($"column {column}", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_what_was_meant_when_a_type_is_misspelt() =>
        Assert.Contains("did you mean subjob?", TriggerParser.Parse("complete-sbujob-self-1", []).Error?.Message, StringComparison.Ordinal);

    [Fact]
    public void Should_refuse_with_an_error_when_nested_too_deeply()
    {
        string Nested(int depth) => new string('(', depth) + "done-job-self" + new string(')', depth);

        Assert.True(TriggerParser.Parse(Nested(TriggerParser.MaxParenthesisDepth), []).IsValid);
        Assert.Equal(101, TriggerParser.Parse(Nested(TriggerParser.MaxParenthesisDepth + 1), []).Error?.Column);
        Assert.Equal(101, TriggerParser.Parse(new string('(', 200_000), []).Error?.Column);
    }

    [Fact]
    public void Should_or_the_elements_when_given_a_list()
    {
        var result = TriggerParser.ParseList(["done-job-7", "a-job-self && b-job-self", "x-job-1 || y-job-1"], []);

        Assert.Equal(TriggerParser.Parse("done-job-7 || a-job-self && b-job-self || x-job-1 || y-job-1", []).Expression, result.Expression);
    }

    [Fact]
    public void Should_name_the_element_when_one_of_a_list_is_wrong()
    {
        var error = TriggerParser.ParseList(["done-job-7", "done-jb-8"], []).Error;

        Assert.Equal((1, 6), (error?.Element, error?.Column));
        Assert.NotNull(TriggerParser.ParseList([], []).Error);
    }

    [Fact]
    public void Should_tell_unix_time_when_a_clock_is_written_in_qube_time()
    {
        Assert.Equal(new DateTimeOffset(2025, 3, 27, 4, 10, 34, TimeSpan.Zero).ToUnixTimeSeconds(), QubeTime.ToUnixSeconds(796345834));
        Assert.Equal(796345834, QubeTime.FromUnixSeconds(QubeTime.ToUnixSeconds(796345834)));
        Assert.Equal((100, 60L), Item("dummy", SubjectType.Repeat, Self, "100-60").Clock);
        Assert.Null(Job("done", Self).Clock);
    }
}
