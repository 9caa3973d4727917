using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Ranges;
using Qube.Node.Cli;
using Qube.Node.Tests.Api;
using Xunit;

namespace Qube.Node.Tests.Cli;

public sealed class SubTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new();

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Fact]
    public async Task Should_print_the_id_alone_when_a_command_is_accepted()
    {
        var result = await new CliRun(_farm).Run("sub", "sleep", "60");

        Assert.Equal((CliExit.Ok, "300\n", ""), (result.Code, result.Output, result.Error));
        var job = Submitted();
        Assert.Equal(("cmdline", "sleep 60", "sleep 60", "ann"), (job.Prototype, job.Command.CmdLine, job.Name, job.User));
        Assert.Equal((Directory.GetCurrentDirectory(), 1, false), (job.Command.Cwd, job.Instances, job.Blocked));
        Assert.Null(job.Agenda);
    }

    [Fact]
    public async Task Should_leave_the_commands_own_options_alone_when_they_follow_it()
    {
        await new CliRun(_farm).Run("sub", "--name", "[red]mein Jöb", "ls", "--name", "x", "-l", "--", "--help");

        Assert.Equal(("[red]mein Jöb", "ls --name x -l -- --help"), (Submitted().Name, Submitted().Command.CmdLine));
    }

    [Theory]
    [InlineData("--range 1-10", 10, "1")]
    [InlineData("--range 1-10 --chunk 3", 4, "1-3")]
    [InlineData("--range=1-10 -partit 2", 2, "1-5")]
    [InlineData("--range 1-10x3,50 --reverse", 5, "50")]
    [InlineData("--range 1-10 --binary", 10, "1")]
    [InlineData("--range 1-1000000", 1_000_000, "1")]
    public async Task Should_hand_in_a_range_and_never_its_frames_when_there_is_one(string options, int count, string first)
    {
        var result = await new CliRun(_farm).Run(["sub", .. options.Split(' '), "--padding", "4", "Render", "-s", "QB_FRAME_NUMBER"]);

        Assert.Equal((CliExit.Ok, ""), (result.Code, result.Error));
        var job = Submitted();
        Assert.Equal(("cmdrange", "Render -s QB_FRAME_NUMBER", 4), (job.Prototype, job.Command.CmdLine, job.Command.Padding));
        var agenda = Agenda.FromSpec(job.Agenda).Value!;
        Assert.Equal((count, first), (agenda.Count, agenda.NameOf(0)));
        Assert.True(job.Body.Length < 400, $"{job.Body.Length} characters: {job.Body}");
    }

    [Fact]
    public async Task Should_pass_every_attribute_on_when_it_is_given()
    {
        _farm.Answers = message => message is JobMessages.GetSource get ? new JobMessages.Source { JobId = get.JobId, Exists = true, Status = Status.Running } : null;
        var run = new CliRun(_farm) { Variables = { ["SHOW"] = "Ünïcödé" } };

        var result = await run.Run(
            "sub", "-label", "a", "--pri", "5", "--cpus", "3", "--waitfor", "220", "--requirements", "host.memory >= 1", "--reservations", "host.processors=2", "--cluster",
            "/film", "--hosts", "h1,h2", "--groups", "g", "--flags", "migrate_on_frame_retry", "--account", "acc", "--kind", "k", "--retrywork", "2", "--retrysubjob", "-1",
            "--env", "A=b=c", "--env", "SHOW", "--env", "-X=--name", "--cwd", "/tmp/x", "--status", "blocked", "--user", "bob", "--shell", "/bin/bash", "--type", "pyCmdline",
            "--notes", "", "--max_cpus", "*", "true");

        Assert.Equal((CliExit.Ok, ""), (result.Code, result.Error));
        var job = Submitted();
        Assert.Equal(("a", 5, 3, "bob", true), (job.Label, job.Priority, job.Instances, job.User, job.Blocked));
        Assert.Equal(("host.memory >= 1", "host.processors=2", "/film", "h1,h2", "g"), (job.Requirements, job.Reservations, job.Cluster, job.Hosts, job.Groups));
        Assert.Equal(("acc", "k", 2, -1, "pyCmdline"), (job.Account, job.Kind, job.RetryWork, job.RetrySubjob, job.Prototype));
        Assert.Equal(["A", "b=c", "SHOW", "Ünïcödé", "-X", "--name"], job.Command.Env);
        Assert.Equal(("/tmp/x", "/bin/bash"), (job.Command.Cwd, job.Command.Shell));
        Assert.True(job.Flags.HasFlag(JobFlags.MigrateOnFrameRetry));
        Assert.Single(_farm.Heard<JobMessages.GetSource>(), get => get.JobId.Value == 220);
        using var body = JsonDocument.Parse(job.Body);
        Assert.Equal(("*", ""), (body.RootElement.GetProperty("max_cpus").GetString(), body.RootElement.GetProperty("notes").GetString()));
    }

    [Fact]
    public async Task Should_take_the_whole_environment_along_when_the_flag_asks_for_it()
    {
        await new CliRun(_farm).Run("sub", "--flags", "export_environment", "true");

        Assert.Contains("PATH", Submitted().Command.ExportedEnv);
    }

    [Theory]
    [InlineData("{\"prototype\":\"maya\",\"package\":{\"x\": 1.50},\"mine\":null}", 1)]
    [InlineData("[{\"prototype\":\"maya\",\"package\":{\"x\": 1.50},\"mine\":null},{\"prototype\":\"cmdline\",\"package\":{\"cmdline\":\"true\"}}]", 2)]
    public async Task Should_submit_dictionaries_as_they_are_when_they_come_as_json(string json, int count)
    {
        var result = await new CliRun(_farm) { Input = json }.Run("sub", "--json", "-");

        Assert.Equal((CliExit.Ok, string.Concat(Enumerable.Range(300, count).Select(id => $"{id}\n"))), (result.Code, result.Output));
        var accepted = Assert.Single(_farm.Heard<FarmMessages.AcceptSubmission>());
        Assert.Equal((count, "maya"), (accepted.Jobs.Length, accepted.Jobs[0].Prototype));
        Assert.Equal("{\"prototype\":\"maya\",\"package\":{\"x\": 1.50},\"mine\":null}".Replace(" ", "", StringComparison.Ordinal), accepted.Jobs[0].Body.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_create_nothing_and_tell_what_it_would_when_it_is_only_checked()
    {
        var result = await new CliRun(_farm).Run("sub", "--check", "--range", "1-10", "--chunk", "5", "--name", "a\nb", "--retrywork", "1", "--status", "blocked", "true");

        Assert.Equal(
            (CliExit.Ok, "would create: cmdrange job 'a\\nb' (label qube0), blocked, priority 9999, 1 instance, frames 1-10 in items of 5\n", ""),
            (result.Code, result.Output, result.Error));
        Assert.Empty(_farm.Heard<FarmMessages.IssueIds>());
    }

    [Fact]
    public async Task Should_keep_warnings_out_of_the_ids_when_there_are_some()
    {
        var result = await new CliRun(_farm) { Input = "{'prototype':'maya','status':'running'}".Replace('\'', '"') }.Run("sub", "--json", "-");

        Assert.Equal(
            (CliExit.Ok, "300\n", "warning: job 1, status: a job can be submitted pending or blocked; 'running' is taken as pending\n"),
            (result.Code, result.Output, result.Error));
    }

    [Fact]
    public async Task Should_say_what_the_server_said_when_it_refuses()
    {
        var result = await new CliRun(_farm).Run("sub", "--label", "comp", "--dependency", "link-complete-jub-1", "true");

        Assert.Equal((CliExit.Refused, ""), (result.Code, result.Output));
        Assert.StartsWith("qube sub: job 1 (label comp), dependency: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("column", result.Error, StringComparison.Ordinal);
        Assert.Empty(_farm.Heard<FarmMessages.IssueIds>());
    }

    [Theory]
    [InlineData("sub", "there is no command to run")]
    [InlineData("sub --cpus many true", "--cpus takes a whole number, not 'many'")]
    [InlineData("sub --padding x true", "--padding takes a whole number, not 'x'")]
    [InlineData("sub --chunk 2 true", "--chunk says how a --range is divided, and there is none")]
    [InlineData("sub --range 1-2 --chunk 2 --partitions 2 true", "--chunk and --partitions cannot both hold")]
    [InlineData("sub --range 1-2 --reverse --binary true", "--reverse and --binary cannot both hold")]
    [InlineData("sub --status done true", "a job starts pending or blocked, not 'done'")]
    [InlineData("sub --nonsense true", "there is no option --nonsense")]
    [InlineData("sub --p 5 true", "--p could be --")]
    [InlineData("sub --name", "--name needs a value")]
    [InlineData("sub --check=1 true", "--check takes no value")]
    [InlineData("sub --name a --name b true", "--name")]
    [InlineData("sub --env =x true", "--env '=x' has no name")]
    [InlineData("sub --env NOT_HERE true", "--env NOT_HERE: there is no such variable here")]
    [InlineData("sub --json - --name x", "--json submits jobs as they are: --name belongs in the file")]
    [InlineData("sub --json - true", "--json submits jobs as they are: 'true' is one command too many")]
    [InlineData("sub --json /nowhere/at/all", "/nowhere/at/all cannot be read: ")]
    [InlineData("sub --json -", "- is not valid JSON: ")]
    [InlineData("sub --supervisor farm:x true", "'farm:x' is no supervisor: write host, host:port or a URL")]
    public async Task Should_ask_nobody_when_the_command_line_is_wrong(string line, string message)
    {
        var result = await new CliRun(_farm).Run(line.Split(' '));

        Assert.Equal((CliExit.Usage, ""), (result.Code, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.EndsWith("'qube sub --help' tells what it takes\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(_farm.Heard<object>());
    }

    [Theory]
    [InlineData("complete", CliExit.Ok)]
    [InlineData("failed", CliExit.Refused)]
    [InlineData("killed", CliExit.Refused)]
    public async Task Should_wait_until_the_job_is_done_when_asked_to(string end, int code)
    {
        var asked = 0;
        _farm.Answers = message => message is JobMessages.GetJob get
            ? new JobMessages.JobReply { JobId = get.JobId, Exists = true, Json = JobJson.Of(get.JobId.Value, asked++ < 3 ? "running" : end, complete: Math.Min(asked, 3), todo: 3) }
            : null;

        var result = await new CliRun(_farm).Run("sub", "--waiton", "--name", "w", "true");

        Assert.Equal((code, "300\n", $"300 n: running 1/3\n300 n: {end} 3/3\n"), (result.Code, result.Output, result.Error));
    }

    [Fact]
    public async Task Should_not_count_as_complete_when_the_job_was_removed_meanwhile()
    {
        var result = await new CliRun(_farm).Run("sub", "--waiton", "true");

        Assert.Equal((CliExit.Refused, "qube sub: job 300 was removed\n"), (result.Code, result.Error));
    }

    private JobSpec Submitted() => Assert.Single(_farm.Heard<FarmMessages.AcceptSubmission>().SelectMany(accept => accept.Jobs));
}
