using System.Globalization;
using System.Text.RegularExpressions;
using Qube.Actions.Scripts;
using Qube.Contracts.Scripts;
using Xunit;

namespace Qube.Actions.Tests.Scripts;

/// <summary>What a script finds: its output file, its qb, and nothing of the script before it.</summary>
public sealed class ScriptWorldTests : IAsyncLifetime
{
    private readonly PythonScripts _python = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _python.DisposeAsync().AsTask();

    [Fact]
    public async Task Should_write_a_header_and_both_streams_when_a_script_prints()
    {
        await Completes("import sys\nprint('to out')\nsys.stderr.write('to err\\n')\nimport os; os.system('echo from a child')");
        await Completes(_python.Run("print('second')") with { CallbackId = 3, EventText = "", FiringId = "f\n2" });
        string[] lines = _python.Output.Split('\n');
        Assert.Matches(
            new Regex(@"^=== \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ callback 2 of job 12, on complete-work-ribgen-5, firing firing-1 ===$"), lines[0]);
        Assert.Equal(["to out", "to err", "from a child"], lines[1..4]);
        Assert.Matches(new Regex("^=== .* callback 3 of job 12, firing f 2 ===$"), lines[4]);
        Assert.Equal(["second", ""], lines[5..]);
    }

    [Fact]
    public async Task Should_keep_every_letter_when_code_and_output_are_not_ascii()
    {
        await Completes("größe = 'Ünïcödé 漢字 🎬'\nprint(größe)\nimport sys; sys.stderr.write('→ é\\n'); print('\\udcff')");
        Assert.EndsWith("Ünïcödé 漢字 🎬\n→ é\n\\udcff\n", _python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_drop_the_rest_and_say_so_when_output_is_over_the_cap()
    {
        ScriptOutcome outcome = await _python.Of(_python.Run("import sys\nfor i in range(2000): sys.stdout.write('x' * 1000)") with { OutputCapBytes = 2500 });
        Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
        Assert.Equal(2_000_000, outcome.OutputBytes);
        string[] lines = _python.Output.Split('\n');
        Assert.Equal([new string('x', 2500), "=== output beyond 2500 bytes is dropped ===", ""], lines[1..]);
    }

    [Fact]
    public async Task Should_keep_all_when_output_is_exactly_the_cap()
    {
        await Completes(_python.Run("import sys\nsys.stdout.write('y' * 2500)") with { OutputCapBytes = 2500 });
        Assert.EndsWith("\n" + new string('y', 2500), _python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_find_nothing_of_the_script_before()
    {
        await Completes(
            """
            import os, sys, signal, builtins, threading, decimal, random, resource, json, qb
            threading.Thread(target=signal.pause, daemon=True).start()
            os.environ['LEFT'] = 'here'
            os.chdir('/')
            os.umask(0o777)
            builtins.left = 1
            builtins.len = None
            json.dumps = None
            qb.left = 1
            qb.settimeout(1)
            sys.path.insert(0, '/left')
            sys.setrecursionlimit(123)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGUSR1, lambda *_: None)
            sys.modules['left'] = sys
            os.open('/dev/null', os.O_RDONLY)
            resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
            left = 1
            """);
        await Completes(
            """
            import os, sys, signal, builtins, threading, json, qb, resource
            assert 'LEFT' not in os.environ, 'environ'
            print('cwd', os.getcwd())
            assert not hasattr(builtins, 'left') and len('ab') == 2, 'builtins'
            assert json.dumps([]) == '[]', 'json'
            assert not hasattr(qb, 'left') and qb.gettimeout() > 1, 'qb'
            assert '/left' not in sys.path and sys.getrecursionlimit() > 123, 'sys'
            assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, 'signals'
            assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL, 'signals'
            assert 'left' not in sys.modules and 'decimal' not in sys.modules, 'modules'
            assert set(os.listdir('/proc/self/fd')) >= {'0', '1', '2'} and len(os.listdir('/proc/self/fd')) <= 5, os.listdir('/proc/self/fd')
            assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 20, 'limits'
            assert 'left' not in globals(), 'globals'
            assert threading.active_count() == 1, 'threads'
            mask = os.umask(0o22); assert mask != 0o777, 'umask'
            """);
        Assert.EndsWith($"cwd {Environment.CurrentDirectory}\n", _python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_see_itself_as_main_and_find_qb_bound_when_a_script_starts()
    {
        await Completes(
            """
            assert __name__ == '__main__', __name__
            import __main__, sys, os, qb as imported
            assert __main__.__dict__ is globals()
            assert imported is qb
            assert sys.argv == ['callback 2 of job 12'], sys.argv
            assert 'qb_callbacks' not in os.path.basename(sys.path[0]), sys.path[0]
            assert sys.stdin.read() == ''
            import pickle
            class Local(object): pass
            assert isinstance(pickle.loads(pickle.dumps(Local())), Local)
            assert os.getsid(0) == os.getpid() == os.getpgrp()
            """);
    }

    [Fact]
    public async Task Should_run_as_the_script_account_when_the_supervisor_is_root()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, ScriptUser = "nobody" });
        Assert.Equal(new ScriptExit.Completed(), (await python.Of("import os, pwd; print(pwd.getpwuid(os.getuid()).pw_name, os.getuid() == os.geteuid(), 0 in os.getgroups())")).Exit);
        string expected = Environment.UserName == "root" ? "nobody True False\n" : $"{Environment.UserName} ";
        Assert.Contains("\n" + expected, python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_tell_what_fired_when_asked_inside_a_script()
    {
        await Completes(_python.Run(
            "print(qb.jobid(), qb.workname(), qb.subid(), qb.event(), qb.getsupervisor())") with
        {
            Item = "Segment: 1-200",
            Instance = 3,
            EventText = "complete-work-self-Segment: 1-200",
            SupervisorUrl = "http://farm:50001",
        });
        await Completes("print(repr(qb.workname()), qb.subid())");
        Assert.Contains("\n12 Segment: 1-200 3 complete-work-self-Segment: 1-200 http://farm:50001\n", _python.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n'' -1\n", _python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_name_firing_and_call_number_when_a_script_calls_the_supervisor()
    {
        await using var supervisor = new RecordingSupervisor();
        await Completes(_python.Run(
            """
            import os
            assert os.environ['QB_SUPERVISOR'] == qb.getsupervisor()
            print(qb.unblock(qb.jobid()))
            qb.workunblock('%s:%s' % (qb.jobid(), qb.workname()))
            qb.jobinfo('-id', qb.jobid())
            qb.workerlock(name='w1', lock=True)
            qb.submit({'prototype': 'cmdline', 'package': {'cmdline': 'true'}})
            """) with
        { FiringId = "12/2/job-11:40.1", Item = "7", User = "anna", SupervisorUrl = supervisor.Address });
        RecordingSupervisor.Request[] requests = supervisor.Requests;
        Assert.Equal(
            ["/api/v1/control 1", "/api/v1/control 2", "/api/v1/jobs/query ", "/api/v1/hosts/lock 3", "/api/v1/jobs 4"],
            requests.Select(request => $"{request.Path} {request.Headers.GetValueOrDefault("X-Qube-Call")}"));
        Assert.All(requests, request => Assert.Equal("12/2/job-11:40.1", request.Headers["X-Qube-Firing"]));
        Assert.Contains("\"scope\": \"job\"", requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"verb\": \"unblock\"", requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"ids\": [\"12\"]", requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"ids\": [\"12:7\"]", requests[1].Body, StringComparison.Ordinal);
        Assert.Contains("\"scope\": \"work\"", requests[1].Body, StringComparison.Ordinal);
        Assert.All([requests[0], requests[1], requests[3], requests[4]], request => Assert.Contains("\"user\": \"anna\"", request.Body, StringComparison.Ordinal));
        Assert.Contains("\n['12.0']\n", _python.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if True:\r\n    print('crlf')\r\n\r\n", "crlf")]
    [InlineData("if True:\r    print('old mac')\r", "old mac")]
    [InlineData("\ufeffprint('bom')", "bom")]
    [InlineData("if True:\n\tprint('tab')   \n   \t \n\tif True:\n\t\tprint('tabs')\t \n", "tab\ntabs")]
    [InlineData("if True:\n        print('mixed')\n\tprint('as in 2.7')\n", "mixed\nas in 2.7")]
    [InlineData("\n\n  \nprint('blank lines')\n\n   ", "blank lines")]
    [InlineData("for i in range(2):\n    print(i)\n    # the end", "0\n1")]
    [InlineData("print('''a\n  b\n\tc''')", "a\n  b\n\tc")]
    public async Task Should_run_code_as_studios_paste_it(string code, string printed)
    {
        await Completes(code);
        Assert.EndsWith(" ===\n" + printed + "\n", _python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_withhold_the_database_when_the_supervisor_was_given_one()
    {
        Environment.SetEnvironmentVariable("QUBE_DB", "Password=secret");
        try
        {
            await Completes("import os; print('db', os.environ.get('QUBE_DB'))");
        }
        finally
        {
            Environment.SetEnvironmentVariable("QUBE_DB", null);
        }

        Assert.EndsWith("db None\n", _python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_fail_when_the_output_file_cannot_be_written()
    {
        File.WriteAllText(_python.PathOf("file"), "");
        ScriptOutcome outcome = await _python.Of(_python.Run("print(1)") with { OutputPath = _python.PathOf("file/12.cb") });
        Assert.StartsWith("the script could not be started: ", ((ScriptExit.Failed)outcome.Exit).Exception, StringComparison.Ordinal);
        outcome = await _python.Of(_python.Run("print(1)") with { OutputPath = _python.Folder });
        Assert.StartsWith("the script could not be started: ", ((ScriptExit.Failed)outcome.Exit).Exception, StringComparison.Ordinal);
    }

    private Task Completes(string code) => Completes(_python.Run(code));

    private async Task Completes(ScriptRun run)
    {
        ScriptOutcome outcome = await _python.Of(run);
        Assert.True(outcome.Exit is ScriptExit.Completed, string.Create(CultureInfo.InvariantCulture, $"expected Completed, got {outcome.Exit}: {_python.Output}"));
    }
}
