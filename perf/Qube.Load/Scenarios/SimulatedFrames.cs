using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Qube.Actors.Workers;
using Qube.Load.Measure;

namespace Qube.Load.Scenarios;

/// <summary>Frames that take no time on 16 slots: what the farm itself can do when only its launcher is simulated. A frame counts when its end is
/// in the journal.</summary>
internal static class SimulatedFrames
{
    private const int Slots = 16;
    private const double Goal = 5000;

    /// <summary>Frames submitted for each second of a run: more than any farm gets through, so that none runs dry.</summary>
    private const int PerSecond = 200_000;

    public static Scenario Create(LoadOptions options)
    {
        var seconds = options.Seconds ?? (options.Smoke ? 2 : 60);
        var window = options.Smoke ? 1 : Math.Min(10, seconds);
        var figures = new List<Figure>();
        CommitFloor floor = null!;

        async Task Run(string name, int length, bool isGoal, Func<JsonObject[]> jobs)
        {
            await using var farm = await LoadFarm.StartAsync(Slots, TrueFrames.HoconOf(options), new SimulatedLauncher(TimeProvider.System, _ => default));
            var ids = await farm.Submit(jobs());
            await farm.Recorded(1000);
            var costs = Costs.Begin(farm.Journal);
            var (commits, from) = (Commits.Count, farm.Launcher.Recorded);
            var watch = Stopwatch.StartNew();
            var rates = await Windows(farm, length, window);
            var whole = farm.Launcher.Recorded - from;
            var rate = whole / watch.Elapsed.TotalSeconds;
            commits = Commits.Count - commits;
            var perFrame = costs.PerFrame($"simulated, {name}", whole);
            await StillRuns(farm, ids[0]);
            var perCommit = whole / (double)Math.Max(1, commits);

            // What the journal alone does with batches of that size, by one writer: the job's own share of the work is what is missing to it.
            var raw = await floor.Serial(options.Smoke ? 20 : 300, (int)Math.Clamp(2 * perCommit, 2, 2000), _ => { });
            var last = rates[^1] / rates[0];
            figures.Add(new Figure
            {
                Name = $"simulated, {name}",
                Value = rate,
                Unit = "frames/s",
                Reference = string.Create(CultureInfo.InvariantCulture, $"{raw:0} raw commits/s × {perCommit:0.#} frames"),
                ReferenceValue = raw * perCommit,
                Ratio = rate / (raw * perCommit),
                Spread = string.Create(CultureInfo.InvariantCulture, $"each {window} s: {string.Join(' ', rates.Select(one => one.ToString("0", CultureInfo.InvariantCulture)))}; last/first {last:0.00}"),
                Goal = isGoal ? $"≥ {Goal:0} frames/s, flat" : "",
                IsMet = isGoal ? rate >= Goal && last >= 0.8 : null,
            });
            figures.AddRange(perFrame);
        }

        JsonObject Job(string name, int instances, int perSecond, bool blocked = false) =>
            LoadFarm.Job(name, "/bin/true", LoadFarm.Range(seconds * perSecond, blocked), instances);

        JsonObject Python()
        {
            var after = LoadFarm.Job("B", "/bin/true", LoadFarm.Range(1), 1);
            after["status"] = "blocked";
            after["callbacks"] = LoadFarm.Callback("python", "complete-job-A", "import qb\nqb.unblock(qb.jobid())");
            return after;
        }

        JsonObject Linked()
        {
            var b = Job("B", Slots / 2, PerSecond / 2, blocked: true);
            b["callbacks"] = LoadFarm.Callback("qube", "complete-work-A-*", "unblock-work-self");
            return b;
        }

        return new Scenario
        {
            Name = "simulated",
            Title = $"zero-time frames on {Slots} slots for {seconds} s",
            Rounds = 1,
            Init = () =>
            {
                floor = CommitFloor.Open();
                return Task.CompletedTask;
            },
            WarmUp = () => floor.Serial(options.Smoke ? 20 : 300, 50, _ => { }),
            Steps =
            [
                new("alone", () => Run("one job alone", Math.Max(window, seconds / 3), isGoal: false, () => [Job("A", Slots, PerSecond)])),
                new("subscribed", () => Run("python callback on its end subscribed", seconds, isGoal: true, () => [Job("A", Slots, PerSecond), Python()])),
                new("linked", () => Run("A and B linked frame to frame, 8 slots each", seconds, isGoal: true, () => [Job("A", Slots / 2, PerSecond / 2), Linked()])),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(figures),
            Clean = () => floor is null ? Task.CompletedTask : floor.DisposeAsync().AsTask(),
        };
    }

    private static async Task<List<double>> Windows(LoadFarm farm, int seconds, int window)
    {
        var rates = new List<double>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(window));
        var (before, at) = (farm.Launcher.Recorded, Stopwatch.GetTimestamp());
        for (var passed = 0; passed < seconds; passed += window)
        {
            await timer.WaitForNextTickAsync();
            var (now, then) = (farm.Launcher.Recorded, Stopwatch.GetTimestamp());
            rates.Add((now - before) / Stopwatch.GetElapsedTime(at, then).TotalSeconds);
            (before, at) = (now, then);
        }

        return rates;
    }

    /// <summary>A farm that ran out of frames measured its own idleness; one whose frames failed, something else.</summary>
    private static async Task StillRuns(LoadFarm farm, long id)
    {
        var job = (await farm.Jobs(id))[0];
        if (job.GetProperty("status").GetString() != "running" || job.GetProperty("todotally").GetProperty("failed").GetInt32() != 0)
        {
            throw new InvalidOperationException($"expected a running job without failed frames, found {job.GetProperty("status")} {job.GetProperty("todotally")}");
        }
    }
}
