using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Durability;

/// <summary>The promises of design §4 at every named crash point. In classes of their own, so that two farms run beside each other.</summary>
public abstract class CrashPointTests
{
    private const int Frames = 20;
    private const string Seconds = "0.02";

    protected static async Task Keep(string point)
    {
        var armed = CrashPointList.Armed(point);
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { CrashAt = armed });
        farm.KeepAlive(armed);

        var answer = await LinkedJobs.Run(farm, Frames, Seconds);

        var context = $"crash point {armed}, lives {farm.Lives}, folder {farm.Root}, its node:\n{farm.Log()}";
        Assert.True(File.Exists(farm.CrashFile), $"not passed so often: {context}");
        LinkedJobs.CheckAnswer(answer, Frames, context);
        LinkedJobs.CheckTrace(farm.TraceLines(), Frames, context, cutShort: point.StartsWith("launcher", StringComparison.Ordinal) ? 1 : 0);
    }

    /// <summary>The point is armed at the second start, in the middle of the work: what begins there is a recovery.</summary>
    protected static async Task KeepWhenRecovering(string point)
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup());
        var linked = LinkedJobs.Run(farm, Frames, Seconds);
        await Eventually.Get("a quarter of the work done", () => farm.TraceLines().Length, lines => lines >= Frames);
        farm.KillNode();
        farm.KeepAlive(CrashPointList.Armed(point));

        var answer = await linked;

        var context = $"crash point {point} while recovering, lives {farm.Lives}, folder {farm.Root}, its node:\n{farm.Log()}";
        Assert.True(File.Exists(farm.CrashFile), $"not passed so often: {context}");
        LinkedJobs.CheckAnswer(answer, Frames, context);
        LinkedJobs.CheckTrace(farm.TraceLines(), Frames, context, cutShort: point.StartsWith("launcher", StringComparison.Ordinal) ? 1 : 0);
    }
}
