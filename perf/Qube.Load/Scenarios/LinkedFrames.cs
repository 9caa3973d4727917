using System.Diagnostics;
using HdrHistogram;
using Qube.Actors.Workers;
using Qube.Contracts.Launching;
using Qube.Load.Measure;

namespace Qube.Load.Scenarios;

/// <summary>W2: jobs A and B, one instance each on 2 slots, frame i of B waits for frame i of A, A's frames far enough apart that nothing queues.
/// Latency is A[i]'s end → B[i]'s start.</summary>
/// <remarks>The queue is empty in the strict sense only where A's next frame is not waiting to be started at that very moment: that is measured
/// first, with each frame of A released when B's last one is recorded; then with all of A runnable, where loading A's next program (3 ms of a
/// processor) falls into the same milliseconds. The launcher's own clock has milliseconds, so the node's stop watch is read instead: when it hears of A[i]'s end and when it hears of
/// B[i]'s start (sent after the exec). Both have one hop over the launcher's socket behind them, which cancels out. The mean by the launcher's
/// clock is told beside it: rounding to milliseconds does not move a mean of differences.</remarks>
internal static class LinkedFrames
{
    private static readonly string[] Arguments = ["/bin/true"];

    public static Scenario Create(LoadOptions options)
    {
        var frames = options.Smoke ? 10 : 100;
        var (alone, link, wildcard, simulated) = (new Series(), new Series(), new Series(), new Series());
        var (commits, spawns) = (Latency.Histogram(), Latency.Histogram());
        var (pacedCommits, pacedSpawns) = (Latency.Histogram(), Latency.Histogram());
        var pause = TimeSpan.FromMilliseconds(50);
        LoadFarm farm = null!;
        LoadFarm clocks = null!;
        long simulatedFrames = 0;
        CommitFloor floor = null!;
        Costs costs = null!;
        long recorded = 0;
        long measuredFrom = 0;

        async Task RunSimulated(Series series)
        {
            var b = LoadFarm.Job("B", "/bin/true", LoadFarm.Range(frames), 1);
            b["dependency"] = "link-complete-work-A";
            var ids = await clocks.Submit(LoadFarm.Job("A", "sleep 0.05", LoadFarm.Range(frames), 1), b);
            simulatedFrames += 2 * frames;
            await clocks.Recorded(simulatedFrames);
            series.Take(clocks.Launcher, ids[0], ids[1], frames);
        }

        // Nothing but B's frame may start when A's has ended: A's next is released once that of B is recorded.
        async Task RunAlone(Series series)
        {
            var b = LoadFarm.Job("B", "/bin/true", LoadFarm.Range(frames), 1);
            b["dependency"] = "link-complete-work-A";
            var ids = await farm.Submit(LoadFarm.Job("A", "sleep 0.05", LoadFarm.Range(frames, blocked: true), 1), b);
            for (var frame = 1; frame <= frames; frame++)
            {
                await farm.Unblock(ids[0], frame);
                await farm.Recorded(recorded += 2);
            }

            await farm.Completed(ids);
            series.Take(farm.Launcher, ids[0], ids[1], frames);
        }

        async Task Run(Series series, bool byDependency)
        {
            var a = LoadFarm.Job("A", "sleep 0.05", LoadFarm.Range(frames), 1);
            var b = LoadFarm.Job("B", "/bin/true", LoadFarm.Range(frames, blocked: !byDependency), 1);
            if (byDependency)
            {
                b["dependency"] = "link-complete-work-A";
            }
            else
            {
                b["callbacks"] = LoadFarm.Callback("qube", "complete-work-A-*", "unblock-work-self");
            }

            var ids = await farm.Submit(a, b);
            recorded += 2 * frames;
            await farm.Recorded(recorded);
            await farm.Completed(ids);
            series.Take(farm.Launcher, ids[0], ids[1], frames);
        }

        return new Scenario
        {
            Name = "w2",
            Title = $"A and B of {frames} frames linked frame to frame, 2 slots, nothing queued",
            Rounds = options.Rounds ?? (options.Smoke ? 1 : 3),
            Init = async () =>
            {
                farm = await LoadFarm.StartAsync(2, TrueFrames.HoconOf(options), keepsTimes: true);
                clocks = await LoadFarm.StartAsync(2, TrueFrames.HoconOf(options), Clocks(), keepsTimes: true);
                floor = CommitFloor.Open();
            },
            WarmUp = async () =>
            {
                await Run(new Series(), byDependency: true);
                await Run(new Series(), byDependency: false);
                await RunAlone(new Series());
                await RunSimulated(new Series());
                await floor.Serial(options.Smoke ? 50 : 500, 2, _ => { });
                costs = Costs.Begin(farm.Journal);
                measuredFrom = recorded;
            },
            Steps =
            [
                new("serial commits", () => floor.Serial(options.Smoke ? 100 : 1000, 2, Latency.Record(commits))),
                new("spawn", () => Task.Run(() => SpawnFloor.OneByOne(Arguments, options.Smoke ? 50 : 300, Latency.Record(spawns)))),
                new("serial commits, a pair every 50 ms", () => floor.Serial(2 * frames, 2, Latency.Record(pacedCommits), pause)),
                new("spawn, one every 50 ms", () => Task.Run(() => SpawnFloor.OneByOne(Arguments, frames, Latency.Record(pacedSpawns), pause))),
                new("dependency, one frame at a time", () => RunAlone(alone)),
                new("dependency", () => Run(link, byDependency: true)),
                new("wildcard callback", () => Run(wildcard, byDependency: false)),
                new("dependency, simulated launcher", () => RunSimulated(simulated)),
            ],
            Judge = () =>
            {
                var measured = costs.PerFrame("W2", recorded - measuredFrom).Where(figure => !figure.Name.Contains("commits", StringComparison.Ordinal));
                var reference = (2 * Latency.Ms(commits, 50)) + Latency.Ms(spawns, 50);
                var paced = (2 * pacedCommits.GetMean() / 1000) + Latency.Ms(pacedSpawns, 50);
                return Task.FromResult<IReadOnlyList<Figure>>(
                [
                    alone.Paced("W2 dependency, queue empty", paced) with { Goal = "ratio ≤ 2, p99 < 20 ms", IsMet = alone.Keeps(2 * paced) },
                    .. alone.Figures("W2 dependency, queue empty, reference at full speed", reference),
                    link.Paced("W2 dependency, A's next frame starts too", paced),
                    .. link.Figures("W2 dependency, A's next frame starts too, reference at full speed", reference),
                    wildcard.Paced("W2 callback complete-work-A-* → unblock-work-self, A's next frame starts too", paced),
                    .. wildcard.Figures("W2 callback, A's next frame starts too, reference at full speed", reference),
                    simulated.Figure("W2 dependency, simulated launcher: no process starts", 2 * Latency.Ms(commits, 50)),
                    new Figure { Name = "W2 reference: a serial commit, a pair every 50 ms (mean)", Value = pacedCommits.GetMean() / 1000, Unit = "ms", P50 = Latency.Ms(pacedCommits, 50), P99 = Latency.Ms(pacedCommits, 99) },
                    new Figure { Name = "W2 reference: a spawn, one every 50 ms", Value = Latency.Ms(pacedSpawns, 50), Unit = "ms", P50 = Latency.Ms(pacedSpawns, 50), P99 = Latency.Ms(pacedSpawns, 99) },
                    new Figure { Name = "W2 reference: a serial commit", Value = Latency.Ms(commits, 50), Unit = "ms", P50 = Latency.Ms(commits, 50), P99 = Latency.Ms(commits, 99) },
                    new Figure { Name = "W2 reference: a spawn (posix_spawn, until exec)", Value = Latency.Ms(spawns, 50), Unit = "ms", P50 = Latency.Ms(spawns, 50), P99 = Latency.Ms(spawns, 99) },
                    .. measured,
                ]);
            },
            Clean = async () =>
            {
                if (farm is not null)
                {
                    await farm.DisposeAsync();
                }

                if (clocks is not null)
                {
                    await clocks.DisposeAsync();
                }

                if (floor is not null)
                {
                    await floor.DisposeAsync();
                }
            },
        };
    }

    /// <summary>Frames of A last as long as their real ones, those of B no time.</summary>
    private static SimulatedLauncher Clocks() => new(
        TimeProvider.System,
        request => new SimulatedRun(request.Command is LaunchCommand.ShellLine { Line: "/bin/true" } ? TimeSpan.Zero : TimeSpan.FromMilliseconds(50)));

    private sealed class Series
    {
        private readonly LongHistogram _latency = Latency.Histogram();
        private readonly LongHistogram _launching = Latency.Histogram();
        private readonly Spread _medians = new();
        private readonly Spread _firsts = new();
        private double _byLauncherMs;
        private long _count;

        /// <summary>The first frame of B is apart: its instance is placed by the dispatcher, the others go to an instance that waits.</summary>
        public void Take(ObservedLauncher launcher, long a, long b, int frames)
        {
            var round = Latency.Histogram();
            for (var seq = 0; seq < frames; seq++)
            {
                if (launcher.Of(a, seq) is not { EndedAt: > 0 } ended || launcher.Of(b, seq) is not { } started)
                {
                    throw new InvalidOperationException($"frame {seq}: expected an end in job {a} and a start in job {b}");
                }

                var ticks = started.StartedAt - ended.EndedAt;
                if (ticks < 0)
                {
                    throw new InvalidOperationException($"frame {seq} of B started {-ticks * 1e3 / Stopwatch.Frequency:0.###} ms before that of A had ended");
                }

                if (seq == 0)
                {
                    _firsts.Add(ticks * 1e3 / Stopwatch.Frequency);
                    continue;
                }

                Latency.Record(_latency)(ticks);
                Latency.Record(round)(ticks);
                Latency.Record(_launching)(started.StartedAt - started.AskedAt);
                _byLauncherMs += started.StartedUnixMs - ended.EndedUnixMs;
                _count++;
            }

            _medians.Add(Latency.Ms(round, 50));
        }

        /// <summary>The farm's own share.</summary>
        public Figure Figure(string name, double reference) => new()
        {
            Name = name,
            Value = Latency.Ms(_latency, 50),
            Unit = "ms",
            Reference = "2 serial commits",
            ReferenceValue = reference,
            Ratio = Latency.Ms(_latency, 50) / reference,
            P50 = Latency.Ms(_latency, 50),
            P99 = Latency.Ms(_latency, 99),
            Spread = $"p50 {_medians}",
        };

        public bool Keeps(double limitMs) => Latency.Ms(_latency, 50) <= limitMs && Latency.Ms(_latency, 99) < 20;

        /// <summary>Beside commits and spawns that come as seldom as the frames end: those that follow one another at once find everything in
        /// the processor's caches, and an inode whose time stamp need not be written again.</summary>
        public Figure Paced(string name, double reference) => Figure(name, reference) with { Reference = "2 commits + 1 spawn, every 50 ms" };

        public IEnumerable<Figure> Figures(string name, double reference)
        {
            var p50 = Latency.Ms(_latency, 50);
            var p99 = Latency.Ms(_latency, 99);
            yield return new Figure
            {
                Name = name,
                Value = p50,
                Unit = "ms",
                Reference = "2 serial commits + 1 spawn",
                ReferenceValue = reference,
                Ratio = p50 / reference,
                P50 = p50,
                P99 = p99,
                Spread = $"p50 {_medians}",
            };
            yield return new Figure { Name = $"{name}: mean", Value = _latency.GetMean() / 1000, Unit = "ms", Reference = "mean by the launcher's own clock", ReferenceValue = _byLauncherMs / _count };
            yield return new Figure { Name = $"{name}: of it, launcher asked → started", Value = Latency.Ms(_launching, 50), Unit = "ms", P50 = Latency.Ms(_launching, 50), P99 = Latency.Ms(_launching, 99) };
            yield return new Figure { Name = $"{name}: first frame, placed by the dispatcher", Value = _firsts.Median, Unit = "ms", Spread = _firsts.ToString() };
        }
    }
}
