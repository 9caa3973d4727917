using FsCheck.Xunit;

namespace Qube.Triggers.Tests;

public class TriggerParserProperties
{
    [Property(MaxTest = 1_000, Arbitrary = [typeof(ExpressionGenerators)])]
    public void Should_read_back_the_same_tree_when_a_tree_is_printed(TriggerExpression expression)
    {
        var text = expression.ToString();

        var result = TriggerParser.Parse(text, ExpressionGenerators.Labels);

        Assert.True(result.IsValid, $"{text}: {result.Error?.Message}");
        Assert.Equal(expression, result.Expression);
        Assert.Equal(expression.GetHashCode(), result.Expression.GetHashCode());
        Assert.Equal(text, result.Expression.ToString());
    }

    [Property(MaxTest = 1_000)]
    public void Should_answer_with_a_tree_or_an_error_when_given_any_string(string? text) => Check(text ?? "");

    [Property(MaxTest = 3_000)]
    public void Should_answer_with_a_tree_or_an_error_when_given_pieces_of_triggers(int seed)
    {
        string[] pieces =
        [
            "complete", "-", "-", "-", "job", "work", "self", "parent", "*", "\\*", "render", "rib-gen", "lay-OUT", "job A", " and ", " OR ", "&&", "||",
            "&", "|", "(", ")", " ", "5", "-5", "time", "repeat", "global", "globaltime", "globalrepeat-", "done-job-self", "subjob", ",", "\t", "\u0130",
            "!", "not ", "any(", "any(2,", ", done-job-self", "done-job-self && !failed-job-self", "2",
        ];
        var random = new Random(seed);
        Check(string.Concat(Enumerable.Range(0, random.Next(16)).Select(_ => pieces[random.Next(pieces.Length)])));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("&")]
    [InlineData(") ")]
    [InlineData("a ")]
    [InlineData(" and")]
    [InlineData("a-time-b-")]
    [InlineData("x-job-1 or ")]
    [InlineData("!")]
    [InlineData("not ")]
    [InlineData(" !n")]
    [InlineData("any(")]
    [InlineData("any(1,")]
    [InlineData(",any(2,a-job-1")]
    [InlineData(" or !!!")]
    public void Should_end_when_a_hostile_text_repeats_itself(string piece) => Check(string.Concat(Enumerable.Repeat(piece, 20_000)));

    private static void Check(string text)
    {
        var result = TriggerParser.Parse(text, ExpressionGenerators.Labels);

        Assert.True(result.IsValid != (result.Error is not null), text);
        if (result.IsValid)
        {
            Assert.Equal(result.Expression, TriggerParser.Parse(result.Expression.ToString(), ExpressionGenerators.Labels).Expression);
        }
        else
        {
            Assert.InRange(result.Error.Column, 1, text.Length + 1);
        }
    }
}
