using Qube.Cluster.Tests.BackEnds;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Flights;

/// <summary>Flight checks, flags about instances, the path map and back ends in perl, on a real farm (spec/jobs.md §1.1, §4, §10, §11).</summary>
public sealed class FlightTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("qube-checks-").FullName;

    public FlightTests()
    {
        OpenToAll.Folder(folder);
        foreach (var place in (string[])["instance/pre", "instance/post", "agenda/pre", "agenda/post"])
        {
            Directory.CreateDirectory(Path.Combine(folder, place));
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Should_run_the_checks_of_jobs_and_of_the_host_and_heed_the_flags_when_jobs_ask_for_it()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup
        {
            Options = [.. TallyJob.Options, "--flight-check-path", folder, "--worker-path-map", "/render=/mnt/render", "--migrate-timeout-seconds", "1"],
        });

        await PythonScript.Run(farm, "flights.py", folder);
        await PythonScript.Run(farm, "flags.py");
    }

    [Fact]
    public async Task Should_lose_and_repeat_no_check_when_the_node_is_killed_during_each_kind_of_them()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Options = TallyJob.Options });
        WriteChecks();
        var jobs = PythonScript.Run(farm, "flightkill.py", folder);
        foreach (var moment in (string[])["begin-cmdrange-before-", "begin-tallypl-itembefore-1", "begin-cmdrange-itemafter-2", "begin-tallypl-after-"])
        {
            await Eventually.Get(moment, farm.TraceLines, lines => lines.Contains(moment) || jobs.IsCompleted);
            farm.KillNode();
            await Eventually.Get("the node dead", () => farm.Pid, pid => pid == 0);
            await farm.StartAgain();
        }

        var answer = await jobs;

        var trace = farm.TraceLines().Where(line => line.Contains("-cmdrange-", StringComparison.Ordinal) || line.Contains("-tallypl-", StringComparison.Ordinal)).ToArray();
        var expected = new List<string>();
        foreach (var kind in (string[])["cmdrange", "tallypl"])
        {
            string[] names = ["before-", .. Items("itembefore"), .. Items("itemafter"), .. kind == "cmdrange" ? Items("work") : [], "after-"];
            expected.AddRange(names.SelectMany(name => (string[])[$"begin-{kind}-{name}", $"end-{kind}-{name}"]));
        }

        var context = $"folder {farm.Root}\n{answer}\nnode:\n{farm.Log()}";
        Assert.True(expected.Order().SequenceEqual(trace.Order()), $"expected each once:\n{string.Join('\n', expected)}\nfound\n{string.Join('\n', trace)}\n{context}");
        Assert.True(answer.Trim() == """[["complete", ["complete", "complete", "complete"], [["complete", 1]]], ["complete", ["complete", "complete", "complete"], [["complete", 1]]]]""", context);
        Assert.Equal(["begin 1", "begin 2", "begin 3"], farm.TraceLines().Where(line => line.StartsWith("begin ", StringComparison.Ordinal)).Select(line => line[..7]));
    }

    [Fact]
    public async Task Should_make_a_check_again_and_no_other_when_the_launcher_dies_with_it()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Options = TallyJob.Options });
        WriteChecks();
        var job = PythonScript.Run(farm, "flightkill.py", folder, "cmdrange");
        foreach (var moment in (string[])["begin-cmdrange-before-", "begin-cmdrange-after-"])
        {
            await Eventually.Get(moment, farm.TraceLines, lines => lines.Contains(moment) || job.IsCompleted);
            Signals.Kill(farm.LauncherPid());
        }

        var answer = await job;

        // A check that the launcher took along has begun once more than it has ended; one that was over already is not made again.
        var context = $"{answer}\n{string.Join('\n', farm.TraceLines())}\nfolder {farm.Root}\nnode:\n{farm.Log()}";
        Assert.True(answer.Trim() == """[["complete", ["complete", "complete", "complete"], [["complete", 1]]]]""", context);
        int Count(string line) => farm.TraceLines().Count(seen => seen == line);
        Assert.All((string[])[.. Items("itembefore"), .. Items("work"), .. Items("itemafter")], name => Assert.True(Count($"begin-cmdrange-{name}") == 1 && Count($"end-cmdrange-{name}") == 1, $"{name}\n{context}"));
        Assert.All((string[])["before", "after"], name => Assert.True(Count($"end-cmdrange-{name}-") == 1 && Count($"begin-cmdrange-{name}-") <= 2, $"{name}\n{context}"));
    }

    private void WriteChecks()
    {
        foreach (var (name, item) in (ReadOnlySpan<(string, string)>)[("before", ""), ("after", ""), ("itembefore", "$QB_FRAME_NUMBER"), ("itemafter", "$QB_FRAME_NUMBER")])
        {
            Write(name, $"echo begin-$KIND-{name}-{item} >>$TRACE\nsleep 0.5\necho end-$KIND-{name}-{item} >>$TRACE\n");
        }
    }

    private static string[] Items(string name) => [$"{name}-1", $"{name}-2", $"{name}-3"];

    private void Write(string name, string lines)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, "#!/bin/sh\n" + lines);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }
}
