using System.Globalization;
using System.Text.Json.Nodes;
using HdrHistogram;
using Qube.Actors.Workers;
using Qube.Load.Measure;

namespace Qube.Load.Scenarios;

/// <summary>Questions of a python script to a farm of 100,000 jobs: one by its id, and lists of a hundred by filters.</summary>
internal static class AskedJobs
{
    private const int PerList = 100;

    /// <summary>Jobs in one submission.</summary>
    private const int PerCall = 500;

    public static Scenario Create(LoadOptions options)
    {
        var jobs = options.Smoke ? 1_000 : 100_000;
        var (asked, lists) = options.Smoke ? (20, 5) : (1_000, 100);
        var (http, byId, byUser, byName) = (Latency.Histogram(), Latency.Histogram(), Latency.Histogram(), Latency.Histogram());
        LoadFarm farm = null!;
        PythonClient python = null!;
        var ids = new List<long>(jobs);
        var random = new Random(1);

        async Task Fill()
        {
            while (ids.Count < jobs)
            {
                ids.AddRange(await farm.Submit([.. Enumerable.Range(ids.Count, Math.Min(PerCall, jobs - ids.Count)).Select(Job)]));
            }

            // Each answers for itself once it is there: what is measured is a farm at rest, not one that still makes its jobs.
            foreach (var some in ids.Chunk(PerCall))
            {
                await farm.Jobs(some);
            }
        }

        // As many users, and as many shots, as make lists of a hundred.
        JsonNode Job(int number) => new JsonObject
        {
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"job-{number}-shot{number % (jobs / PerList):0000}-comp"),
            ["user"] = string.Create(CultureInfo.InvariantCulture, $"user{number / PerList:0000}"),
            ["prototype"] = "cmdrange",
            ["status"] = "blocked",
            ["package"] = new JsonObject { ["cmdline"] = "/bin/true" },
            ["agenda"] = LoadFarm.Range(10),
        };

        string Any() => random.Next(jobs / PerList).ToString("0000", CultureInfo.InvariantCulture);

        async Task Ask(LongHistogram times, Task<double[]> seconds)
        {
            foreach (var one in await seconds)
            {
                Latency.RecordSeconds(times, one);
            }
        }

        Task ById(LongHistogram times) => Ask(times, python.Call("info", Enumerable.Range(0, asked).Select(_ => ids[random.Next(ids.Count)].ToString(CultureInfo.InvariantCulture))));
        Task ByUser(LongHistogram times) => Ask(times, python.Call("listed", Enumerable.Range(0, lists).Select(_ => $$$"""{"filters":{"user":"user{{{Any()}}}"}}""")));
        Task ByName(LongHistogram times) => Ask(times, python.Call("listed", Enumerable.Range(0, lists).Select(_ => $$$"""{"filters":{"name":"*shot{{{Any()}}}*","status":["blocked","pending"]},"orderby":"id DESC"}""")));

        return new Scenario
        {
            Name = "query",
            Title = string.Create(CultureInfo.InvariantCulture, $"questions of a python script to a farm of {jobs} jobs"),
            Rounds = options.Rounds ?? (options.Smoke ? 1 : 3),
            Init = async () =>
            {
                farm = await LoadFarm.StartAsync(1, TrueFrames.HoconOf(options), new SimulatedLauncher(TimeProvider.System, _ => new SimulatedRun(TimeSpan.FromHours(1))));
                python = PythonClient.Start(farm.Url);
                await Fill();
            },
            WarmUp = async () =>
            {
                var forgotten = Latency.Histogram();
                await ById(forgotten);
                await ByUser(forgotten);
                await ByName(forgotten);
            },
            Steps =
            [
                new("bare HTTP round trips", () => Ask(http, python.Call("http", asked))),
                new("by id", () => ById(byId)),
                new("by user", () => ByUser(byUser)),
                new("by a pattern of the name", () => ByName(byName)),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(
            [
                Of($"jobinfo(id=…) of {jobs} jobs", byId, http, 5),
                Of($"list of {PerList} of {jobs} jobs, by user", byUser, http, 30),
                Of($"list of {PerList} of {jobs} jobs, by a pattern of the name, all of them looked at", byName, http, 30),
            ]),
            Clean = async () =>
            {
                if (python is not null)
                {
                    await python.DisposeAsync();
                }

                if (farm is not null)
                {
                    await farm.DisposeAsync();
                }
            },
        };
    }

    private static Figure Of(string name, LongHistogram times, LongHistogram http, double goalMs) => new()
    {
        Name = name,
        Value = Latency.Ms(times, 50),
        Unit = "ms",
        Reference = "bare HTTP round trip from the same python",
        ReferenceValue = Latency.Ms(http, 50),
        Ratio = Latency.Ms(times, 50) / Latency.Ms(http, 50),
        P50 = Latency.Ms(times, 50),
        P99 = Latency.Ms(times, 99),
        Goal = string.Create(CultureInfo.InvariantCulture, $"p99 < {goalMs} ms"),
        IsMet = Latency.Ms(times, 99) < goalMs,
    };
}
