using System.Globalization;
using System.Text.Json;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.BackEnds;

/// <summary>A job of the custom type <c>tally</c> (JobTypes/tally) and what must be true of it, whatever was killed meanwhile.</summary>
internal static class TallyJob
{
    public static string[] Options => ["--jobtype-path", Path.Combine(Repository.Root, "tests", "Qube.Cluster.Tests", "JobTypes")];

    public static Task<string> Run(FarmProcess farm, int items, string seconds, params string[] more) =>
        PythonScript.Run(farm, "tally.py", [items.ToString(CultureInfo.InvariantCulture), seconds, .. more]);

    public static int Reported(FarmProcess farm) => farm.TraceLines().Count(line => line.StartsWith("reported ", StringComparison.Ordinal));

    /// <summary>All complete, each with its own result.</summary>
    public static void CheckAnswer(string json, int items, string context)
    {
        using var answer = JsonDocument.Parse(json);
        var wrong = new List<string>();
        var agenda = answer.RootElement.GetProperty("agenda").EnumerateArray().ToArray();
        foreach (var item in agenda)
        {
            var (name, status, result) = (item[0].GetString()!, item[1].GetString(), item[2]);
            if (status != "complete" || Text(result, "outputPaths") != $"/render/{name}.exr" || Text(result, "times") != Number(3 * name.Length)
                || Text(result, "own") != (name == "5" ? "item 5" : ""))
            {
                wrong.Add($"item {name}: {status} {result}");
            }
        }

        Assert.True(wrong.Count == 0 && agenda.Length == items && answer.RootElement.GetProperty("status").GetString() == "complete", $"{context}\n{json}\n{string.Join('\n', wrong)}");
    }

    /// <summary>What a back end knows to be reported is never begun again, and no item is in two processes' hands.</summary>
    public static void CheckTrace(string[] trace, int items, string context)
    {
        var wrong = new List<string>();
        var reported = new HashSet<string>();
        var begun = new HashSet<string>();
        foreach (var words in trace.Select(line => line.Split(' ')))
        {
            switch (words[0])
            {
                case "begin":
                    begun.Add(words[1]);
                    if (reported.Contains(words[1]))
                    {
                        wrong.Add($"item {words[1]} was begun after it had been reported");
                    }

                    break;
                case "reported":
                    if (!reported.Add(words[1]))
                    {
                        wrong.Add($"item {words[1]} was reported twice");
                    }

                    break;
            }
        }

        Assert.True(wrong.Count == 0 && begun.Count == items, $"{context}\n{begun.Count} of {items} begun\n{string.Join('\n', wrong)}");
    }

    private static string Text(JsonElement result, string name) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
