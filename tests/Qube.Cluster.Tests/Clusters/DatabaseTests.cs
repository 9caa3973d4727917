using System.Net;
using System.Text;
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
                Assert.Contains("try again", answer, StringComparison.Ordinal);
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
