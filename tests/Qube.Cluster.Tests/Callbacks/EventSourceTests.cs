using System.Globalization;
using System.Text.Json;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Callbacks;

/// <summary>Events whose source is no job's log, as a user meets them: through <c>qube up</c>, the Python module and the command line.</summary>
public sealed class EventSourceTests
{
    [Fact]
    public async Task Should_fire_when_users_hosts_and_the_farm_say_something()
    {
        var folder = Directory.CreateTempSubdirectory("qube-universal-").FullName;
        try
        {
            OpenToAll.Folder(folder);
            var csv = Path.Combine(folder, "failed.csv");
            WriteUniversal(folder, csv);
            await using var farm = await FarmProcess.StartAsync(new FarmSetup { Options = ["--universal-callback-path", folder] });

            await PythonScript.Run(farm, "sources.py", "raised", FarmProcess.Executable);
            await PythonScript.Run(farm, "sources.py", "hosts", "farmhost");
            await PythonScript.Run(farm, "sources.py", "globals");
            await PythonScript.Run(farm, "sources.py", "universal", csv);

            Assert.Contains("nothing.txt", farm.Log(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One farm, killed twice: a clock that ticks through it all, and a host that is lost and comes back.</summary>
    [Fact]
    public async Task Should_strike_once_a_second_and_once_for_what_was_missed_when_the_node_is_killed()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup());
        using var jobs = JsonDocument.Parse(await PythonScript.Run(farm, "sources.py", "awaits", "farmhost"));
        var (ticking, waiting) = (jobs.RootElement[0].ToString(), jobs.RootElement[1].ToString());
        await Ticks(farm, ticking, 3);

        farm.KillNode();
        await Eventually.Get("the node dead", () => farm.Pid, pid => pid == 0);
        var dead = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await Eventually.Get("some strikes missed", () => DateTimeOffset.UtcNow.ToUnixTimeSeconds() - dead, missed => missed >= 3);

        // The farm goes on under another host name: the one that was there before never comes.
        await farm.StartAgain("otherhost");
        await PythonScript.Run(farm, "sources.py", "answered", waiting, "1");
        var seconds = await Ticks(farm, ticking, 8);

        var gaps = seconds.Zip(seconds.Skip(1), (before, after) => after - before).ToArray();
        var story = $"strikes {string.Join(' ', seconds)}, dead at {dead}";
        Assert.True(gaps.All(gap => gap > 0), $"a strike was repeated: {story}");
        Assert.True(gaps.Count(gap => gap > 1) == 1, $"expected one gap, the missed strikes being one: {story}");
        Assert.True(gaps.Single(gap => gap > 1) >= 3, $"the gap is where the node was dead: {story}");

        farm.KillNode();
        await Eventually.Get("the node dead", () => farm.Pid, pid => pid == 0);
        await farm.StartAgain("farmhost");
        await PythonScript.Run(farm, "sources.py", "answered", waiting, "2");
        await PythonScript.Run(farm, "sources.py", "answered", waiting, "3");
    }

    private static async Task<long[]> Ticks(FarmProcess farm, string job, int count) =>
        JsonSerializer.Deserialize<long[]>(await PythonScript.Run(farm, "sources.py", "ticks", job, count.ToString(CultureInfo.InvariantCulture)))!;

    /// <summary>The one that is shipped, one more, and a slip.</summary>
    private static void WriteUniversal(string folder, string csv)
    {
        var shipped = Path.Combine(Repository.Root, "config", "callbacks", "failed-frames.py");
        File.WriteAllText(Path.Combine(folder, "failed-frames.py"), $"import os\nos.environ['QUBE_FAILED_FRAMES'] = '{csv}'\n{File.ReadAllText(shipped)}");
        File.WriteAllText(Path.Combine(folder, "submitted.py"), "print('submitted %d' % qb.jobid())\n");
        File.WriteAllText(Path.Combine(folder, "callbacks.conf"), """
            # What every job gets.
            submitted.py = submit-job-self
            failed-frames.py = failed-work-self-*   # the one that is shipped
            nothing.txt = done-job-self

            """);
    }
}
