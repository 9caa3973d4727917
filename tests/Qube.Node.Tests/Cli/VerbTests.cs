using Qube.Contracts;
using Qube.Node.Cli;
using Qube.Node.Tests.Api;
using Xunit;

namespace Qube.Node.Tests.Cli;

public sealed class VerbTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new();

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Theory]
    [InlineData("kill 12", "12 Kill Both [] []")]
    [InlineData("block 12.0", "12 Block Job [0] []")]
    [InlineData("unblock 12:5 12:25-29", "12 Unblock Work [] [5,25-29]")]
    [InlineData("retry --work 12", "12 Retry Work [] []")]
    [InlineData("requeue 12 --subjob", "12 Requeue Job [] []")]
    [InlineData("kill --work --subjob 12", "12 Kill Both [] []")]
    [InlineData("kill 12.1 12:5 13:a", "12 Kill Job [1] []; 12 Kill Work [] [5]; 13 Kill Work [] [a]")]
    [InlineData("preempt 12", "12 Preempt Job [] []")]
    [InlineData("interrupt 12.0 12.1", "12 Interrupt Job [0,1] []")]
    [InlineData("migrate 12", "12 Migrate Job [] []")]
    [InlineData("suspend 12 13.2", "12 Suspend Job [] []; 13 Suspend Job [2] []")]
    [InlineData("resume 12", "12 Resume Job [] []")]
    [InlineData("remove 12", "12 Remove Job [] []")]
    public async Task Should_act_on_jobs_and_items_both_when_no_scope_is_said(string line, string expected)
    {
        _farm.Answers = message => message is JobMessages.ControlJob command ? new JobMessages.ControlDone { JobId = command.JobId, Affected = [$"{command.JobId}.0"] } : null;

        var result = await new CliRun(_farm).Run(line.Split(' '));

        Assert.Equal((CliExit.Ok, ""), (result.Code, result.Error));
        Assert.All(result.Lines, id => Assert.EndsWith(".0", id, StringComparison.Ordinal));
        Assert.Equal(expected, string.Join("; ", _farm.Heard<JobMessages.ControlJob>()
            .Select(command => $"{command.JobId} {command.Verb} {command.Scope} [{string.Join(',', command.Instances)}] [{string.Join(',', command.Items)}]")
            .Order(StringComparer.Ordinal)));
        Assert.All(_farm.Heard<JobMessages.ControlJob>(), command => Assert.True(command.User == "ann" && command.RequestId.Length > 8, $"{command}"));
    }

    [Fact]
    public async Task Should_print_what_changed_and_what_was_objected_when_both_happen()
    {
        _farm.Answers = message => message is JobMessages.ControlJob command
            ? command.JobId.Value == 12
                ? new JobMessages.ControlDone { JobId = command.JobId, Affected = ["12:1", "12:a\nb", "12.0"] }
                : new JobMessages.ControlDone { JobId = command.JobId, Error = "no\u001b[2J" }
            : null;

        var result = await new CliRun(_farm).Run("kill", "12", "13");

        Assert.Equal((CliExit.Refused, "12:1\n12:a\\nb\n12.0\n", "qube kill: no\\x1b[2J\n"), (result.Code, result.Output, result.Error));
    }

    [Fact]
    public async Task Should_fail_when_nothing_changed()
    {
        _farm.Answers = message => message is JobMessages.ControlJob command ? new JobMessages.ControlDone { JobId = command.JobId } : null;

        var result = await new CliRun(_farm).Run("retry", "12", "13:4");

        Assert.Equal((CliExit.Refused, "", "qube retry: there is nothing to retry in 12 13:4\n"), (result.Code, result.Output, result.Error));
    }

    [Theory]
    [InlineData("kill", CliExit.Usage)]
    [InlineData("kill 0", CliExit.Usage)]
    [InlineData("kill 12:", CliExit.Usage)]
    [InlineData("kill --work 12.5", CliExit.Refused)]
    [InlineData("kill --subjob 12:5", CliExit.Refused)]
    [InlineData("lock", CliExit.Usage)]
    [InlineData("lock h1 --all", CliExit.Usage)]
    [InlineData("out", CliExit.Usage)]
    [InlineData("hist x", CliExit.Usage)]
    [InlineData("ping a b", CliExit.Usage)]
    [InlineData("nonsense", CliExit.Usage)]
    public async Task Should_change_nothing_when_the_command_line_makes_no_sense(string line, int code)
    {
        var result = await new CliRun(_farm).Run(line.Split(' '));

        Assert.Equal((code, ""), (result.Code, result.Output));
        Assert.NotEqual("", result.Error);
        Assert.Empty(_farm.Heard<object>());
    }

    [Fact]
    public async Task Should_send_what_changes_when_jobs_are_modified()
    {
        _farm.Answers = message => message is JobMessages.ModifyJob command ? new JobMessages.ControlDone { JobId = command.JobId, Affected = [$"{command.JobId}"] } : null;

        var result = await new CliRun(_farm).Run("modify", "12", "--priority", "5", "--name", "a b", "--agendatimelimit", "-1");

        Assert.Equal((CliExit.Ok, "12\n", ""), (result.Code, result.Output, result.Error));
        var command = Assert.Single(_farm.Heard<JobMessages.ModifyJob>());
        Assert.Equal("""{"name":"a b","priority":5,"agenda_timelimit":-1}""", command.Params);
        Assert.Equal(CliExit.Usage, (await new CliRun(_farm).Run("modify", "12")).Code);
        Assert.Equal(CliExit.Usage, (await new CliRun(_farm).Run("modify", "12", "--priority", "high")).Code);
    }

    [Fact]
    public async Task Should_lock_and_open_hosts_when_they_are_named()
    {
        _farm.Answers = Hosts("h1", "h2");

        var locked = await new CliRun(_farm).Run("lock", "H1", "nobody", "--purge");
        Assert.Equal((CliExit.Refused, "h1\n", "qube lock: there is no host 'nobody'\n"), (locked.Code, locked.Output, locked.Error));
        var opened = await new CliRun(_farm).Run("unlock", "--all");
        Assert.Equal((CliExit.Ok, "h1\nh2\n", ""), (opened.Code, opened.Output, opened.Error));
        var single = await new CliRun(_farm).Run("lock", "h2", "--locks", "host.processor_0=1");
        Assert.Equal(CliExit.Ok, single.Code);
        Assert.Equal(
            ["h1 host.processor_all=1,host.lock_mode=aggressive ann", "h1  ann", "h2  ann", "h2 host.processor_0=1 ann"],
            _farm.Heard<HostMessages.LockHost>().Select(command => $"{command.Host} {command.Locks} {command.User}"));
    }

    [Fact]
    public async Task Should_list_hosts_when_asked()
    {
        _farm.Answers = Hosts("h2", "h1");

        var piped = await new CliRun(_farm).Run("hosts");
        Assert.Equal(CliExit.Ok, piped.Code);
        Assert.Equal(["NAME", "h1", "h2"], piped.Lines.Select(line => line.Split(' ')[0]));
        Assert.Contains("1/4", piped.Lines[1], StringComparison.Ordinal);
        Assert.Contains("12.3 13.0", piped.Lines[1], StringComparison.Ordinal);
        var seen = await new CliRun(_farm) { IsTerminal = true, Width = 110 }.Run("hosts", "h1");
        Assert.Contains("● active", seen.Output.RemoveMarks(), StringComparison.Ordinal);
        Assert.Contains("▒░░░ 1/4", seen.Output.RemoveMarks(), StringComparison.Ordinal);
        Assert.DoesNotContain("h2", seen.Output, StringComparison.Ordinal);
        var none = await new CliRun(_farm).Run("hosts", "x*");
        Assert.Equal((CliExit.Refused, "", "no hosts\n"), (none.Code, none.Output, none.Error));
        var json = await new CliRun(_farm).Run("hosts", "--state", "active", "--json");
        Assert.Contains("\"slotsused\": 1", json.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_tell_history_line_by_line_when_there_is_one()
    {
        _farm.Answers = message => message is JobMessages.GetHistory { JobId.Value: 12 } get
            ? new JobMessages.HistoryReply
            {
                JobId = get.JobId,
                Lines =
                [
                    new() { AtMs = JobJson.Submitted * 1000, User = "ann", Comment = "job submitted" },
                    new() { AtMs = JobJson.Submitted * 1000, Instance = 1, Comment = "started\n" },
                    new() { AtMs = JobJson.Submitted * 1000, Item = "a b", Comment = "complete" },
                ],
            }
            : message is JobMessages.GetHistory other ? new JobMessages.HistoryReply { JobId = other.JobId } : null;
        var at = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(JobJson.Submitted), TimeZoneInfo.Local)
            .ToString("MMM d, yyyy HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

        var result = await new CliRun(_farm).Run("hist", "12");

        Assert.Equal(
            [$"[{at}]  12 - ann@ job submitted", $"[{at}]  12.1 - __QUBE_SYSTEM__@ started\\n", $"[{at}]  12:a b - __QUBE_SYSTEM__@ complete"], result.Lines);
        var none = await new CliRun(_farm).Run("hist", "99");
        Assert.Equal((CliExit.Refused, "qube hist: nothing is known of 99\n"), (none.Code, none.Error));
    }

    [Fact]
    public async Task Should_say_who_answers_when_it_is_pinged()
    {
        _farm.Answers = Hosts("h1", "h2");

        var result = await new CliRun(_farm).Run("ping");

        Assert.Equal(CliExit.Ok, result.Code);
        Assert.StartsWith("supervisor - active - tag: 127.0.0.1 ", result.Output, StringComparison.Ordinal);
        Assert.Contains(" - 2/8 slots - mode=0.", result.Output, StringComparison.Ordinal);
        var named = await new CliRun(new Uri("http://127.0.0.1:1")).Run("ping", _farm.Client.BaseAddress!.Authority, "--json");
        Assert.Contains("\"slots\":8", named.Output, StringComparison.Ordinal);
    }

    private static Func<object, object?> Hosts(params string[] names) => message => message switch
    {
        HostMessages.GetHosts => new HostMessages.Hosts
        {
            Items =
            [
                .. names.Select(name => new HostMessages.HostView
                {
                    Attach = new() { Host = name, Slots = 4, Jobtypes = ["cmdline", "cmdrange"] }, State = "active", SlotsUsed = 1, LastSeenMs = 1_700_000_000_123,
                    Instances = ["12.3", "13.0"],
                }),
            ],
        },
        HostMessages.LockHost command => new HostMessages.HostLocked { Host = command.Host, Locks = command.Locks },
        _ => null,
    };
}
