using System.Text.Json;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Ledger;

/// <summary>What a person sees of callbacks: explain, check, callbacks, refire, through the real node and command line.</summary>
public sealed class LedgerTests
{
    [Fact]
    public async Task Should_name_what_is_missing_when_jobs_are_explained_and_all_that_is_wrong_when_a_file_is_checked()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Slots = 4 });
        var conjunction = string.Join(" && ", Enumerable.Range(1, 500).Select(n => $"complete-work-layout-{n}"));
        var jobs = await Write(farm, "jobs.json", $$$"""
            [
              {"prototype": "cmdrange", "label": "layout", "name": "layout", "cpus": 4, "agenda": {"range": "1-500"}, "package": {"cmdline": "test QB_FRAME_NUMBER != 250"}},
              {"prototype": "cmdline", "label": "comp", "name": "comp", "status": "blocked", "package": {"cmdline": "true"}, "callbacks": [
                {"language": "qube", "code": "unblock-self", "triggers": "{{{conjunction}}}"},
                {"language": "qube", "code": "unblock-self", "triggers": "complete-job-layuot"}]},
              {"prototype": "cmdline", "label": "huge", "name": "huge", "reservations": "host.processors=64", "package": {"cmdline": "true"}}
            ]
            """);

        var planned = await QubeCli.Run(farm, 0, "check", jobs);
        Assert.Contains("  <- layout: complete-work … -> unblock-self (500 times)", planned, StringComparison.Ordinal);
        Assert.Contains("jobs.json: would create 3 jobs, 500 items, 2 callbacks", planned, StringComparison.Ordinal);
        var bad = await Write(farm, "bad.json", """
            [{"prototype": "cmdline", "label": "a", "package": {"cmdline": "true"}, "callbacks": [{"language": "qube", "code": "unblock-slf", "triggers": "done-jbo-self"}, {"language": "qube", "code": "kill-self", "triggers": "any(3, done-job-self, done-job-9)"}]},
             {"name": "b"}]
            """);
        var wrong = await QubeCli.Run(farm, 1, "check", bad);
        foreach (var expected in (string[])
            [
                "error: job 1 (label a), callbacks[0].code: 'unblock-slf' is no verb; did you mean unblock-self?",
                "error: job 1 (label a), callbacks[0].triggers: column 6: expected one of job,",
                "error: job 1 (label a), callbacks[1].triggers: column 5: expected a number from 1 to 2, found '3'",
                "error: job 2, prototype: a job needs a prototype",
                "bad.json: 4 errors, nothing would be created",
            ])
        {
            Assert.Contains(expected, wrong, StringComparison.Ordinal);
        }

        // Nothing was created by either: the first job is still to come.
        var ids = (await QubeCli.Run(farm, 0, "sub", "--json", jobs)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, ids.Length);
        Assert.Equal(3, (await Json(farm, "jobs", "--json")).GetArrayLength());
        await QubeCli.Until(farm, "layout failed", text => text.Contains("job is failed", StringComparison.Ordinal), "explain", ids[0]);

        // Its callbacks hear of the end a moment after the job itself.
        var explained = await QubeCli.Until(farm, "all but one heard of", text => text.Contains("499 of 500 so far", StringComparison.Ordinal), "explain", ids[1]);
        Assert.Contains("the job is blocked: callback 1 (unblock-self) 'complete-work-layout-250' will not fire unless item 250 of job 250 is run again: it has ended as failed", explained, StringComparison.Ordinal);
        Assert.Contains("… and 496 more that have matched", explained, StringComparison.Ordinal);
        Assert.Contains("complete-job-layuot: can never fire unless a job with the label 'layuot' joins process group", explained, StringComparison.Ordinal);
        Assert.Contains("did you mean 'layout'?", explained, StringComparison.Ordinal);
        var pending = await QubeCli.Until(farm, "what the host lacks", text => text.Contains("host farmhost:", StringComparison.Ordinal), "explain", ids[2]);
        Assert.Contains("host farmhost: needs host.processors=64, ", pending, StringComparison.Ordinal);
        Assert.Contains("item 250 is failed after", await QubeCli.Run(farm, 0, "explain", ids[0] + ":250"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_keep_one_firing_with_both_attempts_when_the_node_is_killed_in_its_script_and_do_it_again_when_asked()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Slots = 2 });
        var go = Path.Combine(farm.Root, "go");
        var script = $"import os, time\\nwith open('{farm.Trace}', 'a') as t: t.write('begin\\\\n')\\nend = time.time() + 100\\nwhile not os.path.exists('{go}') and time.time() < end: time.sleep(0.02)\\nprint('through')";
        var jobs = await Write(farm, "jobs.json", $$"""
            {"prototype": "cmdline", "label": "a", "name": "a", "package": {"cmdline": "true"}, "callbacks": [
              {"language": "python", "triggers": "complete-job-self", "code": "{{script}}"},
              {"language": "python", "triggers": "complete-job-self", "code": "raise ValueError('on purpose')"},
              {"language": "qube", "triggers": "complete-job-self", "code": "suspend-self"}]}
            """);
        var job = (await QubeCli.Run(farm, 0, "sub", "--json", jobs)).Trim();
        await QubeCli.Until(farm, "the script running", text => text.Contains("running", StringComparison.Ordinal), "callbacks", job, "--callback", "1", "--state", "running");
        await Eventually.Get("the script's first line", () => farm.TraceLines().Length, count => count == 1);

        farm.KillNode();
        await Eventually.Get("the node dead", () => farm.Pid, pid => pid == 0);
        farm.KeepAlive();
        await Eventually.Get("the node ready again", () => farm.TimesReady, count => count == 2);
        await Eventually.Get("the script again", () => farm.TraceLines().Length, count => count == 2);
        await File.WriteAllTextAsync(go, "");
        await QubeCli.Until(farm, "all three firings ended", text => Count(text, " done ") == 2 && Count(text, " failed ") == 1, "callbacks", job);

        var firing = Assert.Single((await Json(farm, "callbacks", job, "--callback", "1", "--json")).EnumerateArray());
        Assert.Equal(["cut off again False", "done again True"], Attempts(firing));
        Assert.Equal($"job-{job}", firing.GetProperty("cause").GetProperty("log").GetString());
        Assert.True(firing.GetProperty("attempts")[1].GetProperty("output").GetProperty("len").GetInt64() > 0);
        Assert.Equal("complete-job-self", firing.GetProperty("leaves")[0].GetProperty("pattern").GetString());

        var failed = Assert.Single((await Json(farm, "callbacks", job, "--state", "failed,dead", "--json")).EnumerateArray());
        Assert.Contains("ValueError: on purpose", failed.GetProperty("outcome").GetString(), StringComparison.Ordinal);

        var id = firing.GetProperty("id").GetString()!;
        Assert.Equal($"{id} attempt 3\n", await QubeCli.Run(farm, 0, "refire", id, "--user", "bob"));
        await Eventually.Get("the script a third time", () => farm.TraceLines().Length, count => count == 3);
        var details = await QubeCli.Until(farm, "the third attempt ended", text => text.Contains("attempt 3: done", StringComparison.Ordinal), "callbacks", job, "--firing", id);
        Assert.Contains(" by bob: completed", details, StringComparison.Ordinal);
        await QubeCli.Run(farm, 1, "refire", $"{job}/9/9/9/9");
    }

    private static string[] Attempts(JsonElement firing) =>
        [.. firing.GetProperty("attempts").EnumerateArray().Select(attempt => $"{attempt.GetProperty("state").GetString()} again {attempt.GetProperty("again").GetBoolean()}")];

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task<JsonElement> Json(FarmProcess farm, params string[] arguments)
    {
        using var document = JsonDocument.Parse(await QubeCli.Run(farm, 0, arguments));
        return document.RootElement.Clone();
    }

    private static async Task<string> Write(FarmProcess farm, string name, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(farm.Root, name), text);
        return name;
    }
}
