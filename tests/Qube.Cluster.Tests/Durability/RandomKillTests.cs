using System.Globalization;
using Qube.Cluster.Tests.Farms;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Cluster.Tests.Durability;

/// <summary>Twenty kills of node and launcher at random moments of two linked jobs of 200 frames. <c>QUBE_TEST_SEED</c> repeats a run's choices.</summary>
public sealed class RandomKillTests(ITestOutputHelper output)
{
    private const int Frames = 200;
    private const int Kills = 20;

    /// <summary>Frame 7 takes 70 ms, frame 12 takes 12, frame 123 also.</summary>
    private const string Seconds = "0.0QB_FRAME_NUMBER";

    [Fact]
    public async Task Should_keep_every_promise_when_node_and_launcher_are_killed_at_random()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("QUBE_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"QUBE_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var farm = await FarmProcess.StartAsync(new FarmSetup());
        farm.KeepAlive();
        var linked = LinkedJobs.Run(farm, Frames, Seconds);
        var endedUnattended = 0;
        var story = new List<string>();
        var killed = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            // Spread over the whole of the work, and anywhere within a frame; every fourth at once, so that it meets what the one before left
            // starting: a node that is not ready, a launcher without a node, both dead.
            var due = (int)(2 * Frames * (kill + random.NextDouble()) / (Kills + 1)) * (random.Next(4) == 0 ? 0 : 1);
            await Eventually.Get($"{due} frames ended (seed {seed})", () => LinkedJobs.Ended(farm), ended => ended >= due || linked.IsCompleted, TimeSpan.FromMinutes(5));
            Assert.False(linked.IsFaulted, linked.Exception?.ToString());
            Assert.False(linked.IsCompleted, $"the work was over after {kill} kills");
            if (random.Next(2) == 0)
            {
                // Whether a node is there or not.
                var launcher = await Eventually.Get("a launcher", farm.LauncherPid, pid => pid > 0 && pid != killed);
                killed = launcher;
                story.Add($"launcher {launcher} after {LinkedJobs.Ended(farm)} frames");
                Signals.Kill(launcher);
                continue;
            }

            await Eventually.Get("a node", () => farm.Pid, pid => pid > 0);
            var (lives, ready, before) = (farm.Lives, farm.TimesReady, LinkedJobs.Ended(farm));
            story.Add($"node {farm.Pid} in life {lives}, ready {ready} times, after {before} frames");
            farm.KillNode();
            await Eventually.Get("another life", () => farm.Lives, now => now > lives);
            if (random.Next(2) == 0)
            {
                // Else the next kill may well meet a node that is still starting.
                await farm.Ready(ready + 1);
                endedUnattended += LinkedJobs.Ended(farm) - before;
            }
        }

        var answer = await linked;

        var context = $"QUBE_TEST_SEED={seed}, folder {farm.Root}\n{string.Join('\n', story)}\nnode:\n{farm.Log()}";
        output.WriteLine(string.Join('\n', story));
        output.WriteLine($"{endedUnattended} frames ended while no node was there");
        Assert.True(endedUnattended > 0, $"no frame ended while no node was there: {context}");
        LinkedJobs.CheckAnswer(answer, Frames, context);
        LinkedJobs.CheckTrace(farm.TraceLines(), Frames, context, cutShort: 1);
    }
}
