using System.Globalization;
using System.Text.Json;
using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>What three supervisors and two workers do together; each test leaves the farm whole.</summary>
[Collection(ClusterFarm.Collection)]
public sealed class ClusterTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>What a dead host had runs elsewhere after its lease and a margin: a short one.</summary>
    private static readonly ClusterSetup s_setup = new() { LeaseSeconds = 30 };

    /// <summary>How many submissions are acknowledged by a supervisor that is killed at once: a few for CI, a hundred for the issue (QUBE_TEST_KILLS=100).</summary>
    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("QUBE_TEST_KILLS") ?? "3", CultureInfo.InvariantCulture);

    private readonly Progress progress = new(output);
    private ClusterFarm farm = null!;

    public async Task InitializeAsync() => farm = await ClusterFarm.StartAsync(s_setup);

    public async Task DisposeAsync() => await farm.DisposeAsync();

    /// <summary>One farm for all of it: starting one takes longer than most of it.</summary>
    [Fact]
    public async Task Should_keep_its_promises_when_supervisors_and_hosts_come_and_go()
    {
        progress.Note("started");
        await Linked_jobs_end_when_all_is_well();
        progress.Note("linked jobs");
        await Large_ones_cross();
        progress.Note("large ones");
        await Acknowledged_jobs_run_when_their_supervisor_is_killed();
        await Frame_runs_elsewhere_and_no_try_is_counted("leaves", worker => worker.Stop());
        progress.Note("a worker left");
        await Frame_runs_elsewhere_and_no_try_is_counted("dies", farm.KillHost);
        progress.Note("a host died");
        farm.ThrowIfAnyEnded();
    }

    private async Task Linked_jobs_end_when_all_is_well()
    {
        const int Frames = 16;
        var answer = await LinkedJobs.Run(farm, Frames, "0.05");
        farm.Audit(answer, Frames);
    }

    private Task Large_ones_cross() => PythonScript.Run(farm, "large.py", farm.UrlOf(0), farm.UrlOf(1));

    /// <summary>Each of them in its turn. Where it is started again at once its shards are nowhere, and then its own; that the others take them is
    /// <see cref="FailoverTests"/>' part.</summary>
    private async Task Acknowledged_jobs_run_when_their_supervisor_is_killed()
    {
        for (var kill = 0; kill < s_kills; kill++)
        {
            farm.ClearTrace();
            farm.Asked = kill % s_setup.Supervisors;
            var node = farm.Supervisors[farm.Asked];
            await PythonScript.Run(farm, "answered.py", node.Pid.ToString(CultureInfo.InvariantCulture));
            await node.Gone();
            await node.StartAgain();
            await farm.Whole();
            await Eventually.Get($"both frames ended after kill {kill + 1}, of {node.Name}", () => LinkedJobs.Ended(farm), ended => ended >= 2);
            Assert.Equal(["begin A 1", "begin B 1", "end A 1", "end B 1"], farm.TraceLines().Order(StringComparer.Ordinal));
            progress.Note($"kill {kill + 1}, of {node.Name}");
        }
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
