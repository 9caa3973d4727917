using System.Globalization;
using System.Text.Json;
using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Callbacks;

/// <summary>Scripts that hang, flood, eat and fork, thirty at once in a farm that works: each ends alone and is told of, and nobody else notices.</summary>
public sealed class BadScriptTests
{
    private const int Frames = 20;

    /// <summary>How the words of each's end may begin, beside its time limit: among thirty such a small one may not get to its end before.</summary>
    private static readonly Dictionary<string, string[]> Ends = new()
    {
        ["exits"] = ["failed exited with code 3"],
        ["exits at once"] = ["failed exited with code 4"],
        ["crashes"] = ["failed crashed with signal 11"],
        ["loops"] = [],
        ["forks"] = ["failed killed: over its limit of 64 processes", "failed killed: its user has no more processes, and it has the most of them: "],
        ["floods"] = ["done completed"],
        ["eats"] = ["failed failed: MemoryError", "failed exited with code 1"],
    };

    [Fact]
    public async Task Should_end_each_alone_and_be_told_of_while_a_linked_job_and_its_callbacks_go_on()
    {
        var config = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(config, "qube.scripts { concurrency = 34, time-limit = 15s, memory-limit = 256m, output-limit = 1m }\n");
            await using var farm = await FarmProcess.StartAsync(new FarmSetup { Options = ["--config", config] });
            var linked = LinkedJobs.Run(farm, Frames, "0.1");
            using var bad = JsonDocument.Parse(await PythonScript.Run(farm, "bad.py"));
            var answer = await linked;

            var story = $"folder {farm.Root}, node:\n{farm.Log()}";
            LinkedJobs.CheckAnswer(answer, Frames, story);
            LinkedJobs.CheckTrace(farm.TraceLines(), Frames, story);
            var ends = bad.RootElement.GetProperty("ends").EnumerateArray().Select(end => end.EnumerateArray().Select(word => word.ToString()).ToArray()).ToArray();
            Assert.Equal(30, ends.Length);
            var wrong = ends.Where(end => $"{end[3]} {end[4]}" is var how && how != "failed timed out" && !Array.Exists(Ends[end[1]], known => how.StartsWith(known, StringComparison.Ordinal))).Select(end => string.Join(' ', end));
            Assert.True(!wrong.Any(), $"{story}\nended otherwise than expected:\n{string.Join('\n', wrong)}");
            foreach (var end in ends.Where(end => end[1] == "floods"))
            {
                var log = new FileInfo(Path.Combine(farm.Data, "log", "job", "0", end[0], end[0] + ".cb"));
                Assert.True(log.Length < 1_100_000, string.Create(CultureInfo.InvariantCulture, $"{log} has {log.Length} bytes, with an output limit of 1 MiB"));
            }

            // Zygotes, the node's children beside the keeper, adopt whatever loses its parent: nothing gets away from there.
            await Eventually.Get("no process of a script left", () => string.Join('\n', farm.ScriptProcesses()), left => left.Length == 0);
        }
        finally
        {
            File.Delete(config);
        }
    }
}
