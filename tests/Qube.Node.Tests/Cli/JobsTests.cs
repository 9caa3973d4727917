using Qube.Contracts;
using Qube.Node.Cli;
using Qube.Node.Tests.Api;
using Xunit;

namespace Qube.Node.Tests.Cli;

public sealed class JobsTests : IAsyncLifetime
{
    private static readonly string Moment = ElapsedText.Moment(JobJson.Submitted, TimeZoneInfo.Local);

    private readonly ServedFarm _farm = new();

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Fact]
    public async Task Should_list_whole_columns_when_it_is_a_pipe()
    {
        var name = new string('x', 300);
        Rows(
            JobJson.Of(13, "pending", todo: 10, name: "[red]映画\n", reason: "no host has 'cmdrange'"),
            JobJson.Of(12, "failed", complete: 8, failed: 2, todo: 10, name: name),
            JobJson.Of(9, "complete"));

        var result = await new CliRun(_farm).Run("jobs");

        Assert.Equal((CliExit.Ok, ""), (result.Code, result.Error));
        Assert.Equal(
            [
                ["ID", "ITEMS", "FAILED", "STATUS", "NAME", "USER", "PRIORITY", "LABEL", "PGRP", "SUBMITTED", "ELAPSED", "REASON"],
                ["13", "0/10", "0", "pending", "[red]映画\\n", "ann", "9999", "qube0", "13", Moment, "*", "no host has 'cmdrange'"],
                ["12", "8/10", "2", "failed", name, "ann", "9999", "qube0", "12", Moment, "1m00s", "-"],
                ["9", "1/2", "0", "complete", "n", "ann", "9999", "qube0", "9", Moment, "1m00s", "-"],
            ],
            result.Lines.Select(line => Fields(line, isPending: line.Contains("pending", StringComparison.Ordinal))));
        var at = result.Lines[0].IndexOf("STATUS", StringComparison.Ordinal);
        Assert.Equal(["STATUS ", "pending", "failed ", "complet"], result.Lines.Select(line => line.Substring(at, 7)));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(60)]
    public async Task Should_fit_the_terminal_when_people_look(int width)
    {
        Rows(JobJson.Of(13, "running", complete: 5, failed: 1, running: 1, todo: 10, name: "[red]" + new string('映', 100)), JobJson.Of(12, "blocked", todo: 4, name: "a\u001b[2Jb"));

        var result = await new CliRun(_farm) { IsTerminal = true, Width = width }.Run("jobs");

        var lines = result.Output.RemoveMarks().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.True(CellText.Width(line.TrimEnd()) <= width, $"'{line}' is wider than {width}"));
        Assert.Contains("█████", lines[1], StringComparison.Ordinal);
        Assert.Contains("5/10 1 failed", lines[1], StringComparison.Ordinal);
        Assert.Contains("▶ running", lines[1], StringComparison.Ordinal);
        Assert.Contains("[red]映", lines[1], StringComparison.Ordinal);
        Assert.Contains("■ blocked", lines[2], StringComparison.Ordinal);
        Assert.Contains("a\\x1b[2Jb", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_use_colours_only_where_they_are_wanted_when_people_look()
    {
        Rows(JobJson.Of(13, "running", complete: 5, running: 1, todo: 10));

        var coloured = await new CliRun(_farm) { IsTerminal = true, Colours = true }.Run("jobs");
        var plain = await new CliRun(_farm) { IsTerminal = true, Colours = false }.Run("jobs");

        Assert.Contains("\u001b[32m▶ running", coloured.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[32m", plain.Output, StringComparison.Ordinal);
        Assert.Equal(coloured.Output.RemoveMarks(), plain.Output.RemoveMarks());
    }

    [Fact]
    public async Task Should_ask_for_what_the_filters_say_when_there_are_some()
    {
        Rows();

        var result = await new CliRun(_farm).Run(
            "jobs", "--status", "running,pending", "--user", "ann", "-name", "~^a,b", "--label", "x*", "--pgrp", "12", "--limit", "5");

        Assert.Equal((CliExit.Ok, "", "no jobs\n"), (result.Code, result.Output, result.Error));
        var query = Assert.Single(_farm.Heard<ReadModelMessages.QueryJobs>()).Query;
        Assert.Equal(
            ["status:running|pending", "user:ann", "name:~^a,b", "label:x*", "pgrp:12"],
            query.Filters.Select(filter => $"{filter.Name}:{string.Join('|', filter.Patterns)}"));
        Assert.Equal((5, "id DESC"), (query.Limit, query.OrderBy));
    }

    [Theory]
    [InlineData(true, JobsCommand.TerminalLimit)]
    [InlineData(false, 0)]
    public async Task Should_limit_itself_only_when_people_look(bool isTerminal, int limit)
    {
        Rows([.. Enumerable.Range(1, JobsCommand.TerminalLimit).Select(id => JobJson.Of(id, "complete"))]);

        var result = await new CliRun(_farm) { IsTerminal = isTerminal }.Run("jobs", "--user", "all");

        var query = Assert.Single(_farm.Heard<ReadModelMessages.QueryJobs>()).Query;
        Assert.Equal((limit, 0), (query.Limit, query.Filters.Length));
        Assert.Equal(isTerminal ? "the newest 100 jobs; --limit N shows more\n" : "", result.Error);
    }

    [Fact]
    public async Task Should_name_what_is_not_there_when_ids_are_asked_for()
    {
        Jobs((12, JobJson.Of(12, "running", todo: 3)));

        var result = await new CliRun(_farm).Run("jobs", "12", "99", "12.0");

        Assert.Equal((CliExit.Refused, "qube jobs: there is no job 99\n"), (result.Code, result.Error));
        Assert.Equal(2, result.Lines.Length);
        Assert.Equal([12, 99], _farm.Heard<JobMessages.GetJob>().Select(get => get.JobId.Value).Order());
    }

    [Fact]
    public async Task Should_list_items_with_host_and_time_when_frames_are_asked_for()
    {
        object Item(string name, string status, int instance, string host, long startedMs, long endedMs, int exit) => new
        {
            name,
            status,
            subid = instance,
            host,
            count = startedMs > 0 ? 1 : 0,
            exitcode = exit,
            timestart = startedMs > 0 ? startedMs / 1000 : ElapsedText.NeverSeconds,
            timecomplete = endedMs / 1000,
            timestart_ms = startedMs,
            timecomplete_ms = endedMs,
        };

        const long Start = JobJson.Submitted * 1000;
        Jobs(
            (12, JobJson.Of(12, "running", todo: 3, agenda: new[]
            {
                Item("1", "complete", 0, "h1", Start, Start + 1234, 0), Item("a b", "failed", 1, "h2", Start, Start + 83_000, 3), Item("3", "pending", -1, "", 0, 0, 0),
            })),
            (13, JobJson.Of(13, "complete", subjobs: new object[]
            {
                new { id = 0, status = "complete", host = "h3", count = 1, exitcode = 0, timestart = JobJson.Submitted, timecomplete = JobJson.Submitted + 61 },
            })));

        var result = await new CliRun(_farm).Run("jobs", "12", "13", "--frames");

        Assert.Equal(
            [
                ["ID", "STATUS", "HOST", "INSTANCE", "STARTED", "ELAPSED", "TRIES", "EXIT"],
                ["12:1", "complete", "h1", "0", Moment, "1.2s", "1", "0"],
                ["12:a b", "failed", "h2", "1", Moment, "1m23s", "1", "3"],
                ["12:3", "pending", "-", "-", "-", "-", "-", "-"],
                ["13.0", "complete", "h3", "-", Moment, "1m01s", "1", "0"],
            ],
            result.Lines.Select(line => Split(line)));
        Assert.All(_farm.Heard<JobMessages.GetJob>(), get => Assert.True(get.Agenda && get.Subjobs));
    }

    [Fact]
    public async Task Should_print_what_was_answered_when_it_is_for_programs()
    {
        Rows("{\"id\":12,\"x\": 1.50,\"name\":\"映画\\n\"}");

        var result = await new CliRun(_farm).Run("jobs", "--json");

        Assert.Equal("[{\"id\":12,\"x\":1.50,\"name\":\"映画\\n\"}]", string.Concat(result.Lines.Select(line => line.Trim())).Replace(": ", ":", StringComparison.Ordinal));
        Rows();
        Assert.Equal((CliExit.Ok, "[]\n", ""), await Plain("jobs", "--json"));
    }

    [Fact]
    public async Task Should_print_changes_until_all_are_done_when_watched_in_a_pipe()
    {
        var asked = 0;
        _farm.Answers = message => message is JobMessages.GetJob get
            ? new JobMessages.JobReply { JobId = get.JobId, Exists = true, Json = JobJson.Of(12, asked++ < 4 ? "running" : "complete", complete: Math.Min(asked, 4), todo: 4) }
            : null;

        Assert.Equal((CliExit.Ok, "12 n: running 1/4\n12 n: complete 4/4\n", ""), await Plain("jobs", "12", "--watch"));
    }

    [Fact]
    public async Task Should_redraw_until_cut_off_when_watched_on_a_terminal()
    {
        using var cut = new CancellationTokenSource();
        var asked = 0;
        _farm.Answers = message =>
        {
            if (message is not ReadModelMessages.QueryJobs)
            {
                return null;
            }

            if (++asked == 4)
            {
                cut.Cancel();
            }

            return new ReadModelMessages.JobRows { Rows = [new() { JobId = new(12), Json = JobJson.Of(12, "running", complete: asked, todo: 9) }] };
        };

        var result = await new CliRun(_farm) { IsTerminal = true, Cancel = cut.Token }.Run("jobs", "--watch");

        Assert.Equal((CliExit.Ok, ""), (result.Code, result.Error));
        var seen = result.Output.RemoveMarks();
        Assert.Contains(" 1/9", seen, StringComparison.Ordinal);
        Assert.Contains(" 3/9", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs --frames", "--frames lists the items of jobs that are named")]
    [InlineData("jobs 12 --frames --watch", "--watch shows jobs, and --frames something else")]
    [InlineData("jobs x", "'x' is no id: write a job (12), an instance of it (12.0) or items of it (12:5, 12:1-10)")]
    [InlineData("jobs --limit many", "--limit takes a whole number, not 'many'")]
    public async Task Should_ask_nobody_when_the_command_line_is_wrong(string line, string message)
    {
        var result = await new CliRun(_farm).Run(line.Split(' '));

        Assert.Equal((CliExit.Usage, "", $"qube jobs: {message}\n'qube jobs --help' tells what it takes\n"), (result.Code, result.Output, result.Error));
        Assert.Empty(_farm.Heard<object>());
    }

    private async Task<(int, string, string)> Plain(params string[] args)
    {
        var result = await new CliRun(_farm).Run(args);
        return (result.Code, result.Output, result.Error);
    }

    private void Rows(params string[] jobs) => _farm.Answers = message => message is ReadModelMessages.QueryJobs
        ? new ReadModelMessages.JobRows { Rows = [.. jobs.Select(json => new JobSummary { Json = json })] }
        : null;

    private void Jobs(params (long Id, string Json)[] jobs) => _farm.Answers = message => message is JobMessages.GetJob get
        ? jobs.Where(job => job.Id == get.JobId.Value).Select(job => new JobMessages.JobReply { JobId = get.JobId, Exists = true, Json = job.Json }).FirstOrDefault()
        : null;

    private static string[] Split(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>How long a job runs so far depends on when it is asked.</summary>
    private static string[] Fields(string line, bool isPending)
    {
        var fields = Split(line);
        if (isPending)
        {
            fields[10] = "*";
        }

        return fields;
    }
}
