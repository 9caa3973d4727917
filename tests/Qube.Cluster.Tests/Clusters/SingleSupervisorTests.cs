using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>A supervisor and a worker in processes of their own, without a database server.</summary>
[Collection(ClusterFarm.Collection)]
public sealed class SingleSupervisorTests
{
    private const int Frames = 24;

    [Fact]
    public async Task Should_keep_every_promise_when_the_only_supervisor_and_then_the_worker_are_killed()
    {
        await using var farm = await ClusterFarm.StartAsync(new ClusterSetup { Supervisors = 1, Workers = 1, Slots = 4 });
        var linked = LinkedJobs.Run(farm, Frames, "0.2");
        await Ended(farm, linked, Frames / 2);

        await farm.Supervisors[0].Kill();
        await farm.Supervisors[0].StartAgain();
        await Ended(farm, linked, Frames);
        await farm.Workers[0].Kill();
        await farm.Workers[0].StartAgain();

        var answer = await linked;
        farm.Audit(answer, Frames);
    }

    private static Task Ended(ClusterFarm farm, Task linked, int frames) => Eventually.Get(
        $"{frames} frames ended", () => LinkedJobs.Ended(farm), ended => ended >= frames || linked.IsFaulted);
}
