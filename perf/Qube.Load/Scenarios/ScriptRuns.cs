using System.Diagnostics;
using System.Globalization;
using HdrHistogram;
using Qube.Actions.Scripts;
using Qube.Contracts.Scripts;
using Qube.Load.Measure;

namespace Qube.Load.Scenarios;

/// <summary>The script pool without a farm: handed in → first line of an isolated python script, and how many a second, isolated and warm; beside a
/// fresh interpreter and beside what python's own fork takes.</summary>
internal static class ScriptRuns
{
    /// <summary>Prints the moment of its first line, by the clock that <see cref="Stopwatch"/> reads.</summary>
    private const string Code = "import time; print('at %d' % (time.monotonic() * 1e9))";

    private const string ForkFloor =
        """
        import os, sys, time
        sys.path.insert(0, sys.argv[1])
        import json, qb
        count, start = int(sys.argv[2]), time.time()
        for _ in range(count):
            pid = os.fork()
            if pid == 0: os._exit(0)
            os.waitpid(pid, 0)
        print(count / (time.time() - start))
        """;

    public static Scenario Create(LoadOptions options)
    {
        var (single, many, warmMany) = options.Smoke ? (5, 20, 100) : (150, 600, 6000);
        var folder = "";
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        var (firstLine, fresh) = (Latency.Histogram(), Latency.Histogram());
        var (isolatedRate, warmRate, forkRate) = (new Spread(), new Spread(), new Spread());
        ScriptPool isolated = null!;
        ScriptPool warm = null!;

        ScriptRun Run(long job) => new()
        {
            FiringId = $"load-{job}",
            Language = "python",
            Code = Code,
            JobId = job,
            OutputPath = Path.Combine(folder, $"{job}.cb"),
            SupervisorUrl = "http://127.0.0.1:1",
        };

        async Task OneByOne(bool counts)
        {
            for (var i = 0; i < single; i++)
            {
                File.Delete(Run(0).OutputPath);
                var asked = Stopwatch.GetTimestamp();
                Check(await isolated.RunAsync(Run(0), CancellationToken.None));
                var line = File.ReadLines(Run(0).OutputPath).First(text => text.StartsWith("at ", StringComparison.Ordinal));
                var at = long.Parse(line.AsSpan(3), CultureInfo.InvariantCulture) * (Stopwatch.Frequency / 1_000_000_000.0);
                if (counts)
                {
                    Latency.Record(firstLine)((long)at - asked);
                }
            }
        }

        async Task<double> Rate(ScriptPool pool, int count)
        {
            var watch = Stopwatch.StartNew();
            foreach (var outcome in await Task.WhenAll(Enumerable.Range(0, count).Select(number => pool.RunAsync(Run(1 + (number % 20)), CancellationToken.None))))
            {
                Check(outcome);
            }

            return count / watch.Elapsed.TotalSeconds;
        }

        return new Scenario
        {
            Name = "scripts",
            Title = "callback scripts, without a farm around them",
            Rounds = options.Rounds ?? (options.Smoke ? 1 : 3),
            Init = () =>
            {
                folder = Directory.CreateTempSubdirectory("qube-load-scripts-").FullName;
                isolated = new ScriptPool(new ScriptPoolOptions { Interpreter = python });
                warm = new ScriptPool(new ScriptPoolOptions { Interpreter = python, Warm = true });
                return Task.CompletedTask;
            },
            WarmUp = async () =>
            {
                await OneByOne(counts: false);
                await Rate(isolated, many / 4);
                await Rate(warm, warmMany / 4);
            },
            Steps =
            [
                new("fresh interpreters", () => Task.Run(() => Fresh(python, single, fresh))),
                new("python's own fork", async () => forkRate.Add(await Forks(python, many))),
                new("isolated, one by one", () => OneByOne(counts: true)),
                new("isolated, all at once", async () => isolatedRate.Add(await Rate(isolated, many))),
                new("warm, all at once", async () => warmRate.Add(await Rate(warm, warmMany))),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(
            [
                new Figure
                {
                    Name = "script: handed in → first line, isolated",
                    Value = Latency.Ms(firstLine, 50),
                    Unit = "ms",
                    Reference = "python3 -S -E -c pass, start to end",
                    ReferenceValue = Latency.Ms(fresh, 50),
                    Ratio = Latency.Ms(firstLine, 50) / Latency.Ms(fresh, 50),
                    P50 = Latency.Ms(firstLine, 50),
                    P99 = Latency.Ms(firstLine, 99),
                    Goal = "p50 < 8 ms, p99 < 30 ms",
                    IsMet = Latency.Ms(firstLine, 50) < 8 && Latency.Ms(firstLine, 99) < 30,
                },
                Of("script: isolated, all at once", isolatedRate, forkRate, 300),
                Of("script: warm, all at once", warmRate, forkRate, 3000),
            ]),
            Clean = async () =>
            {
                if (isolated is not null)
                {
                    await isolated.DisposeAsync();
                    await warm.DisposeAsync();
                    Directory.Delete(folder, recursive: true);
                }
            },
        };
    }

    private static Figure Of(string name, Spread rate, Spread forks, double goal) => new()
    {
        Name = name,
        Value = rate.Median,
        Unit = "scripts/s",
        Reference = "fork, exit and wait in one python, one after another",
        ReferenceValue = forks.Median,
        Ratio = rate.Median / forks.Median,
        Spread = rate.ToString(),
        Goal = string.Create(CultureInfo.InvariantCulture, $"≥ {goal}/s on 2 cores"),
        IsMet = rate.Median >= goal,
    };

    private static void Check(ScriptOutcome outcome)
    {
        if (outcome.Exit is not ScriptExit.Completed)
        {
            throw new InvalidOperationException($"a script ended as {outcome.Exit}");
        }
    }

    private static void Fresh(string python, int count, LongHistogram times)
    {
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using Process process = Process.Start(python, ["-S", "-E", "-c", "pass"]);
            process.WaitForExit();
            Latency.Record(times)(Stopwatch.GetTimestamp() - start);
        }
    }

    private static async Task<double> Forks(string python, int count)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", ForkFloor, Path.Combine(AppContext.BaseDirectory, "python"), count.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        return double.Parse((await process.StandardOutput.ReadToEndAsync()).Trim(), CultureInfo.InvariantCulture);
    }
}
