using System.Globalization;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Operations;

/// <summary>What a monitoring system reads of a farm that works.</summary>
[Collection(SharedFarm.Collection)]
public sealed class MetricsTests(SharedFarm shared)
{
    [Fact]
    public async Task Should_count_what_the_farm_does_when_metrics_are_scraped()
    {
        var before = await Scrape();
        await PythonScript.Run(shared.Farm, "measured.py");

        var after = await Scrape();

        Assert.Equal(5, Grown("qube_frames_ended_total", "status=\"complete\""));
        Assert.Equal(1, Grown("qube_frames_ended_total", "status=\"failed\""));
        Assert.Equal(4, after.Where(line => line.Key.StartsWith("qube_slots{", StringComparison.Ordinal)).Sum(line => line.Value));
        Assert.Equal(1, Value(after, "qube_hosts", "state=\"active\""));
        Assert.True(Grown("qube_journal_write_seconds_count") > 0);
        Assert.True(Grown("qube_journal_events_total") >= Grown("qube_journal_write_seconds_count"), "at least one event for each commit");
        Assert.True(Grown("qube_dispatch_wait_seconds_count") >= 2, "each of the two jobs had an instance placed");
        Assert.True(Grown("qube_callback_lag_seconds_count") > 0);
        Assert.Contains(after.Keys, key => key.StartsWith("qube_callback_oldest_seconds", StringComparison.Ordinal));
        Assert.Contains(after.Keys, key => key.StartsWith("qube_mailbox_depth{", StringComparison.Ordinal) && key.Contains("actor=\"journal\"", StringComparison.Ordinal));

        // Counted no oftener than every few seconds, so not at once.
        await Eventually.Get("a held job with three frames counted", () => Held().GetAwaiter().GetResult(), found => found is { Jobs: >= 1, Frames: >= 3 });
        await PythonScript.Run(shared.Farm, "measured.py", "over");

        async Task<(double Jobs, double Frames)> Held()
        {
            var lines = await Scrape();
            return (Value(lines, "qube_jobs", "status=\"blocked\""), Value(lines, "qube_frames", "status=\"pending\""));
        }

        double Grown(string name, string label = "") => Value(after, name, label) - Value(before, name, label);
    }

    /// <summary>The sum of a metric's lines that have the label; 0 when there is none.</summary>
    private static double Value(Dictionary<string, double> lines, string name, string label = "") =>
        lines.Where(line => (line.Key == name || line.Key.StartsWith(name + "{", StringComparison.Ordinal)) && line.Key.Contains(label, StringComparison.Ordinal)).Sum(line => line.Value);

    /// <summary>Each line's name with labels, and its value, of the text format (a time may follow the value).</summary>
    private async Task<Dictionary<string, double>> Scrape()
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri(shared.Farm.Url + "/metrics"));
        return text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToDictionary(
            line => line[..End(line)],
            line => double.Parse(line[(End(line) + 1)..].Split(' ')[0], CultureInfo.InvariantCulture));

        static int End(string line) => line.Contains('}', StringComparison.Ordinal) ? line.LastIndexOf('}') + 1 : line.IndexOf(' ', StringComparison.Ordinal);
    }
}
