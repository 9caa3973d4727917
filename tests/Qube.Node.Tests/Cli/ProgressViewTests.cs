using System.Globalization;
using Qube.Node.Cli;
using Xunit;

namespace Qube.Node.Tests.Cli;

public sealed class ProgressViewTests
{
    [Fact]
    public async Task Should_print_a_line_per_change_of_status_when_it_is_a_pipe()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);

        await new JobProgressView(text, isTerminal: false).RunAsync(show =>
        {
            show([Row(12, "pending", 0), Row(13, "blocked", 0)]);
            show([Row(12, "running", 0), Row(13, "blocked", 0)]);
            for (var complete = 1; complete < 10; complete++)
            {
                show([Row(12, "running", complete), Row(13, "blocked", 0)]);
            }

            show([Row(12, "failed", 9) with { Failed = 1 }, Row(13, "pending", 0)]);
            return Task.CompletedTask;
        });

        Assert.Equal(
            "12 a\\nb: pending 0/10\n13 a\\nb: blocked 0/10\n12 a\\nb: running 0/10\n12 a\\nb: failed 9/10, 1 failed\n13 a\\nb: pending 0/10\n", text.ToString());
    }

    [Fact]
    public async Task Should_draw_bars_in_place_when_it_is_a_terminal()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);

        await new JobProgressView(text, isTerminal: true, width: 80, height: 20).RunAsync(show =>
        {
            show([Row(12, "running", 2)]);
            show([Row(12, "complete", 10)]);
            return Task.CompletedTask;
        });

        Assert.Contains("\u001b[", text.ToString(), StringComparison.Ordinal);
        var seen = text.ToString().RemoveMarks();
        Assert.Contains("▶ running  ████░░░░░░░░░░░░░░░░ 2/10", seen, StringComparison.Ordinal);
        Assert.Contains("✔ complete  ████████████████████ 10/10", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_how_many_are_left_out_when_jobs_do_not_fit()
    {
        var picture = RenderingTests.Draw(JobProgressView.Picture([.. Enumerable.Range(1, 30).Select(id => Row(id, "running", 1))], 80, 12), 80);

        var lines = picture.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(11, lines.Length);
        Assert.Contains("… and 21 more", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_pass_on_what_the_work_throws_when_it_fails()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var view = new JobProgressView(text, isTerminal: true);

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => view.RunAsync(_ => throw new InvalidOperationException("work")));

        Assert.Equal("work", thrown.Message);
    }

    private static JobProgressRow Row(long id, string status, int complete) => new(id, "a\nb", status, complete, 0, 0, 10);
}
