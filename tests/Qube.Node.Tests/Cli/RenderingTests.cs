using System.Globalization;
using Qube.Node.Cli;
using Spectre.Console;
using Xunit;

namespace Qube.Node.Tests.Cli;

public sealed class RenderingTests
{
    private const long Noon = 1_777_636_800; // 2026-05-01 12:00:00 UTC

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m00s")]
    [InlineData(3599, "59m59s")]
    [InlineData(3600, "1h00m")]
    [InlineData(86_399, "23h59m")]
    [InlineData(93_600, "1d02h")]
    public void Should_use_two_units_at_most_when_time_is_shown(long seconds, string expected) => Assert.Equal(expected, ElapsedText.OfSeconds(seconds));

    [Theory]
    [InlineData(7, "7ms")]
    [InlineData(999, "999ms")]
    [InlineData(1250, "1.2s")]
    [InlineData(9999, "9.9s")]
    [InlineData(10_000, "10s")]
    [InlineData(-3, "0ms")]
    public void Should_show_tenths_when_time_is_short(long ms, string expected) => Assert.Equal(expected, ElapsedText.OfMilliseconds(ms));

    [Theory]
    [InlineData(ElapsedText.NeverSeconds, ElapsedText.NeverSeconds, false, "")]
    [InlineData(0, 0, true, "")]
    [InlineData(Noon - 30, ElapsedText.NeverSeconds, false, "30s")]
    [InlineData(Noon - 30, Noon - 20, true, "10s")]
    [InlineData(Noon - 30, Noon - 40, false, "30s")]
    [InlineData(Noon + 5, ElapsedText.NeverSeconds, false, "0s")]
    public void Should_count_until_the_end_or_until_now_when_a_job_started(long started, long ended, bool isDone, string expected) =>
        Assert.Equal(expected, ElapsedText.Between(started, ended, isDone, Noon));

    [Theory]
    [InlineData(Noon - 60, "11:59:00")]
    [InlineData(Noon - 86_400, "Apr 30 12:00")]
    [InlineData(Noon - (400 * 86_400), "2025-03-27")]
    [InlineData(ElapsedText.NeverSeconds, "")]
    [InlineData(long.MaxValue, "")]
    public void Should_leave_out_of_a_moment_what_is_now_the_same(long at, string expected) =>
        Assert.Equal(expected, ElapsedText.ShortMoment(at, Noon, TimeZoneInfo.Utc));

    [Theory]
    [InlineData(10, 0, 0, 0, 10, "0 0 0 10")]
    [InlineData(10, 10, 0, 0, 10, "10 0 0 0")]
    [InlineData(10, 999, 0, 0, 1000, "9 0 0 1")]
    [InlineData(10, 1, 0, 0, 1000, "1 0 0 9")]
    [InlineData(10, 500, 1, 1, 1000, "4 1 1 4")]
    [InlineData(10, 0, 0, 0, 0, "0 0 0 10")]
    [InlineData(3, 1, 1, 1, 4, "1 1 1 0")]
    [InlineData(0, 1, 1, 1, 4, "0 0 0 0")]
    [InlineData(20, 1_000_000_000, 0, 0, 2_000_000_000, "10 0 0 10")]
    public void Should_give_each_part_its_cells_when_a_bar_is_drawn(int width, int complete, int failed, int running, int total, string expected)
    {
        var cells = ProgressBar.Cells(width, new(complete, failed, running, total));

        Assert.Equal(expected, $"{cells.Complete} {cells.Failed} {cells.Running} {cells.Waiting}");
    }

    [Fact]
    public void Should_fill_exactly_the_width_when_any_tally_is_drawn()
    {
        var random = new Random(20260501);
        for (var round = 0; round < 2000; round++)
        {
            var width = random.Next(4, 60);
            int[] parts = [random.Next(0, 5000), random.Next(0, 50), random.Next(0, 5), random.Next(0, 5000)];
            var tally = new ItemTally(parts[0], parts[1], parts[2], parts.Sum());
            var cells = ProgressBar.Cells(width, tally);

            int[] drawn = [cells.Complete, cells.Failed, cells.Running, cells.Waiting];
            Assert.True(drawn.Sum() == width, $"{tally} in {width} is drawn as {cells}");
            if (tally.Total > 0)
            {
                Assert.True(drawn.Zip(parts).All(pair => pair.Item1 > 0 == pair.Item2 > 0), $"{tally} in {width} is drawn as {cells}");
            }
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(999, 1000, 99)]
    [InlineData(1000, 1000, 100)]
    [InlineData(1_000_000_000, 2_000_000_000, 50)]
    public void Should_say_a_hundred_percent_only_when_all_is_complete(int complete, int total, int expected) =>
        Assert.Equal(expected, new ItemTally(complete, 0, 0, total).Percent);

    [Theory]
    [InlineData("plain ünïcödé 映画 🎬", "plain ünïcödé 映画 🎬")]
    [InlineData("a\nb\r\tc", "a\\nb\\r\\tc")]
    [InlineData("\u001b[31mred\u0007", "\\x1b[31mred\\x07")]
    [InlineData("x\u202ey", "x\\u202ey")]
    [InlineData("[red]", "[red]")]
    public void Should_write_out_what_a_terminal_would_obey_when_text_is_a_strangers(string text, string expected) =>
        Assert.Equal(expected, CellText.OneLine(text));

    // xunit cannot carry half a character in a test's data.
    [Fact]
    public void Should_write_out_half_a_character_when_there_is_one() => Assert.Equal("\\ud83dx", CellText.OneLine("\ud83d" + "x"));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 4, "abc…")]
    [InlineData("映画館", 5, "映画…")]
    [InlineData("映画館", 4, "映…")]
    [InlineData("abc", 1, "…")]
    [InlineData("abc", 0, "")]
    public void Should_cut_to_terminal_cells_when_text_is_too_wide(string text, int width, string expected) => Assert.Equal(expected, CellText.Cut(text, width));

    [Fact]
    public void Should_shrink_only_what_may_when_a_terminal_is_narrow()
    {
        Column[] columns = [new("A"), new("B", LeastWidth: 5), new("C", LeastWidth: 8)];

        Assert.Equal([10, 20, 12], TableLayout.Fit(columns, [10, 20, 12], 80));
        Assert.Equal([10, 12, 12], TableLayout.Fit(columns, [10, 20, 12], 38));
        Assert.Equal([10, 7, 8], TableLayout.Fit(columns, [10, 20, 12], 29));
        Assert.Equal([5, 5, 6], TableLayout.Fit(columns, [10, 20, 12], 20));
        Assert.Equal([1, 1, 1], TableLayout.Fit(columns, [10, 20, 12], 3));
    }

    [Theory]
    [InlineData(80, "A B C D")]
    [InlineData(27, "A B D")]
    [InlineData(21, "A B D")]
    [InlineData(20, "A D")]
    [InlineData(5, "A D")]
    public void Should_do_without_the_highest_ranks_when_a_terminal_is_narrow(int width, string expected)
    {
        Column[] columns = [new("A"), new("B", LeastWidth: 5, Rank: 1), new("C", LeastWidth: 8, Rank: 2), new("D")];

        Assert.Equal(expected, string.Join(' ', TableLayout.Kept(columns, [10, 20, 12, 2], width).Select(at => columns[at].Title)));
    }

    [Fact]
    public void Should_align_and_cut_nothing_when_a_table_goes_into_a_pipe()
    {
        Column[] columns = [new("N", IsRight: true), new("NAME", LeastWidth: 4), new("LAST")];

        Assert.Equal(
            "  N  NAME    LAST\n  1  映画    x\n100  [red]a  -\n",
            PlainTable.Render(columns, [(Cell[])["1", "映画", "x"], (Cell[])["100", "[red]a", ""]]));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(24)]
    public void Should_stay_within_the_width_when_a_table_is_drawn_on_a_terminal(int width)
    {
        Column[] columns = [new("ID", IsRight: true), new("NAME", LeastWidth: 6), new("STATUS")];
        var text = Draw(
            TerminalTable.Render(columns, [(Cell[])["1", "[red]" + new string('映', 80), Cell.OfStatus("failed", true)], (Cell[])["22", "a\nb", ""]], width), width);

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.True(CellText.Width(line.TrimEnd()) <= width, $"'{line}' is wider than {width}"));
        Assert.StartsWith(" 1  [red]", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("…  ✘ failed", lines[1].TrimEnd(), StringComparison.Ordinal);
        Assert.StartsWith("22  a\\nb", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'x' is bad", "", "", null, "'x' is bad")]
    [InlineData("job 1 (label a), callbacks[0].triggers: column 22: no", "a", "callbacks[0].triggers", 22, "job 1 (label a), callbacks[0].triggers: column 22: no")]
    [InlineData("submit it again", "comp", "label", 3, "submit it again (job comp, field label, column 3)")]
    public void Should_name_job_field_and_column_once_when_a_refusal_is_told(string message, string job, string field, int? column, string expected) =>
        Assert.Equal(expected, ApiErrorText.Of(message, job, field, column));

    [Theory]
    [InlineData("farm", "http://farm:50001/")]
    [InlineData("farm:6000", "http://farm:6000/")]
    [InlineData("http://farm", "http://farm:50001/")]
    [InlineData("http://farm:80", "http://farm/")]
    [InlineData("https://farm:6000/qube/", "https://farm:6000/qube/")]
    [InlineData("https://farm/qube", "https://farm:50001/qube/")]
    [InlineData("::1", "http://[::1]:50001/")]
    [InlineData("[::1]:7", "http://[::1]:7/")]
    [InlineData(" 127.0.0.1 ", "http://127.0.0.1:50001/")]
    [InlineData("farm:x", null)]
    [InlineData("ftp://farm", null)]
    [InlineData("", null)]
    [InlineData("a b", null)]
    public void Should_find_the_supervisor_when_it_is_a_host_or_a_url(string text, string? expected) =>
        Assert.Equal(expected, SupervisorAddress.Parse(text)?.ToString());

    [Theory]
    [InlineData("sleep 1; date", "sleep 1; date")]
    [InlineData("ls|-l|/tmp/a_b.%04d.exr", "ls -l /tmp/a_b.%04d.exr")]
    [InlineData("sh|-c|echo $HOME; date", "sh -c 'echo $HOME; date'")]
    [InlineData("echo|it's||~", "echo 'it'\\''s' '' '~'")]
    public void Should_reach_the_program_as_typed_when_a_command_has_several_words(string words, string expected) =>
        Assert.Equal(expected, ShellWords.Join(words.Contains(';') && !words.Contains("-c") ? [words] : words.Split('|')));

    internal static string Draw(Spectre.Console.Rendering.IRenderable picture, int width)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        new LiveScreen(text, isTerminal: true, width, 25, colours: false).Draw(picture);
        return text.ToString().RemoveMarks();
    }
}
