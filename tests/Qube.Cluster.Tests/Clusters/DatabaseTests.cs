using System.Diagnostics;
using System.Net;
using System.Text;
using Npgsql;
using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>The database of a whole farm goes away while it works, and comes back.</summary>
[Collection(ClusterFarm.Collection)]
public sealed class DatabaseTests(ITestOutputHelper output)
{
    private const int Frames = 24;

    /// <summary>Of each frame: what runs when the database goes ends well before it is back.</summary>
    private const string Seconds = "3";

    private const string Refused = """{"jobs":[{"name":"refused","prototype":"cmdline","package":{"cmdline":"true"}}]}""";

    [Fact]
    public async Task Should_refuse_submissions_and_lose_nothing_when_the_database_is_away()
    {
        var progress = new Progress(output);
        await using var farm = await ClusterFarm.StartAsync(new ClusterSetup());
        var linked = LinkedJobs.Run(farm, Frames, Seconds);
        await Ended(farm, linked, Frames / 2);
        progress.Note("half of A done");

        farm.Database.StopAtOnce();
        var begun = LinkedJobs.Begun(farm);
        try
        {
            // Each supervisor says no, and why; so the outage is as long as clients wait.
            foreach (var (status, answer) in await Task.WhenAll(Enumerable.Range(0, farm.Supervisors.Length).Select(supervisor => Submit(farm.UrlOf(supervisor)))))
            {
                output.WriteLine(answer);
                Assert.True(status == HttpStatusCode.ServiceUnavailable, $"expected 503, found {(int)status}: {answer}");
                Assert.Contains("try again; the database", answer, StringComparison.Ordinal);
            }

            // Nothing of theirs is lost or begun anew: what ran has ended, and waits with its worker.
            await Ended(farm, linked, begun);
            Assert.False(linked.IsCompleted);
            progress.Note("refused by all, and what ran has ended");
        }
        finally
        {
            farm.Database.Start();
        }

        await Ended(farm, linked, begun + 1);
        progress.Note("back, and a frame of after has ended");
        var answered = await linked;
        farm.Audit(answered, Frames);
        progress.Note("all complete");
        await List_is_made_anew(farm);
        progress.Note("the list made anew");
    }

    /// <summary>From the logs alone, once nobody is on them.</summary>
    private static async Task List_is_made_anew(ClusterFarm farm)
    {
        var running = await Rebuild(farm);
        Assert.Contains("stop all of them first", running, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(farm.Supervisors.Select(supervisor => supervisor.Stop())), code => Assert.Equal(0, code));
        await using var database = new NpgsqlConnection(farm.ConnectionString);
        await database.OpenAsync();
        var listed = await Listed();
        await using (var damage = new NpgsqlCommand("UPDATE jobs SET status = 'lost', version = version + 1000 WHERE id = 250; DELETE FROM jobs WHERE id = 251", database))
        {
            await damage.ExecuteNonQueryAsync();
        }

        await Rebuild(farm);
        Assert.Equal(listed, await Listed());

        async Task<object?> Listed()
        {
            await using var list = new NpgsqlCommand("SELECT string_agg(id || ' ' || status || ' ' || name, ', ' ORDER BY id) FROM jobs", database);
            return await list.ExecuteScalarAsync();
        }
    }

    private static async Task<string> Rebuild(ClusterFarm farm)
    {
        using var process = Process.Start(new ProcessStartInfo(FarmProcess.Executable, ["rebuild", "--db", farm.ConnectionString]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return string.Concat(said);
    }

    private static async Task<(HttpStatusCode Status, string Answer)> Submit(string url)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        using var body = new StringContent(Refused, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri($"{url}/api/v1/jobs"), body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static Task Ended(ClusterFarm farm, Task linked, int frames) => Eventually.Get(
        $"{frames} frames ended", () => LinkedJobs.Ended(farm), ended => ended >= frames || linked.IsFaulted);
}
