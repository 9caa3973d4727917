using Qube.Cluster.Tests.Farms;
using Qube.Contracts;
using Xunit;

namespace Qube.Cluster.Tests.Durability;

/// <summary>What was acknowledged runs, though no client ever comes back.</summary>
public sealed class AcknowledgementTests
{
    private const int Frames = 10;
    private const string Seconds = "0.02";

    [Fact]
    public async Task Should_run_the_jobs_when_the_node_dies_between_acknowledgement_and_creation()
    {
        var armed = CrashPointList.Armed(CrashPointNames.SubmissionAfterAck);
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { CrashAt = armed });
        await LinkedJobs.Run(farm, Frames, Seconds, "once");
        await Eventually.Get("the node dead", () => farm.Pid, pid => pid == 0);
        Assert.True(File.Exists(farm.CrashFile), $"{armed} was not passed:\n{farm.Log()}");
        Assert.Empty(farm.TraceLines());

        farm.KeepAlive();

        await RunsUntouched(farm);
    }

    [Fact]
    public async Task Should_run_the_jobs_when_the_node_is_killed_right_after_it_answered()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup());
        await PythonScript.Run(farm, "answered.py", farm.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await Eventually.Get("the node dead", () => farm.Pid, pid => pid == 0);

        farm.KeepAlive();

        await Eventually.Get("both frames ended", () => LinkedJobs.Ended(farm), ended => ended >= 2);
    }

    private static async Task RunsUntouched(FarmProcess farm)
    {
        const int All = (2 * Frames) + 2;
        await Eventually.Get($"{All} frames ended", () => LinkedJobs.Ended(farm), ended => ended >= All);
        LinkedJobs.CheckTrace(farm.TraceLines(), Frames, $"folder {farm.Root}, its node:\n{farm.Log()}");
    }
}
