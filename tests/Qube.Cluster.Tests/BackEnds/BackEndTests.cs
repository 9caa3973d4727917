using System.Text.Json;
using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Qube.Contracts;
using Xunit;

namespace Qube.Cluster.Tests.BackEnds;

/// <summary>Job types on a real farm: <c>qube up</c>, its launcher, and back ends in Python.</summary>
public sealed class BackEndTests
{
    private const int Items = 100;

    public static TheoryData<string> Points => [.. CrashPointNames.BackEnds];

    [Fact]
    public async Task Should_run_a_hundred_items_once_in_three_processes_when_the_node_is_killed_in_the_middle()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Options = TallyJob.Options });
        var job = TallyJob.Run(farm, Items, "0.1");
        await Eventually.Get("a third reported", () => TallyJob.Reported(farm), reported => reported >= Items / 3 || job.IsCompleted);
        farm.KillNode();
        await Eventually.Get("all that is in hand reported, and the back ends told to wait, while no node is there", farm.TraceLines, trace =>
            trace.Count(line => line.StartsWith("begin ", StringComparison.Ordinal)) == trace.Count(line => line.StartsWith("reported ", StringComparison.Ordinal))
            && trace.Any(line => line.StartsWith("waiting ", StringComparison.Ordinal)));
        await farm.StartAgain();

        var answer = await job;

        var context = $"folder {farm.Root}\nnode:\n{farm.Log()}";
        var trace = farm.TraceLines();
        TallyJob.CheckAnswer(answer, Items, context);
        TallyJob.CheckTrace(trace, Items, context);
        var begun = trace.Count(line => line.StartsWith("begin ", StringComparison.Ordinal));
        Assert.True(begun == Items, $"expected {Items} begun, found {begun}: the launcher lived, so nothing runs twice\n{context}");
        var processes = trace.Count(line => line.StartsWith("process ", StringComparison.Ordinal));
        Assert.True(processes == 3, $"expected 3 processes, one for each instance, found {processes}\n{string.Join('\n', trace)}\n{context}");
        var over = await Eventually.Get("the back ends told that there is no more", () => farm.TraceLines().Where(line => line.StartsWith("over ", StringComparison.Ordinal)).ToArray(), lines => lines.Length == 3);
        Assert.All(over, line => Assert.EndsWith(" complete", line, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Should_never_run_a_reported_item_again_when_the_launcher_dies_at(string point)
    {
        var armed = CrashPointList.Armed(point);
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Options = TallyJob.Options, CrashAt = armed });
        farm.KeepAlive(armed);

        var answer = await TallyJob.Run(farm, 30, "0.01");

        var context = $"crash point {armed}, lives {farm.Lives}, folder {farm.Root}\nnode:\n{farm.Log()}";
        Assert.True(File.Exists(farm.CrashFile), $"not passed so often: {context}");
        TallyJob.CheckAnswer(answer, 30, context);
        TallyJob.CheckTrace(farm.TraceLines(), 30, context);
    }

    [Fact]
    public async Task Should_fail_what_was_reported_failed_or_not_reported_when_the_process_exits_with_0()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Options = TallyJob.Options });

        var answer = await TallyJob.Run(farm, 12, "0", """["3"]""", """["7", "8"]""");

        using var json = JsonDocument.Parse(answer);
        var statuses = json.RootElement.GetProperty("agenda").EnumerateArray().ToDictionary(item => item[0].GetString()!, item => item[1].GetString()!);
        Assert.Equal(["3", "7", "8"], statuses.Where(item => item.Value == "failed").Select(item => item.Key));
        Assert.Equal(9, statuses.Count(item => item.Value == "complete"));
    }

    [Fact]
    public async Task Should_reach_the_back_end_between_items_when_its_job_is_preempted_killed_or_blocked()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Options = TallyJob.Options });

        await PythonScript.Run(farm, "backends.py");
    }
}
