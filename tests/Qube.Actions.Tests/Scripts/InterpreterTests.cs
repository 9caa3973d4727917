using Qube.Actions.Scripts;
using Qube.Contracts.Scripts;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Actions.Tests.Scripts;

/// <summary>The interpreters that this machine has: the default, and a python 2.7 where one is installed.</summary>
public sealed class InterpreterTests(ITestOutputHelper output)
{
    public static TheoryData<string> Interpreters()
    {
        var found = new TheoryData<string> { "python3" };
        var versions = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pyenv", "versions");
        foreach (var path in (Directory.Exists(versions) ? Directory.GetDirectories(versions, "2.7*") : []).Select(folder => Path.Combine(folder, "bin", "python2.7")).Append("/usr/bin/python2.7").Where(File.Exists))
        {
            found.Add(path);
        }

        return found;
    }

    [Theory]
    [MemberData(nameof(Interpreters))]
    public async Task Should_run_and_contain_scripts_in_each_interpreter_that_is_installed(string interpreter)
    {
        // As the supervisor's own user: an interpreter below root's home is nobody else's.
        await using var python = new PythonScripts(new ScriptPoolOptions { Zygotes = 1, Interpreter = interpreter, ScriptUser = interpreter == "python3" ? "nobody" : null });
        ScriptOutcome outcome = await python.Of("import sys\nsys.stdout.write('version %d.%d of job %s\\n' % (sys.version_info[0], sys.version_info[1], qb.jobid()))");
        Assert.Equal(new ScriptExit.Completed(), outcome.Exit);
        output.WriteLine($"{interpreter}: {python.Output}");
        Assert.Contains(interpreter == "python3" ? "version 3." : "version 2.7 of job 12", python.Output, StringComparison.Ordinal);
        Assert.IsType<ScriptExit.Failed>((await python.Of("raise ValueError(u'gr\\xf6\\xdfer')")).Exit);
        Assert.Equal(new ScriptExit.TimedOut(), (await python.Of(python.Run("while True: pass") with { TimeLimitSeconds = 2 })).Exit);
        // Its user may have processes of other tests, and the kernel counts those too: what it refuses is tried again.
        Assert.Equal(
            "over its limit of 5 processes",
            Assert.IsType<ScriptExit.Stopped>((await python.Of(python.Run("import os, time\nwhile True:\n    try:\n        if os.fork() == 0: time.sleep(1000)\n    except OSError:\n        time.sleep(0.01)") with { ProcessLimit = 5 })).Exit).Reason);
    }
}
