using System.Diagnostics;
using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>Two linked jobs with callbacks on three supervisors, of which one after another dies or leaves: with the dispatcher, with the jobs, in good
/// order.</summary>
[Collection(ClusterFarm.Collection)]
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const int Frames = 60;

    /// <summary>Two at a time of each job: long enough that all three losses come in the middle of the work.</summary>
    private const string Seconds = "4";

    [Fact]
    public async Task Should_keep_every_promise_when_one_supervisor_after_another_is_killed_or_leaves()
    {
        await using var farm = await ClusterFarm.StartAsync(new ClusterSetup());
        var linked = LinkedJobs.Run(farm, Frames, Seconds);

        await Ended(farm, linked, Frames / 10);
        await Lose(farm, linked, await farm.HolderOfSingletons(), "kill the holder of the dispatcher", inGoodOrder: false);

        // The first job of an empty farm.
        const long FirstJob = 250;
        await Lose(farm, linked, await farm.HolderOf(FirstJob), "kill the holder of the first job", inGoodOrder: false);
        await Lose(farm, linked, await farm.HolderOfSingletons(), "stop the holder of the dispatcher", inGoodOrder: true);

        var answer = await linked;
        farm.Audit(answer, Frames);
    }

    /// <summary>The farm goes on without it, before it is back.</summary>
    private async Task Lose(ClusterFarm farm, Task linked, int victim, string how, bool inGoodOrder)
    {
        var before = LinkedJobs.Ended(farm);
        Assert.True(before < (2 * Frames) - 10, $"the work was nearly over ({before} frames) before this: {how}");
        output.WriteLine($"{how} (supervisor {victim + 1}) after {before} frames");
        var node = farm.Supervisors[victim];
        farm.Asked = (victim + 1) % farm.Supervisors.Length;
        var gone = Stopwatch.StartNew();
        if (inGoodOrder)
        {
            Assert.True(await node.Stop() == 0, node.Log());
        }
        else
        {
            await node.Kill();
        }

        var (clock, left) = (Stopwatch.StartNew(), LinkedJobs.Begun(farm));
        await Eventually.Get("another frame begun", () => LinkedJobs.Begun(farm), begun => begun > left || linked.IsFaulted);
        output.WriteLine($"  gone after {gone.Elapsed.TotalSeconds:0.0} s, another frame begun {clock.Elapsed.TotalSeconds:0.0} s later (for information)");
        await Ended(farm, linked, LinkedJobs.Ended(farm) + 8);
        await node.StartAgain();
        await farm.Whole();
    }

    private static Task Ended(ClusterFarm farm, Task linked, int frames) => Eventually.Get(
        $"{frames} frames ended", () => LinkedJobs.Ended(farm), ended => ended >= frames || linked.IsFaulted);
}
