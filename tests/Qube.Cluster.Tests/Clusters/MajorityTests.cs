using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>More is lost than a farm of three bears, and one that was thought lost comes back: linked jobs with callbacks are on it all the while.</summary>
[Collection(ClusterFarm.Collection)]
public sealed class MajorityTests(ITestOutputHelper output)
{
    private const int Frames = 40;
    private const string Seconds = "2";

    /// <summary>The first two seeds die, so that those who come back include no founder by right.</summary>
    [Fact]
    public async Task Should_stop_and_come_back_with_everything_when_two_of_three_supervisors_die_and_one_returns()
    {
        var progress = new Progress(output);
        await using var farm = await ClusterFarm.StartAsync(new ClusterSetup());
        farm.Asked = 2;
        var linked = LinkedJobs.Run(farm, Frames, Seconds);
        await Ended(farm, linked, Frames / 4);
        progress.Note("a quarter done");

        await Task.WhenAll(farm.Supervisors[0].Kill(), farm.Supervisors[1].Kill());

        // It is no majority. It says so and ends, for whoever watches over it to start it again.
        Assert.True(await farm.Supervisors[2].Gone() == 1, farm.Supervisors[2].Log());
        Assert.Contains("cut off from the majority", farm.Supervisors[2].Log(), StringComparison.Ordinal);
        progress.Note("the last one ended");

        // The first of the list stays away: neither of these would found a farm by itself.
        await Task.WhenAll(farm.Supervisors[1].StartAgain(), farm.Supervisors[2].StartAgain());
        await farm.Together(1, 2);
        progress.Note("two are back");
        await Ended(farm, linked, LinkedJobs.Ended(farm) + 8);
        progress.Note("frames end again");
        await farm.Supervisors[0].StartAgain();
        await farm.Whole();
        progress.Note("whole again");

        var answer = await linked;
        farm.Audit(answer, Frames);
    }

    /// <summary>It holds farm and dispatcher, and believes so when it wakes; the others have both by then.</summary>
    [Fact]
    public async Task Should_do_no_harm_when_a_supervisor_that_was_frozen_and_removed_wakes_up()
    {
        var progress = new Progress(output);
        await using var farm = await ClusterFarm.StartAsync(new ClusterSetup());
        var frozen = await farm.HolderOfSingletons();
        int[] others = [.. Enumerable.Range(0, farm.Supervisors.Length).Where(n => n != frozen)];
        farm.Asked = others[0];
        var linked = LinkedJobs.Run(farm, Frames, Seconds);
        await Ended(farm, linked, Frames / 4);
        progress.Note("a quarter done");

        farm.Supervisors[frozen].Freeze();
        await farm.Together(others);
        progress.Note("the others have removed the frozen one");
        await Ended(farm, linked, LinkedJobs.Ended(farm) + 8);
        progress.Note("frames end without it");

        farm.Supervisors[frozen].Thaw();
        Assert.True(await farm.Supervisors[frozen].Gone() == 1, farm.Supervisors[frozen].Log());
        progress.Note("thawed, it ended");
        await farm.Supervisors[frozen].StartAgain();
        await farm.Whole();
        progress.Note("whole again");

        var answer = await linked;
        farm.Audit(answer, Frames);
    }

    private static Task Ended(ClusterFarm farm, Task linked, int frames) => Eventually.Get(
        $"{frames} frames ended", () => LinkedJobs.Ended(farm), ended => ended >= frames || linked.IsFaulted);
}
