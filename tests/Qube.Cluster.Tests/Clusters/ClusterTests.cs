using System.Globalization;
using System.Text.Json;
using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>What three supervisors and two workers do together; each test leaves the farm whole.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private static readonly ClusterSetup s_setup = new();
    private ClusterFarm farm = null!;

    public async Task InitializeAsync() => farm = await ClusterFarm.StartAsync(s_setup);

    public async Task DisposeAsync() => await farm.DisposeAsync();

    /// <summary>One farm for all of it: starting one takes longer than most of it.</summary>
    [Fact]
    public async Task Should_keep_its_promises_when_supervisors_and_hosts_come_and_go()
    {
        await Linked_jobs_end_when_all_is_well();
        await Large_ones_cross();
        for (var supervisor = 0; supervisor < s_setup.Supervisors; supervisor++)
        {
            await Acknowledged_jobs_run_when_their_supervisor_is_killed(supervisor);
        }

        await Frame_runs_elsewhere_and_no_try_is_counted("leaves", worker => worker.Stop());
        await Frame_runs_elsewhere_and_no_try_is_counted("dies", farm.KillHost);
    }

    private async Task Linked_jobs_end_when_all_is_well()
    {
        const int Frames = 16;
        var answer = await LinkedJobs.Run(farm, Frames, "0.05");
        LinkedJobs.CheckAnswer(answer, Frames, farm.Log());
        LinkedJobs.CheckTrace(farm.TraceLines(), Frames, farm.Log());
    }

    private Task Large_ones_cross() => PythonScript.Run(farm, "large.py", farm.UrlOf(0), farm.UrlOf(1));

    private async Task Acknowledged_jobs_run_when_their_supervisor_is_killed(int supervisor)
    {
        farm.ClearTrace();
        farm.Asked = supervisor;
        var node = farm.Supervisors[supervisor];
        await PythonScript.Run(farm, "answered.py", node.Pid.ToString(CultureInfo.InvariantCulture));
        await node.Gone();

        await Eventually.Get($"both frames ended without {node.Name}", () => LinkedJobs.Ended(farm), ended => ended >= 2);
        await node.StartAgain();
        await farm.Whole();
        Assert.Equal(2, LinkedJobs.Ended(farm));
    }

    private async Task Frame_runs_elsewhere_and_no_try_is_counted(string how, Func<NodeProcess, Task> lose)
    {
        farm.ClearTrace();
        var submitted = JsonDocument.Parse(await PythonScript.Run(farm, "hostloss.py", "submit", how, Path.Combine(farm.Root, how))).RootElement;
        var host = submitted.GetProperty("host").GetString()!;
        var worker = farm.Workers.Single(one => one.Name == host);

        await lose(worker);

        var ended = JsonDocument.Parse(await PythonScript.Run(farm, "hostloss.py", "watch", submitted.GetProperty("id").GetRawText())).RootElement;
        Assert.NotEqual(host, ended.GetProperty("host").GetString());
        Assert.Equal([$"begin {how} 7", $"begin {how} 7", $"end {how} 7"], farm.TraceLines().Order(StringComparer.Ordinal));
        await worker.StartAgain();
    }
}
