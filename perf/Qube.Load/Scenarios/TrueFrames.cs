using System.Diagnostics;
using Qube.Load.Measure;

namespace Qube.Load.Scenarios;

/// <summary>W1: frames of <c>/bin/true</c> on 2 slots, real processes, durable; from the submission's first byte to the last frame's end in the
/// journal, against what bare posix_spawn does with the same argument vector at the same moment.</summary>
internal static class TrueFrames
{
    private const int Slots = 2;

    private static readonly string[] Arguments = ["/bin/true"];

    public static Scenario Create(LoadOptions options)
    {
        var frames = options.Smoke ? 100 : 1000;
        var (floor, one, each, ratios, ratiosEach) = (new Spread(), new Spread(), new Spread(), new Spread(), new Spread());
        LoadFarm farm = null!;
        Costs costs = null!;
        long recorded = 0;
        long measuredFrom = 0;

        async Task<double> Rate(int jobs)
        {
            var watch = Stopwatch.StartNew();
            var ids = await farm.Submit([.. Enumerable.Range(0, jobs).Select(job => LoadFarm.Job($"w1-{job}", "/bin/true", LoadFarm.Range(frames / jobs), Slots / jobs))]);
            recorded += frames;
            await farm.Recorded(recorded);
            var rate = frames / watch.Elapsed.TotalSeconds;
            await farm.Completed(ids);
            return rate;
        }

        return new Scenario
        {
            Name = "w1",
            Title = $"{frames} frames of /bin/true, {Slots} slots",
            Rounds = options.Rounds ?? (options.Smoke ? 1 : 7),
            Init = async () => farm = await LoadFarm.StartAsync(Slots, HoconOf(options)),
            WarmUp = async () =>
            {
                SpawnFloor.PerSecond(Arguments, 100, Slots);
                for (var round = 0; round < (options.Smoke ? 1 : 3); round++)
                {
                    await Rate(1);
                }

                costs = Costs.Begin(farm.Journal);
                measuredFrom = recorded;
            },
            Steps =
            [
                new("spawn floor", () => Task.Run(() => floor.Add(SpawnFloor.PerSecond(Arguments, frames, Slots)))),
                new("one job of 2 instances", async () =>
                {
                    one.Add(await Rate(1));
                    ratios.Add(one.Last / floor.Last);
                }),
                new("one job per slot", async () =>
                {
                    each.Add(await Rate(Slots));
                    ratiosEach.Add(each.Last / floor.Last);
                }),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(
            [
                Of("W1 one job, cpus=2", one, floor, ratios),
                Of("W1 a job per slot", each, floor, ratiosEach),
                .. costs.PerFrame("W1", recorded - measuredFrom),
            ]),
            Clean = () => farm is null ? Task.CompletedTask : farm.DisposeAsync().AsTask(),
        };
    }

    internal static string HoconOf(LoadOptions options) => options.Hocon is null ? "" : File.ReadAllText(options.Hocon);

    private static Figure Of(string name, Spread rate, Spread floor, Spread ratios) => new()
    {
        Name = name,
        Value = rate.Median,
        Unit = "frames/s",
        Reference = "posix_spawn from .NET, 2 at once",
        ReferenceValue = floor.Median,
        Ratio = ratios.Median,
        Spread = ratios.ToString(),
        Goal = "ratio ≥ 0.4",
        IsMet = ratios.Median >= 0.4,
    };
}
