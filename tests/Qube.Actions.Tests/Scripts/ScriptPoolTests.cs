using System.Globalization;
using Qube.Actions.Scripts;
using Qube.Contracts.Scripts;
using Xunit;

namespace Qube.Actions.Tests.Scripts;

/// <summary>The pool around the scripts: turns, repetition, cancelling, its end.</summary>
public sealed class ScriptPoolTests
{
    /// <summary>A script that says it is there and ends when told to.</summary>
    private const string Waits =
        """
        import os, time
        with open(FOLDER + 'here', 'a') as f: f.write('%d\n' % os.getpid())
        while not os.path.exists(FOLDER + 'go'): time.sleep(0.005)
        """;

    [Fact]
    public async Task Should_run_again_with_the_same_firing_when_its_zygote_dies()
    {
        await using var python = new PythonScripts();
        ScriptRun run = python.Run(
            """
            import os, subprocess, time, qb.firing
            child = subprocess.Popen(['sleep', '1000'])
            with open(FOLDER + 'here', 'a') as f: f.write('%s %d %d\n' % (qb.firing.headers(True), os.getpid(), child.pid))
            if not os.path.exists(FOLDER + 'go'):
                time.sleep(1000)
            child.kill()
            """);
        Task<ScriptOutcome> running = python.Of(run);
        string first = (await Eventually.Get("the script's line", () => python.Lines("here"), lines => lines.Length == 1))[0];
        int zygote = Assert.Single(python.Pool.ZygotePids());
        File.WriteAllText(python.PathOf("go"), "");
        System.Diagnostics.Process.GetProcessById(zygote).Kill();

        Assert.Equal(new ScriptExit.Completed(), (await running).Exit);
        string[] lines = python.Lines("here");
        Assert.Equal(2, lines.Length);
        string[][] words = [.. lines.Select(line => line.Split("} "))];
        Assert.Equal(words[0][0], words[1][0]);
        Assert.Contains($"'X-Qube-Firing': '{run.FiringId}', 'X-Qube-Call': '1'", words[0][0], StringComparison.Ordinal);
        Assert.NotEqual(words[0][1], words[1][1]);
        // The script that was cut off and what it had started are gone.
        string[] old = words[0][1].Split(' ');
        await Eventually.Get("no process of the first run", () => string.Join(',', old.Where(Processes.IsAlive)), alive => alive.Length == 0);
        Assert.Contains(", again: its interpreter was cut off ===", python.Output, StringComparison.Ordinal);
        Assert.NotEqual(zygote, Assert.Single(python.Pool.ZygotePids()));
        Assert.Contains("ended with code 137", Assert.Single(python.Troubles), StringComparison.Ordinal);
        Assert.NotEmpty(first);
    }

    [Fact]
    public async Task Should_give_up_when_a_script_kills_its_parent_every_time()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, RepetitionsAfterCutOff = 2, ScriptUser = null });
        ScriptOutcome outcome = await python.Of("import os, signal, time\nopen(FOLDER + 'here', 'a').write('x\\n')\nzygote = os.getppid()\nassert b'zygote.py' in open('/proc/%d/cmdline' % zygote, 'rb').read()\nos.kill(zygote, signal.SIGKILL)\ntime.sleep(1000)");
        Assert.StartsWith("the script could not be run to its end, 3 times: ", ((ScriptExit.Failed)outcome.Exit).Exception, StringComparison.Ordinal);
        Assert.Equal(3, python.Lines("here").Length);
        Assert.Equal(new ScriptExit.Completed(), (await python.Of("print('alive')")).Exit);
    }

    [Fact]
    public async Task Should_end_a_script_as_timed_out_when_its_zygote_hangs_beyond_the_grace()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, ZygoteGraceSeconds = 0.5, ScriptUser = null });
        // It sleeps in its loop once it has told of the script.
        ScriptOutcome outcome = await python.Of(python.Run(
            """
            import os, signal, time
            zygote = os.getppid()
            assert b'zygote.py' in open('/proc/%d/cmdline' % zygote, 'rb').read()
            while open('/proc/%d/stat' % zygote).read().rsplit(')', 1)[1].split()[0] != 'S': pass
            os.kill(zygote, signal.SIGSTOP)
            time.sleep(1000)
            """) with
        { TimeLimitSeconds = 5 });
        Assert.Equal(new ScriptExit.TimedOut(), outcome.Exit);
        Assert.Equal(new ScriptExit.Completed(), (await python.Of("print('alive')")).Exit);
    }

    [Fact]
    public async Task Should_take_jobs_in_turn_when_one_has_many_scripts()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, Concurrency = 1 });
        Task<ScriptOutcome> first = python.Of(Waits);
        await Eventually.Get("the first script", () => python.Lines("here"), lines => lines.Length == 1);
        ScriptRun Noting(long job, int number) =>
            python.Run($"open(FOLDER + 'order', 'a').write('{job}.{number}\\n')") with { JobId = job };
        Task<ScriptOutcome>[] all =
        [
            .. Enumerable.Range(1, 5).Select(number => python.Of(Noting(1, number))),
            .. Enumerable.Range(1, 2).Select(number => python.Of(Noting(2, number))),
            python.Of(Noting(3, 1)),
        ];
        File.WriteAllText(python.PathOf("go"), "");
        await first;
        Assert.All(await Task.WhenAll(all), outcome => Assert.Equal(new ScriptExit.Completed(), outcome.Exit));
        Assert.Equal(["1.1", "2.1", "3.1", "1.2", "2.2", "1.3", "1.4", "1.5"], python.Lines("order"));
    }

    [Fact]
    public async Task Should_run_as_many_at_once_as_allowed_over_all_zygotes()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 2, Concurrency = 3 });
        Task<ScriptOutcome>[] all = [.. Enumerable.Range(1, 4).Select(job => python.Of(python.Run(Waits) with { JobId = job }))];
        await Eventually.Get("three scripts", () => python.Lines("here").Length, count => count >= 3);
        Assert.Equal(2, python.Pool.ZygotePids().Length);
        Assert.Equal(3, python.Lines("here").Length);
        File.WriteAllText(python.PathOf("go"), "");
        Assert.All(await Task.WhenAll(all), outcome => Assert.Equal(new ScriptExit.Completed(), outcome.Exit));
        Assert.Equal(4, python.Lines("here").Length);
    }

    [Fact]
    public async Task Should_start_no_interpreter_before_the_first_script()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 2 });
        Assert.Empty(python.Pool.ZygotePids());
        await python.Of("print(1)");
        await python.Of("print(2)");
        // The second script needed no second interpreter.
        Assert.Single(python.Pool.ZygotePids());
    }

    [Fact]
    public async Task Should_kill_the_script_when_it_is_cancelled()
    {
        await using var python = new PythonScripts();
        using var cancel = new CancellationTokenSource();
        Task<ScriptOutcome> running = python.Pool.RunAsync(python.Run(Waits), cancel.Token);
        string pid = (await Eventually.Get("the script", () => python.Lines("here"), lines => lines.Length == 1))[0];
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Eventually.Limit));
        Assert.False(Processes.IsAlive(pid), $"expected no process {pid}");
        Assert.Equal(new ScriptExit.Completed(), (await python.Of("print('alive')")).Exit);
    }

    [Fact]
    public async Task Should_never_start_a_script_when_it_is_cancelled_while_it_waits()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, Concurrency = 1 });
        using var cancel = new CancellationTokenSource();
        Task<ScriptOutcome> first = python.Of(Waits);
        Task<ScriptOutcome> second = python.Pool.RunAsync(python.Run("open(FOLDER + 'second', 'w')"), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Eventually.Limit));
        File.WriteAllText(python.PathOf("go"), "");
        await first;
        await python.Of("print(3)");
        Assert.False(File.Exists(python.PathOf("second")), "expected the cancelled script not to have run");
    }

    [Fact]
    public async Task Should_kill_everything_when_it_is_disposed()
    {
        var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, Concurrency = 1 });
        await python.Of("import subprocess\nchild = subprocess.Popen(['sleep', '1000'])\nopen(FOLDER + 'here', 'a').write('%d\\n' % child.pid)");
        Task<ScriptOutcome> running = python.Of("import subprocess\nchild = subprocess.Popen(['sleep', '1000'])\nopen(FOLDER + 'here', 'a').write('%d\\n' % child.pid)\n" + Waits);
        Task<ScriptOutcome> waiting = python.Of("print(1)");
        string[] pids = await Eventually.Get("all processes", () => python.Lines("here"), lines => lines.Length == 3);
        string[] all = [.. pids, .. python.Pool.ZygotePids().Select(pid => pid.ToString(CultureInfo.InvariantCulture))];
        Assert.Equal(all, all.Where(Processes.IsAlive));
        await python.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => python.Of("print(1)"));
        await Eventually.Get("no process", () => string.Join(',', all.Where(Processes.IsAlive)), alive => alive.Length == 0);
        Assert.Empty(python.Troubles);
    }

    [Fact]
    public async Task Should_refuse_the_run_when_the_language_has_no_interpreter()
    {
        await using var python = new PythonScripts();
        ScriptOutcome outcome = await python.Of(python.Run("print 1") with { Language = "tcl" });
        Assert.Equal(new ScriptExit.Failed("callbacks in language 'tcl' have no interpreter here"), outcome.Exit);
        Assert.Empty(python.Pool.ZygotePids());
    }

    [Fact]
    public async Task Should_say_why_when_there_is_no_interpreter()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Interpreter = "/nowhere/python3" });
        ScriptOutcome outcome = await python.Of("print(1)");
        Assert.Contains("the interpreter '/nowhere/python3' cannot be started: ", ((ScriptExit.Failed)outcome.Exit).Exception, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_why_when_the_library_is_missing()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { LibraryPath = "/nowhere" });
        ScriptOutcome outcome = await python.Of("print(1)");
        Assert.Contains("/nowhere/qb_callbacks/zygote.py", ((ScriptExit.Failed)outcome.Exit).Exception, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_options_when_one_is_out_of_bounds()
    {
        Assert.Equal("Zygotes", Assert.Throws<ArgumentOutOfRangeException>(() => new ScriptPool(new ScriptPoolOptions { Zygotes = 0 })).ParamName);
        Assert.Equal("Concurrency", Assert.Throws<ArgumentOutOfRangeException>(() => new ScriptPool(new ScriptPoolOptions { Concurrency = 0 })).ParamName);
    }

    [Fact]
    public async Task Should_lose_no_outcome_when_zygotes_die_at_random()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 2, Concurrency = 4, RepetitionsAfterCutOff = 1000 });
        Task<ScriptOutcome>[] all = [.. Enumerable.Range(0, 60).Select(number =>
            python.Of(python.Run($"import time; time.sleep(0.01); open(FOLDER + '{number}', 'w')") with { JobId = number % 7 }))];
        Task<ScriptOutcome[]> ended = Task.WhenAll(all);
        for (int kill = 0; kill < 5 && !ended.IsCompleted; kill++)
        {
            int done = all.Count(one => one.IsCompleted);
            await Eventually.Get("some progress", () => all.Count(one => one.IsCompleted), count => count > done || count == all.Length);
            int[] zygotes = python.Pool.ZygotePids();
            if (zygotes.Length > 0)
            {
                try
                {
                    System.Diagnostics.Process.GetProcessById(zygotes[random.Next(zygotes.Length)]).Kill();
                }
                catch (ArgumentException)
                {
                    // It has gone by itself meanwhile.
                }
            }
        }

        ScriptOutcome[] outcomes = await ended;
        Assert.True(outcomes.All(outcome => outcome.Exit is ScriptExit.Completed), $"seed {seed}: {string.Join(", ", outcomes.Select(outcome => outcome.Exit))}");
        Assert.Equal(60, Enumerable.Range(0, 60).Count(number => File.Exists(python.PathOf(number.ToString(CultureInfo.InvariantCulture)))));
    }
}
