using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Durability;

/// <summary>SIGTERM: a farm with nothing to do leaves no process behind, at whatever moment it comes.</summary>
public sealed class StopTests
{
    /// <summary>Far below the lease, after which a forgotten launcher would go by itself.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task Should_leave_no_process_when_it_is_stopped_while_it_starts_and_after_work()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Slots = 2 });
        await Stop(farm, "as soon as it was ready");

        farm.StartNode(crashAt: null);
        await Eventually.Get("a keeper", farm.Processes, all => all.Any(one => one.Contains(" keeper ", StringComparison.Ordinal)));
        await Stop(farm, "with its launcher just born");

        await farm.StartAgain();
        await QubeCli.Run(farm, 0, "sub", "--waiton", "true");
        await Stop(farm, "after work");
    }

    private static async Task Stop(FarmProcess farm, string when)
    {
        var code = await farm.Stop();
        Assert.True(code == 0, $"stopped {when}: expected exit code 0, found {code}\n{farm.Log()}");
        await Eventually.Get($"no process of the farm stopped {when}", () => string.Join('\n', farm.Processes()), left => left.Length == 0, Limit);
    }
}
