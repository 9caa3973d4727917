using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using HdrHistogram;
using Qube.Load.Measure;

namespace Qube.Load.Scenarios;

/// <summary>Issue 3: thirty bad scripts at once leave the latency of linked frames (A[i]'s end → B[i]'s start, a job of 500) within 1.5 of what it is without
/// them. With and without take turns on one farm. The thirty come again as soon as the last of them has ended, for as long as the frames run.</summary>
internal static class BadScripts
{
    private const int AtOnce = 30;
    private const double Goal = 1.5;

    private const string Hocon = "qube.scripts { concurrency = 34, time-limit = 15s, memory-limit = 256m, output-limit = 1m }";

    /// <summary>Issue 3 item 7's list, in both languages.</summary>
    private static readonly (string Language, string Code)[] Bad =
    [
        ("python", "import sys; sys.exit(3)"),
        ("perl", "exit 3;"),
        ("python", "import os; os._exit(4)"),
        ("perl", "use POSIX (); POSIX::_exit(4);"),
        ("python", "import ctypes; ctypes.string_at(0)"),
        ("perl", "kill 'SEGV', $$; sleep 1000;"),
        ("python", "while True: pass"),
        ("perl", "1 while 1;"),
        ("python", "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
        ("perl", "fork while 1;"),
        ("python", "import os\nblock = b'x' * 65536\nfor _ in range(16384): os.write(1, block)"),
        ("perl", "my $block = 'x' x 65536;\nprint $block for 1 .. 16384;"),
        ("python", "eaten = []\nwhile True: eaten.append(bytearray(1 << 24))"),
        ("perl", "my @eaten;\npush @eaten, 'x' x (1 << 24) while 1;"),
    ];

    public static Scenario Create(LoadOptions options)
    {
        var frames = options.Smoke ? 10 : 500;
        var (alone, beside) = (Latency.Histogram(), Latency.Histogram());
        var (aloneMedians, besideMedians, ratios, waveSeconds) = (new Spread(), new Spread(), new Spread(), new Spread());
        LoadFarm farm = null!;
        long recorded = 0;
        var wave = 0;

        async Task<double> Linked(LongHistogram all, int count)
        {
            var b = LoadFarm.Job("B", "/bin/true", LoadFarm.Range(count), 1);
            b["dependency"] = "link-complete-work-A";
            var ids = await farm.Submit(LoadFarm.Job("A", "sleep 0.05", LoadFarm.Range(count), 1), b);
            await farm.Recorded(recorded += 2 * count);
            await farm.Completed(ids);
            var own = Latency.Histogram();
            for (var seq = 1; seq < count; seq++)
            {
                if (farm.Launcher.Of(ids[0], seq) is not { EndedAt: > 0 } ended || farm.Launcher.Of(ids[1], seq) is not { } started || started.StartedAt < ended.EndedAt)
                {
                    throw new InvalidOperationException($"frame {seq}: expected an end in job {ids[0]} and after it a start in job {ids[1]}");
                }

                Latency.Record(all)(started.StartedAt - ended.EndedAt);
                Latency.Record(own)(started.StartedAt - ended.EndedAt);
            }

            return Latency.Ms(own, 50);
        }

        async Task Thirty()
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"wave{++wave}-global");
            JsonNode[] jobs = [.. Enumerable.Range(0, AtOnce).Select(number => Owner(number, name, Bad[number % Bad.Length]))];
            var ids = await farm.Submit(jobs);
            var watch = Stopwatch.StartNew();
            await farm.Raise(name);
            await farm.Fired(ids);
            waveSeconds.Add(watch.Elapsed.TotalSeconds);
        }

        async Task Beside()
        {
            var linked = Task.Run(() => Linked(beside, frames));
            do
            {
                await Thirty();
            }
            while (!linked.IsCompleted);
            besideMedians.Add(await linked);
            ratios.Add(besideMedians.Last / aloneMedians.Last);
        }

        return new Scenario
        {
            Name = "badscripts",
            Title = $"A and B of {frames} frames linked frame to frame, 2 slots, with and without thirty bad scripts at once",
            Rounds = options.Rounds ?? (options.Smoke ? 1 : 3),
            Init = async () => farm = await LoadFarm.StartAsync(2, Hocon, keepsTimes: true),
            WarmUp = () => Linked(Latency.Histogram(), options.Smoke ? 10 : 100),
            Steps =
            [
                new("without bad scripts", async () => aloneMedians.Add(await Linked(alone, frames))),
                new("with thirty bad scripts", Beside),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(
            [
                new Figure
                {
                    Name = "linked frames beside thirty bad scripts",
                    Value = Latency.Ms(beside, 50),
                    Unit = "ms",
                    Reference = "the same without them",
                    ReferenceValue = Latency.Ms(alone, 50),
                    Ratio = ratios.Median,
                    P50 = Latency.Ms(beside, 50),
                    P99 = Latency.Ms(beside, 99),
                    Spread = ratios.ToString(),
                    Goal = string.Create(CultureInfo.InvariantCulture, $"ratio ≤ {Goal}"),
                    IsMet = ratios.Median <= Goal,
                },
                new Figure { Name = "linked frames without bad scripts", Value = Latency.Ms(alone, 50), Unit = "ms", P50 = Latency.Ms(alone, 50), P99 = Latency.Ms(alone, 99), Spread = $"p50 {aloneMedians}" },
                new Figure { Name = "thirty bad scripts, fired → all ended and on file (time limit 15 s)", Value = waveSeconds.Median, Unit = "s", Spread = waveSeconds.ToString() },
            ]),
            Clean = async () =>
            {
                if (farm is not null)
                {
                    await farm.DisposeAsync();
                }
            },
        };
    }

    /// <summary>A job that only has the callback: it never runs.</summary>
    private static JsonObject Owner(int number, string trigger, (string Language, string Code) bad)
    {
        var job = LoadFarm.Job(string.Create(CultureInfo.InvariantCulture, $"bad{number}"), "/bin/true", LoadFarm.Range(1, blocked: true), 1);
        job["status"] = "blocked";
        job["callbacks"] = LoadFarm.Callback(bad.Language, trigger, bad.Code);
        return job;
    }
}
