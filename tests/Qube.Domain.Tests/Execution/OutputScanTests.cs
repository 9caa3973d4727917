using System.Text.RegularExpressions;
using Qube.Domain.Execution;
using Qube.Domain.Syntax;
using Xunit;

namespace Qube.Domain.Tests.Execution;

public sealed class OutputScanTests
{
    private static OutputRules Rules(params (string Key, string Text)[] keys) =>
        OutputRules.Parse(keys.ToDictionary(static key => key.Key, static key => key.Text)).Required();

    [Fact]
    public void Should_collect_what_each_key_asks_for_when_lines_match()
    {
        var scan = new OutputScan(Rules(
            ("regex_highlights", "WARNING\nnote:"),
            ("regex_errors", "^ERROR\r\nlicen[sc]e (?!ok)"),
            ("regex_outputPaths", "wrote (\\S+)"),
            ("regex_progress", "progress (\\S+)")));
        foreach (string line in "WARNING a|all well|note: b|wrote /a.exr|wrote /a.exr|wrote /b.exr|progress 0.29".Split('|'))
        {
            scan.Read(line);
        }

        Assert.False(scan.HasFailed);
        Assert.Equal(["WARNING a", "note: b"], scan.Highlights);
        Assert.Equal(["/a.exr", "/b.exr"], scan.OutputPaths);
        Assert.Equal(29, scan.Percent);

        scan.Read("license ok");
        Assert.False(scan.HasFailed);
        scan.Read("license gone");
        Assert.True(scan.HasFailed);
        Assert.Equal(["license gone"], scan.Errors);
    }

    [Theory]
    [InlineData("45", 45)]
    [InlineData("45.9%", 45)]
    [InlineData("0.5", 50)]
    [InlineData("1.0", 100)]
    [InlineData("1", 1)]
    [InlineData("0.5%", 0)]
    [InlineData("400", 100)]
    [InlineData("half", 0)]
    public void Should_read_percents_and_parts_when_progress_is_reported(string text, int expected)
    {
        var scan = new OutputScan(Rules(("regex_progress", "progress (\\S+)")));
        scan.Read($"progress {text}");

        Assert.Equal(expected, scan.Percent);
    }

    [Fact]
    public void Should_fail_the_item_but_keep_no_more_lines_when_the_cap_is_reached()
    {
        var scan = new OutputScan(Rules(("regex_errors", "ERROR"), ("regex_highlights", "E"), ("regex_maxLines", "2")));
        foreach (string line in new[] { "ERROR 1", "ERROR 2", "ERROR 3" })
        {
            scan.Read(line);
        }

        var none = new OutputScan(Rules(("regex_errors", "ERROR"), ("regex_maxLines", "0")));
        none.Read("ERROR 1");

        Assert.Equal(["ERROR 1", "ERROR 2"], scan.Errors);
        Assert.Equal(2, scan.Highlights.Count);
        Assert.True(none.HasFailed);
        Assert.Empty(none.Errors);
    }

    [Fact]
    public void Should_name_key_and_place_when_an_expression_is_none()
    {
        Parsed<OutputRules> rules = OutputRules.Parse(new Dictionary<string, string> { ["regex_errors"] = "fine\nbad (group" });

        Assert.Contains("bad (group", rules.Error!.Found);
        Assert.Contains("regex_errors", rules.Error.Expected);
        Assert.InRange(rules.Error.Column, 6, 16);
        Assert.False(OutputRules.Parse(new Dictionary<string, string> { ["regex_maxLines"] = "many" }).IsOk);
    }

    [Fact]
    public void Should_take_a_line_for_no_match_when_only_backtracking_could_tell_and_takes_too_long()
    {
        string line = new string('a', 40) + "!";
        OutputRules rules = Rules(("regex_errors", @"^(a+)+(?<!x)b\1"));
        var scan = new OutputScan(rules);
        scan.Read(line);

        Assert.Throws<RegexMatchTimeoutException>(() => rules.Errors[0].IsMatch(line));
        Assert.False(scan.HasFailed);
    }

    [Fact]
    public void Should_have_no_rules_when_the_package_has_none()
    {
        Assert.True(OutputRules.Parse(new Dictionary<string, string> { ["cmdline"] = "ls", ["regex_errors"] = "" }).Required().IsEmpty);
    }
}
