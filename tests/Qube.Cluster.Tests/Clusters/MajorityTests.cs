using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>More is lost than a farm of three bears, and one that was thought lost comes back: linked jobs with callbacks are on it all the while.</summary>
[Collection(ClusterFarm.Collection)]
public sealed class MajorityTests(ITestOutputHelper output)
{
    private const int Frames = 60;

    /// <summary>Long enough that work is left for the second part when the first is over.</summary>
    private const string Seconds = "4";

    [Fact]
    public async Task Should_do_no_harm_when_a_frozen_supervisor_wakes_up_and_come_back_with_everything_when_two_of_three_die()
    {
        await using var farm = await ClusterFarm.StartAsync(new ClusterSetup());
        var progress = new Progress(output);

        // Clients ask the one that is still there in the second part.
        var frozen = await farm.HolderOfSingletons();
        farm.Asked = frozen == 2 ? 1 : 2;
        var linked = LinkedJobs.Run(farm, Frames, Seconds);
        await Ended(farm, linked, 8);
        progress.Note("started, and some frames done");

        await Frozen_one_does_no_harm(farm, linked, frozen, progress);
        Assert.True(LinkedJobs.Ended(farm) < (2 * Frames) - 12, $"{LinkedJobs.Ended(farm)} frames: the work is nearly over");
        await Two_die_and_one_returns(farm, linked, progress);

        farm.Audit(await linked, Frames);
        progress.Note("all complete");
    }

    /// <summary>It holds farm and dispatcher, and believes so when it wakes; the others have both by then.</summary>
    private static async Task Frozen_one_does_no_harm(ClusterFarm farm, Task linked, int frozen, Progress progress)
    {
        int[] others = [.. Enumerable.Range(0, farm.Supervisors.Length).Where(n => n != frozen)];
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
    }

    /// <summary>The first of the seeds stays away the longest: neither of those who come back would found a farm by right.</summary>
    private static async Task Two_die_and_one_returns(ClusterFarm farm, Task linked, Progress progress)
    {
        var (last, returning) = (farm.Asked, farm.Asked == 2 ? 1 : 2);
        await Task.WhenAll(farm.Supervisors[0].Kill(), farm.Supervisors[returning].Kill());

        // It is no majority. It says so and ends, for whoever watches over it to start it again.
        Assert.True(await farm.Supervisors[last].Gone() == 1, farm.Supervisors[last].Log());
        Assert.Contains("cut off from the majority", farm.Supervisors[last].Log(), StringComparison.Ordinal);
        progress.Note("two died, and the last one ended");

        await Task.WhenAll(farm.Supervisors[returning].StartAgain(), farm.Supervisors[last].StartAgain());
        await farm.Together(Math.Min(returning, last), Math.Max(returning, last));
        progress.Note("two are back");
        await Ended(farm, linked, LinkedJobs.Ended(farm) + 8);
        progress.Note("frames end again");
        await farm.Supervisors[0].StartAgain();
        await farm.Whole();
        progress.Note("whole again");
    }

    private static Task Ended(ClusterFarm farm, Task linked, int frames) => Eventually.Get(
        $"{frames} frames ended", () => LinkedJobs.Ended(farm), ended => ended >= frames || linked.IsFaulted);
}
