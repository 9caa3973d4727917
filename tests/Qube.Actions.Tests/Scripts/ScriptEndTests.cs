using Qube.Contracts.Scripts;
using Xunit;

namespace Qube.Actions.Tests.Scripts;

/// <summary>The ways in which a script ends, each of which ends that run alone.</summary>
public sealed class ScriptEndTests : IAsyncLifetime
{
    private readonly PythonScripts _python = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // Whatever a test did to its script, the pool still serves.
        Assert.Equal(new ScriptExit.Completed(), (await _python.Of("print('alive')")).Exit);
        await _python.DisposeAsync();
    }

    [Fact]
    public async Task Should_complete_when_a_script_runs_to_its_end()
    {
        ScriptOutcome outcome = await _python.Of("print('done')");
        Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
        Assert.True(outcome.IsSuccess);
        Assert.Equal(5, outcome.OutputBytes);
        Assert.True(outcome.Seconds > 0, $"expected a time above 0, got {outcome.Seconds}");
    }

    [Theory]
    [InlineData("1/0", "ZeroDivisionError: division by zero")]
    [InlineData("def f():\n    raise KeyError('shot')\nf()", "KeyError: 'shot'")]
    [InlineData("raise ValueError('größer als ∞')", "ValueError: größer als ∞")]
    [InlineData("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'")]
    public async Task Should_tell_the_exception_when_one_ends_the_script(string code, string text)
    {
        ScriptOutcome outcome = await _python.Of(code);
        Assert.Equal(new ScriptExit.Failed(text), outcome.Exit);
        Assert.False(outcome.IsSuccess);
        Assert.Contains("Traceback (most recent call last):\n  File \"callback 2 of job 12\", line", _python.Output, StringComparison.Ordinal);
        Assert.EndsWith(text + "\n", _python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_where_when_the_syntax_is_wrong()
    {
        ScriptOutcome outcome = await _python.Of("import os\nif True\n    print(1)\n");
        Assert.Matches(@"^SyntaxError: .* \(line 2\)$", ((ScriptExit.Failed)outcome.Exit).Exception);
        Assert.Contains("File \"callback 2 of job 12\", line 2", _python.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("script.py", _python.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import sys; sys.exit()", 0)]
    [InlineData("import sys; sys.exit(3)", 3)]
    [InlineData("import sys; sys.exit('no licence')", 1)]
    [InlineData("import os; os._exit(4)", 4)]
    [InlineData("import os; print('kept'); os._exit(0)", 0)]
    [InlineData("raise SystemExit(300)", 300)]
    public async Task Should_tell_the_code_when_a_script_exits(string code, int expected)
    {
        ScriptOutcome outcome = await _python.Of(code);
        Assert.Equal(new ScriptExit.Exited(expected), outcome.Exit);
        Assert.Equal(expected == 0, outcome.IsSuccess);
    }

    [Theory]
    [InlineData("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", 11)]
    [InlineData("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 9)]
    [InlineData("import ctypes; ctypes.string_at(0)", 11)]
    public async Task Should_tell_the_signal_when_a_script_crashes(string code, int signal)
    {
        ScriptOutcome outcome = await _python.Of("print('before')\n" + code);
        Assert.Equal(new ScriptExit.Crashed(signal), outcome.Exit);
        Assert.Contains($"before\n=== ended by signal {signal} ===\n", _python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_fail_when_memory_is_over_its_limit()
    {
        ScriptOutcome outcome = await _python.Of(_python.Run("x = 'x' * (1 << 30)") with { MemoryLimitBytes = 512L << 20 });
        Assert.Equal(new ScriptExit.Failed("MemoryError"), outcome.Exit);
    }

    [Fact]
    public async Task Should_kill_a_script_and_its_children_when_its_time_is_over()
    {
        ScriptOutcome outcome = await _python.Of(_python.Run(
            """
            import os, subprocess
            child = subprocess.Popen(['sleep', '1000'])
            with open(FOLDER + 'pids', 'w') as f: f.write('%d\n%d\n' % (os.getpid(), child.pid))
            while True:
                try:
                    while True: pass
                except BaseException: pass
            """) with
        { TimeLimitSeconds = 5 });
        Assert.Equal(new ScriptExit.TimedOut(), outcome.Exit);
        Assert.True(outcome.Seconds >= 5, $"expected at least its limit of 5 s, got {outcome.Seconds}");
        string[] pids = _python.Lines("pids");
        Assert.Equal(2, pids.Length);
        await Eventually.Get("neither process", () => string.Join(',', pids.Where(Processes.IsAlive)), alive => alive.Length == 0);
        Assert.EndsWith("=== killed: over its time limit of 5 seconds ===\n", _python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_let_what_a_script_left_run_go_on_until_its_limit()
    {
        ScriptOutcome outcome = await _python.Of(_python.Run(
            """
            import subprocess
            child = subprocess.Popen('echo left; while [ ! -e %sgo ]; do sleep 0.01; done; echo later; yes' % FOLDER, shell=True)
            with open(FOLDER + 'pids', 'w') as f: f.write('%d\n' % child.pid)
            """) with
        { TimeLimitSeconds = 10 });
        Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
        File.WriteAllText(_python.PathOf("go"), "");
        await Eventually.Get("its later output", () => _python.Output, text => text.Contains("later", StringComparison.Ordinal));
        await Eventually.Get("its death at the limit", () => string.Join(',', _python.Lines("pids").Where(Processes.IsAlive)), alive => alive.Length == 0);
    }

    [Fact]
    public async Task Should_report_the_end_when_what_a_script_left_writes_for_ever()
    {
        ScriptOutcome outcome = await _python.Of(_python.Run(
            """
            import subprocess, time
            child = subprocess.Popen(['yes'])
            while open('/proc/%d/comm' % child.pid).read() != 'yes\n': pass
            """) with
        { TimeLimitSeconds = 20, OutputCapBytes = 1000 });
        Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
    }

    [Fact]
    public async Task Should_wait_for_threads_and_exit_functions_when_a_script_has_some()
    {
        ScriptOutcome outcome = await _python.Of(
            """
            import atexit, threading, time
            atexit.register(print, 'atexit')
            threading.Thread(target=lambda: (time.sleep(0.05), print('thread'))).start()
            """);
        Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
        Assert.EndsWith("thread\natexit\n", _python.Output, StringComparison.Ordinal);
    }
}
