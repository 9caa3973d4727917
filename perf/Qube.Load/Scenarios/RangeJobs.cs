using System.Diagnostics;
using Qube.Actors.Workers;
using Qube.Load.Measure;

namespace Qube.Load.Scenarios;

/// <summary>A job of a million frames: how long until it is acknowledged, and what a waiting frame costs in memory.</summary>
internal static class RangeJobs
{
    private const int Many = 10;

    public static Scenario Create(LoadOptions options)
    {
        var frames = 1_000_000;
        var (accepted, bytes, bytesOfMany) = (new Spread(), new Spread(), new Spread());
        LoadFarm farm = null!;
        var number = 0;

        async Task<long> Submit()
        {
            var ids = await farm.Submit(LoadFarm.Job($"range-{++number}", "/bin/true", LoadFarm.Range(frames), 1));
            return ids[0];
        }

        async Task<double> Grown(int jobs)
        {
            var before = Settled();
            var last = 0L;
            for (var job = 0; job < jobs; job++)
            {
                last = await Submit();
            }

            // Answered by the job itself: it exists and holds its agenda.
            await farm.Jobs(last);
            return (Settled() - before) / (double)(jobs * (long)frames);
        }

        return new Scenario
        {
            Name = "range",
            Title = "jobs of 1,000,000 frames",
            Rounds = options.Rounds ?? (options.Smoke ? 1 : 5),
            Init = async () => farm = await LoadFarm.StartAsync(1, TrueFrames.HoconOf(options), new SimulatedLauncher(TimeProvider.System, _ => new SimulatedRun(TimeSpan.FromHours(1)))),
            WarmUp = async () =>
            {
                // The first takes the only slot, for an hour: all that follow wait.
                await Submit();
                await Submit();
            },
            Steps =
            [
                new("accepted", async () =>
                {
                    var watch = Stopwatch.StartNew();
                    await Submit();
                    accepted.Add(watch.Elapsed.TotalMilliseconds);
                }),
                new("memory of one", async () => bytes.Add(await Grown(1))),
                new($"memory of {Many}", async () => bytesOfMany.Add(await Grown(Many))),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(
            [
                new Figure { Name = "range of 1,000,000 frames accepted over HTTP", Value = accepted.Median, Unit = "ms", Spread = accepted.ToString(), Goal = "< 2,000 ms", IsMet = accepted.Median < 2000 },
                Of("bytes per waiting frame, one job", bytes),
                Of($"bytes per waiting frame, {Many} jobs at once", bytesOfMany),
            ]),
            Clean = () => farm is null ? Task.CompletedTask : farm.DisposeAsync().AsTask(),
        };
    }

    private static Figure Of(string name, Spread bytes) =>
        new() { Name = name, Value = bytes.Median, Unit = "bytes", Spread = bytes.ToString(), Goal = "< 64 bytes", IsMet = bytes.Median < 64 };

    private static long Settled()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
