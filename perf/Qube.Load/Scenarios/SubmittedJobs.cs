using System.Globalization;
using Qube.Actors.Workers;
using Qube.Load.Measure;

namespace Qube.Load.Scenarios;

/// <summary>Jobs of one frame from a python script: one by one, beside what a bare round trip over HTTP and the commits in series cost at the same moment;
/// and fifty in a call.</summary>
internal static class SubmittedJobs
{
    /// <summary>Commits in series from a submission to its acknowledgement: its ids in the farm's log, its acceptance in that of its process group.</summary>
    private const int CommitsInSeries = 2;

    private const int WarmUps = 4;

    public static Scenario Create(LoadOptions options)
    {
        var (single, calls) = options.Smoke ? (5, 1) : (300, 60);
        var (http, commit, alone, ratio, many, born) = (new Spread(), new Spread(), new Spread(), new Spread(), new Spread(), new Spread());
        var (aloneCpu, manyCpu) = (new Spread(), new Spread());
        var times = Latency.Histogram();
        LoadFarm farm = null!;
        PythonClient python = null!;
        CommitFloor floor = null!;

        async Task Submit()
        {
            var cpu = CpuTime.Seconds();
            var took = await python.Call("submit", single);
            await python.Call("born", 1);
            aloneCpu.Add((CpuTime.Seconds() - cpu) * 1000 / single);
            alone.Add(took.Length / took.Sum());
            ratio.Add(alone.Last * (http.Last + (CommitsInSeries * commit.Last)));
            foreach (var seconds in took)
            {
                Latency.RecordSeconds(times, seconds);
            }
        }

        async Task SubmitFifties()
        {
            var cpu = CpuTime.Seconds();
            var took = (await python.Call("fifty", calls)).Sum();
            many.Add(calls * 50 / took);
            took += (await python.Call("born", 1)).Sum();
            born.Add(calls * 50 / took);
            manyCpu.Add((CpuTime.Seconds() - cpu) * 1000 / (calls * 50));
        }

        return new Scenario
        {
            Name = "submit",
            Title = "jobs of one frame submitted by a python script",
            Rounds = options.Rounds ?? (options.Smoke ? 1 : 5),
            Init = async () =>
            {
                // The first takes the only slot, for an hour: all that follow wait.
                farm = await LoadFarm.StartAsync(1, TrueFrames.HoconOf(options), new SimulatedLauncher(TimeProvider.System, _ => new SimulatedRun(TimeSpan.FromHours(1))));
                python = PythonClient.Start(farm.Url);
                floor = CommitFloor.Open();
            },
            WarmUp = async () =>
            {
                // A farm runs for months: what is measured is code that the runtime has compiled for good, on both sides of the ratio.
                for (var turn = 0; turn < WarmUps; turn++)
                {
                    await python.Call("http", single * 2);
                    await python.Call("submit", single);
                    await python.Call("fifty", calls / 4);
                    await python.Call("born", 1);
                    await floor.Serial(single * 2, 2, _ => { });
                }
            },
            Steps =
            [
                new("bare HTTP round trips", async () => http.Add((await python.Call("http", single * 2)).Average())),
                new("serial commits", async () => commit.Add(1 / await floor.Serial(single * 2, 2, _ => { }))),
                new("one by one", Submit),
                new("fifty in a call", SubmitFifties),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(
            [
                new Figure
                {
                    Name = "jobs of one frame from python, one by one",
                    Value = alone.Median,
                    Unit = "jobs/s",
                    Reference = string.Create(CultureInfo.InvariantCulture, $"HTTP round trip ({http.Median * 1000:0.00} ms) + {CommitsInSeries} serial commits ({commit.Median * 1000:0.00} ms each)"),
                    ReferenceValue = 1 / (http.Median + (CommitsInSeries * commit.Median)),
                    Ratio = ratio.Median,
                    P50 = Latency.Ms(times, 50),
                    P99 = Latency.Ms(times, 99),
                    Spread = ratio.ToString(),
                    Goal = "ratio ≥ 0.5",
                    IsMet = ratio.Median >= 0.5,
                },
                new Figure
                {
                    Name = "jobs of one frame from python, fifty in a call",
                    Value = many.Median,
                    Unit = "jobs/s",
                    Reference = "one by one",
                    ReferenceValue = alone.Median,
                    Ratio = many.Median / alone.Median,
                    Spread = many.ToString(),
                    Goal = "≥ 3,000 jobs/s on SQLite",
                    IsMet = many.Median >= 3000,
                },
                new Figure
                {
                    Name = "the same until every job is there: its own log, its demand",
                    Value = born.Median,
                    Unit = "jobs/s",
                    Reference = "acknowledged",
                    ReferenceValue = many.Median,
                    Ratio = born.Median / many.Median,
                    Spread = born.ToString(),
                },
                new Figure { Name = "the farm's own CPU per job, one by one", Value = aloneCpu.Median, Unit = "ms", Spread = aloneCpu.ToString() },
                new Figure { Name = "the farm's own CPU per job, fifty in a call", Value = manyCpu.Median, Unit = "ms", Spread = manyCpu.ToString() },
            ]),
            Clean = async () =>
            {
                if (python is not null)
                {
                    await python.DisposeAsync();
                }

                if (floor is not null)
                {
                    await floor.DisposeAsync();
                }

                if (farm is not null)
                {
                    await farm.DisposeAsync();
                }
            },
        };
    }
}
