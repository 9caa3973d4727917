using System.Globalization;
using Qube.Actions.Scripts;
using Qube.Contracts.Scripts;
using Xunit;

namespace Qube.Actions.Tests.Scripts;

/// <summary>Scripts that hang, flood, eat, fork and run away: each ends alone, is told of, and leaves no process.</summary>
public sealed class ContainmentTests
{
    private const double Seconds = 5;

    private static readonly (string Name, string Code, Func<ScriptExit, bool> Ends)[] Bad =
    [
        ("sys.exit", "import sys; sys.exit(3)", exit => exit is ScriptExit.Exited { Code: 3 }),
        ("os._exit", "import os; os._exit(4)", exit => exit is ScriptExit.Exited { Code: 4 }),
        ("segfault", "import ctypes; ctypes.string_at(0)", exit => exit is ScriptExit.Crashed { Signal: 11 }),
        ("endless loop", "while True: pass", exit => exit is ScriptExit.TimedOut),
        ("fork bomb", "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", exit => exit is ScriptExit.Stopped { Reason: "over its limit of 64 processes" } or ScriptExit.TimedOut),
        ("a gigabyte of output", "import os\nblock = b'x' * 65536\nfor _ in range(16384): os.write(1, block)", exit => exit is ScriptExit.Completed or ScriptExit.TimedOut),
        ("all memory", "eaten = []\nwhile True: eaten.append(bytearray(1 << 24))", exit => exit is ScriptExit.Failed { Exception: "MemoryError" } or ScriptExit.TimedOut),
        ("closed descriptors", "import os; os.closerange(0, 1024)", exit => exit is ScriptExit.Exited { Code: 0 }),
        ("deaf to signals", "import signal\nfor number in set(range(1, 65)) - {9, 19, 32, 33}: signal.signal(number, signal.SIG_IGN)\nwhile True: pass", exit => exit is ScriptExit.TimedOut),
        ("a daemon", Daemon, exit => exit is ScriptExit.Completed),
    ];

    /// <summary>Out of its parent's tree, session and process group, without an environment, as daemons are made.</summary>
    private const string Daemon =
        """
        import os, time
        read, write = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 3)
                with open(FOLDER + 'daemons', 'a') as f: f.write('%d\n' % os.getpid())
                os.write(write, b'x')
                os.execve('/bin/sleep', ['sleep', '1000'], {})
            os._exit(0)
        os.read(read, 1)
        """;

    [Fact]
    public async Task Should_end_each_alone_and_leave_no_process_when_thirty_bad_scripts_run_at_once()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 2, Concurrency = 34 });
        var bad = Enumerable.Range(0, 30).Select(number => (Bad[number % Bad.Length], python.Of(python.Run(Bad[number % Bad.Length].Code) with
        {
            JobId = 100 + number,
            TimeLimitSeconds = Seconds,
            MemoryLimitBytes = 256L << 20,
            OutputCapBytes = 1000,
            OutputPath = python.PathOf(string.Create(CultureInfo.InvariantCulture, $"bad/{number}.cb")),
        }))).ToList();

        // Good ones in plenty, some with a process of their own, all through it and none the worse for it.
        var good = 0;
        while (good < 40 || bad.Exists(one => !one.Item2.IsCompleted))
        {
            var code = good % 4 == 0 ? "import subprocess; subprocess.check_call(['echo', 'good'])" : "print('good')";
            ScriptOutcome outcome = await python.Of(python.Run(code) with { JobId = 1 + (good % 3) });
            Assert.True(outcome.IsSuccess, $"expected good script {good} to end well, got {outcome.Exit}:\n{python.Output}");
            good++;
        }

        foreach (var ((name, _, ends), outcome) in bad)
        {
            ScriptExit exit = (await outcome).Exit;
            Assert.True(ends(exit), $"{name} ended as {exit}");
        }

        Assert.Contains("=== output beyond 1000 bytes is dropped ===", File.ReadAllText(python.PathOf("bad/5.cb")), StringComparison.Ordinal);
        Assert.Contains("=== killed: over its ", File.ReadAllText(python.PathOf("bad/4.cb")), StringComparison.Ordinal);
        Assert.Equal(3, python.Lines("daemons").Length);
        await Eventually.Get("no process of theirs", () => Left(python), left => left.Length == 0);
        Assert.Empty(python.Troubles);
    }

    [Fact]
    public async Task Should_run_as_nobody_with_its_output_still_written_when_the_supervisor_is_root()
    {
        // A test that is itself run nicely still leaves room below it.
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, Niceness = 3 });
        ScriptOutcome outcome = await python.Of("import os, getpass; print(os.getuid(), getpass.getuser()); open('/dev/stdout', 'a').write('by name\\n'); print(os.nice(0) - os.getpriority(os.PRIO_PROCESS, os.getppid()))");
        Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
        var expected = Environment.UserName == "root" ? "65534 nobody" : "";
        Assert.Contains(expected, python.Output, StringComparison.Ordinal);
        Assert.Contains("by name\n3\n", python.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_which_user_is_missing_when_there_is_none_of_that_name()
    {
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, ScriptUser = "nobody-of-that-name" });
        ScriptOutcome outcome = await python.Of("print(1)");
        if (Environment.UserName == "root")
        {
            Assert.Contains("there is no user nobody-of-that-name", ((ScriptExit.Failed)outcome.Exit).Exception, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
        }
    }

    [Fact]
    public async Task Should_not_believe_a_script_that_writes_its_own_end()
    {
        await using var python = new PythonScripts();
        foreach (var word in new[] { "5", "{\"exit\": 7}", "[", "{\"exit\": \"crashed\", \"run\": 99}" })
        {
            ScriptOutcome outcome = await python.Of(
                $"import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'''{word}''')\n    except OSError: pass\nos._exit(6)");
            Assert.Equal(new ScriptExit.Exited(6), outcome.Exit);
        }

        Assert.Single(python.Pool.ZygotePids());
        Assert.Empty(python.Troubles);
    }

    /// <summary>All that is left below the zygotes, which are subreapers: nothing gets away from there. Children that wait for a script are none of a
    /// script's.</summary>
    private static string Left(PythonScripts python) => string.Join(
        ' ',
        python.Pool.ZygotePids()
            .SelectMany(pid => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task/{pid}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(child => Processes.Name(child) is not ("qb-spare" or "")));
}
