using Qube.Contracts.Scripts;
using Xunit;

namespace Qube.Actions.Tests.Scripts;

/// <summary>Perl callbacks: a fresh perl each, with qb.pm bound (spec/callbacks.md §13.1).</summary>
public sealed class PerlScriptTests : IAsyncLifetime
{
    private readonly PythonScripts _scripts = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Assert.Equal(new ScriptExit.Completed(), (await _scripts.Of("print('alive')")).Exit);
        await _scripts.DisposeAsync();
    }

    [Fact]
    public async Task Should_know_what_fired_when_a_perl_script_runs()
    {
        ScriptOutcome outcome = await Run(
            """
            my $größe = "Ünïcödé";
            print "$qb::jobid|$qb::workname|$qb::subid|$qb::event|$größe|", qb::jobid(), "|", ($ENV{QUBE_FIRING} // 'none'), "|$0\n";
            print STDERR "to err\n";
            """,
            run => run with { Item = "5", Instance = 3 });
        Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
        Assert.EndsWith("12|5|3|complete-work-ribgen-5|Ünïcödé|12|none|callback 2 of job 12\nto err\n", _scripts.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("print \"x\\n\";\nexit 3;", "Exited { Code = 3 }")]
    [InlineData("exit 0;", "Exited { Code = 0 }")]
    [InlineData("my $x = 1;\ndie 'no licence';", "Failed { Exception = no licence at callback 2 of job 12 line 2. }")]
    [InlineData("if (", "Failed { Exception = syntax error at callback 2 of job 12 line 1, at EOF }")]
    [InlineData("kill 'SEGV', $$; sleep 10;", "Crashed { Signal = 11 }")]
    [InlineData("1 while 1;", "TimedOut { }")]
    [InlineData("fork while 1;", "Stopped { Reason = over its limit of 64 processes }")]
    public async Task Should_end_alone_however_a_perl_script_ends(string code, string exit) =>
        Assert.Equal(exit, (await Run(code, run => run with { TimeLimitSeconds = exit == "TimedOut { }" ? 4 : 60 })).Exit.ToString());

    [Fact]
    public async Task Should_send_the_firing_and_its_calls_numbers_when_a_perl_script_commands()
    {
        await using var supervisor = new RecordingSupervisor();
        ScriptOutcome outcome = await Run(
            """
            my @changed = qb::unblock($qb::jobid);
            qb::workunblock($qb::jobid . ":5");
            qb::unblockwork("12:6", "12:7");
            my @jobs = qb::jobinfo("-id", 12, "-agenda");
            qb::submit({ prototype => 'cmdline', package => { cmdline => 'true' } });
            print "changed @changed\n";
            """,
            run => run with { SupervisorUrl = $"http://{supervisor.Address}", User = "wanda" });
        Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
        Assert.Contains("changed 12.0\n", _scripts.Output, StringComparison.Ordinal);
        Assert.Equal(["/api/v1/control", "/api/v1/control", "/api/v1/control", "/api/v1/jobs/query", "/api/v1/jobs"], supervisor.Requests.Select(request => request.Path));
        Assert.Equal(["1", "2", "3", "", "4"], supervisor.Requests.Select(request => request.Headers.GetValueOrDefault("X-Qube-Call", "")));
        Assert.All(supervisor.Requests, request => Assert.StartsWith("firing-", request.Headers["X-Qube-Firing"], StringComparison.Ordinal));
        Assert.Contains("\"ids\":[\"12\"]", supervisor.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"verb\":\"unblock\"", supervisor.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"user\":\"wanda\"", supervisor.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"ids\":[\"12:6\",\"12:7\"]", supervisor.Requests[2].Body, StringComparison.Ordinal);
        Assert.Contains("\"ids\":[12]", supervisor.Requests[3].Body, StringComparison.Ordinal);
        Assert.Contains("\"agenda\":true", supervisor.Requests[3].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_so_when_there_is_no_perl()
    {
        await using var scripts = new PythonScripts(new Qube.Actions.Scripts.ScriptPoolOptions { Zygotes = 1, Perl = "/nowhere/perl" });
        ScriptOutcome outcome = await scripts.Of(scripts.Run("print 1;") with { Language = "perl" });
        Assert.StartsWith("the script could not be started: ", ((ScriptExit.Failed)outcome.Exit).Exception, StringComparison.Ordinal);
    }

    private Task<ScriptOutcome> Run(string code, Func<ScriptRun, ScriptRun>? change = null)
    {
        ScriptRun run = _scripts.Run(code) with { Language = "perl" };
        return _scripts.Of(change?.Invoke(run) ?? run);
    }
}
