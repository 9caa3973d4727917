using System.Globalization;
using System.Text.Json;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Durability;

/// <summary>Two linked jobs with callbacks (<c>linked.py</c>) and what must be true of them in the end, whatever was killed meanwhile.</summary>
internal static class LinkedJobs
{
    private const int MadeEvery = 8;

    /// <param name="farm">Where they run.</param>
    /// <param name="frames">How many A and B have each.</param>
    /// <param name="seconds">How long a frame sleeps; may hold tokens.</param>
    /// <param name="more">More arguments of the script.</param>
    public static Task<string> Run(IFarm farm, int frames, string seconds, params string[] more) =>
        PythonScript.Run(farm, "linked.py", [frames.ToString(CultureInfo.InvariantCulture), seconds, .. more]);

    /// <summary>How many ends of frames are written down.</summary>
    public static int Ended(IFarm farm) => farm.TraceLines().Count(line => line.StartsWith("end ", StringComparison.Ordinal));

    /// <summary>How many beginnings of frames are written down.</summary>
    public static int Begun(IFarm farm) => farm.TraceLines().Count(line => line.StartsWith("begin ", StringComparison.Ordinal));

    /// <summary>By what the frames wrote: every one ran to its end once, and none of B before its A.</summary>
    /// <param name="trace">What they wrote.</param>
    /// <param name="frames">How many A and B have each.</param>
    /// <param name="context">For the message.</param>
    /// <param name="cutShort">How many may have written their last line and been killed before they were gone, to run again: a launcher that dies
    /// takes with it what still runs, and the line comes a moment before the exit. 0 where no launcher died.</param>
    public static void CheckTrace(string[] trace, int frames, string context, int cutShort = 0)
    {
        var begun = new Dictionary<string, int>();
        var ended = new Dictionary<string, int>();
        var wrong = new List<string>();
        foreach (var line in trace)
        {
            var words = line.Split(' ', 3);
            var frame = $"{words[1]} {words[2]}";
            if (words[0] == "end")
            {
                ended[frame] = ended.GetValueOrDefault(frame) + 1;
                continue;
            }

            begun[frame] = begun.GetValueOrDefault(frame) + 1;
            if (words[1] == "B" && !ended.ContainsKey($"A {words[2]}"))
            {
                wrong.Add($"{frame} began before A {words[2]} had ended");
            }

            if (words[1] == "C" && (ended.Keys.Count(name => name[0] is 'A' or 'B') < 2 * frames))
            {
                wrong.Add($"{frame} began before all of A and B had ended");
            }
        }

        var expected = Enumerable.Range(1, frames).SelectMany(n => (string[])[$"A {n}", $"B {n}"]).Concat(["C 1", "C 2"]);
        wrong.AddRange(expected.Where(frame => ended.GetValueOrDefault(frame) != 1 && !(ended.GetValueOrDefault(frame) == 2 && begun.GetValueOrDefault(frame) == 2 && cutShort-- > 0))
            .Select(frame => $"{frame} began {begun.GetValueOrDefault(frame)} times and ran to its end {ended.GetValueOrDefault(frame)} times"));
        Assert.True(wrong.Count == 0, $"{context}\n{string.Join('\n', wrong)}");
    }

    /// <summary>By what the farm says: all complete, and one firing, with an id of its own, for every cause.</summary>
    public static void CheckAnswer(string json, int frames, string context)
    {
        using var answer = JsonDocument.Parse(json);
        var jobs = answer.RootElement.GetProperty("jobs").EnumerateArray().ToArray();
        foreach (var (job, count) in jobs.Zip([frames, frames, 2]))
        {
            var statuses = job.GetProperty("agenda").EnumerateArray().Select(item => item[1].GetString()!).CountBy(status => status).ToDictionary();
            Assert.True(statuses.Count == 1 && statuses.GetValueOrDefault("complete") == count, $"{context}\nexpected {count} complete, found {string.Join(", ", statuses)}");
        }

        var late = jobs[0].GetProperty("agenda").EnumerateArray().Zip(jobs[1].GetProperty("agenda").EnumerateArray())
            .Where(pair => pair.Item2[2].GetInt64() < pair.Item1[3].GetInt64())
            .Select(pair => $"B {pair.Item2[0]} began at {pair.Item2[2]}, A ended at {pair.Item1[3]}");
        Assert.True(!late.Any(), $"{context}\n{string.Join('\n', late)}");

        CheckFirings(jobs[0], "python", frames, context);
        CheckFirings(jobs[1], "dependency", frames, context);
        CheckFirings(jobs[2], "qube", 1, context);
        string[] makers = jobs[0].GetProperty("callbacks").EnumerateArray().Any(callback => callback.GetProperty("language").GetString() == "perl") ? ["", "perl "] : [""];
        Assert.Equal(
            Enumerable.Range(1, frames).Where(n => n % MadeEvery == 1).SelectMany(n => makers.Select(maker => $"{maker}made by {n}")).Order(StringComparer.Ordinal),
            answer.RootElement.GetProperty("made").EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal));
    }

    private static void CheckFirings(JsonElement job, string language, int count, string context)
    {
        var callback = Assert.Single(job.GetProperty("callbacks").EnumerateArray(), callback => callback.GetProperty("language").GetString() == language);
        var firings = callback.GetProperty("firings").EnumerateArray().Select(firing => (Id: firing[0].GetString()!, Outcome: firing[1].GetString()!)).ToArray();
        Assert.True(
            firings.Length == count && firings.Select(firing => firing.Id).Distinct().Count() == count && callback.GetProperty("count").GetInt32() == count,
            $"{context}\nexpected {count} firings of the {language} callback, found count {callback.GetProperty("count")} and {firings.Length} firings:\n{string.Join('\n', firings)}");
        var bad = firings.Where(firing => language == "python" ? firing.Outcome != "completed" : !firing.Outcome.StartsWith("changed", StringComparison.Ordinal)).ToArray();
        Assert.True(bad.Length == 0, $"{context}\nfirings that ended badly: {string.Join(", ", bad)}");
    }
}
