using Qube.Actions.Scripts;
using Qube.Contracts.Scripts;
using Xunit;

namespace Qube.Actions.Tests.Scripts;

/// <summary>Interpreters that stay, for sites that trust their scripts.</summary>
public sealed class WarmScriptTests
{
    [Fact]
    public async Task Should_reuse_the_interpreter_when_the_site_opts_in()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, Concurrency = 1, Warm = true });
        for (var run = 0; run < 5; run++)
        {
            Assert.Equal(new ScriptExit.Completed(), (await python.Of("import os, sys; print(os.getpid(), qb.jobid(), getattr(sys, 'left', 'nothing'), 'x' in globals()); sys.left = 'something'; x = 1")).Exit);
        }

        string[] lines = [.. python.Output.Split('\n').Where(line => !line.StartsWith("===", StringComparison.Ordinal) && line.Length > 0)];
        Assert.Equal(5, lines.Length);
        // One process; modules keep what is put there, names of the script itself do not stay.
        Assert.Single(lines.Select(line => line.Split(' ')[0]).Distinct());
        Assert.Equal(["12 nothing False", "12 something False"], lines.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Distinct());
    }

    [Fact]
    public async Task Should_leave_nothing_for_the_next_script_when_it_does_not()
    {
        await using var python = new PythonScripts();
        await python.Of("import os, sys, builtins; sys.left = 1; builtins.left = 1; os.environ['LEFT'] = '1'; os.chdir('/'); import json; json.dumps = None");
        Assert.Equal(new ScriptExit.Completed(), (await python.Of(
            "import os, sys, builtins, json; assert not hasattr(sys, 'left') and not hasattr(builtins, 'left') and 'LEFT' not in os.environ and json.dumps")).Exit);
    }

    [Theory]
    [InlineData("import os; os._exit(5)", "Exited { Code = 5 }")]
    [InlineData("import ctypes; ctypes.string_at(0)", "Crashed { Signal = 11 }")]
    [InlineData("while True: pass", "TimedOut { }")]
    [InlineData("import sys; sys.exit(2)", "Exited { Code = 2 }")]
    [InlineData("1/0", "Failed { Exception = ZeroDivisionError: division by zero }")]
    public async Task Should_go_on_with_a_new_interpreter_when_a_script_ends_its_own(string code, string exit)
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, Concurrency = 1, Warm = true });
        Assert.Equal(new ScriptExit.Completed(), (await python.Of("print('before')")).Exit);
        Assert.Equal(exit, (await python.Of(python.Run(code) with { TimeLimitSeconds = 3 })).Exit.ToString());
        Assert.Equal(new ScriptExit.Completed(), (await python.Of("print('after')")).Exit);
        Assert.Contains("after\n", python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_keep_each_output_in_its_own_file_when_many_run_at_once()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 2, Concurrency = 4, Warm = true });
        ScriptOutcome[] all = await Task.WhenAll(Enumerable.Range(0, 2500).Select(number =>
            python.Of(python.Run($"print('number {number}')") with { JobId = number % 10, OutputPath = python.PathOf($"{number % 10}.cb") })));
        Assert.All(all, outcome => Assert.Equal(new ScriptExit.Completed(), outcome.Exit));
        for (var job = 0; job < 10; job++)
        {
            string[] lines = [.. python.Lines($"{job}.cb").Where(line => line.StartsWith("number", StringComparison.Ordinal))];
            Assert.Equal(250, lines.Length);
            Assert.All(lines, line => Assert.EndsWith($"{job}", line, StringComparison.Ordinal));
        }
    }
}
