using System.Globalization;
using Qube.Cluster.Tests.Farms;
using Qube.Domain.Archives;
using Xunit;

namespace Qube.Cluster.Tests.Tools;

/// <summary>Tools for whoever looks after a farm, on a live node.</summary>
[Collection(SharedFarm.Collection)]
public sealed class AdminToolTests(SharedFarm shared) : IDisposable
{
    private readonly ToolRunner _run = new(shared.Farm);
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-tools-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Should_count_a_licence_and_raise_an_event_when_told()
    {
        Assert.Equal("license.tool=3/5\n", await _run.Line(0, "qbupdateresource --name license.tool --total 5 --used 3"));
        Assert.Contains("license.tool=3/5\n", await _run.Line(0, "qbadmin s --resource"), StringComparison.Ordinal);
        Assert.Equal("license.tool=0/2\n", await _run.Line(0, "qbupdateresource -n license.tool -t 2"));
        Assert.Contains("license.tool=0/2\n", await _run.Line(0, "qbadmin s --resource"), StringComparison.Ordinal);
        await _run.Line(2, "qbupdateresource --name license.tool");
        await _run.Line(2, "qbupdateresource --total 2");
        await _run.Line(2, "qbupdateresource --name license.tool --total -2");
        await _run.Line(1, "qbupdateresource --name tool --total 2");

        var id = (await _run.Line(0, "qbsub --status blocked --name asked sleep 0")).Trim();
        Assert.Equal($"ready-job-{id}\n", await _run.Line(0, $"qbadmin s --trigger ready-job-{id}"));
        await _run.Line(0, $"qbkill {id}");
    }

    [Fact]
    public async Task Should_tell_runs_and_the_order_of_a_host_when_asked()
    {
        var running = (await _run.Line(0, "qbsub --cpus 4 --priority 50 --name ordered-1 sleep 600")).Trim();
        await Eventually.Get("it running", () => _run.Values("cpus", running).GetAwaiter().GetResult(), cpus => cpus == "4/4");
        var late = (await _run.Line(0, "qbsub --priority 70 --name ordered-2 sleep 0")).Trim();
        var first = (await _run.Line(0, "qbsub --priority 60 --name ordered-3 sleep 0")).Trim();
        var elsewhere = (await _run.Line(0, "qbsub --priority 1 --hosts nowhere --name ordered-4 sleep 0")).Trim();
        var large = (await _run.Line(0, "qbsub --priority 1 --reservations host.processors=64 --name ordered-5 sleep 0")).Trim();

        // The dispatcher hears of what a job wants a moment after its submission.
        await Eventually.Get(
            "the order of the host",
            () => string.Join(' ', _run.Line(0, "qbjoborder --delimit , farmhost").GetAwaiter().GetResult().Split('\n').Skip(1).Where(line => line.Contains("ordered-", StringComparison.Ordinal)).Select(line => line.Split(',')[1])),
            order => order == $"{running} {first} {late}");
        Assert.Equal("ordered-3", JobArchive.Read(await _run.Line(0, "qbjoborder --xml farmhost")).Single(job => $"{job["id"]}" == first)["name"]!.ToString());
        await _run.Line(1, "qbjoborder nobody");
        await _run.Line(2, "qbjoborder");

        var stats = await _run.Line(0, $"qbstats {running}.3");
        Assert.StartsWith($"{running}.3\n  status=running\n  host=farmhost\n", stats, StringComparison.Ordinal);
        Assert.Equal(4, (await _run.Line(0, $"qbstats {running}")).Split("status=running").Length - 1);
        await _run.Line(1, "qbstats 999999");
        await _run.Line(1, $"qbstats {running}.9");
        await _run.Line(2, "qbstats");
        await _run.Line(0, $"qbkill {running} {late} {first} {elsewhere} {large}");
    }

    [Fact]
    public async Task Should_take_no_submissions_and_start_nothing_while_the_modes_say_so()
    {
        Assert.Equal("reject_submit\n", await _run.Line(0, "qbadmin s --set reject_submit"));
        Assert.Contains("mode=reject_submit", await _run.Line(0, "qbping"), StringComparison.Ordinal);
        await _run.Line(1, "qbsub sleep 0");
        Assert.Equal("stop_activity\n", await _run.Line(0, "qbadmin supervisor --set stop_activity --unset reject_submit"));

        var held = (await _run.Line(0, "qbsub --name held sleep 0")).Trim();
        await Eventually.Get("the reason why it waits", () => _run.Values("reason", held).GetAwaiter().GetResult(), reason => reason.Contains("stop_activity", StringComparison.Ordinal));
        Assert.Equal("pending", await _run.Values("status", held));
        Assert.Equal("", await _run.Line(0, "qbadmin s --unset stop_activity"));
        await Eventually.Get("it done", () => _run.Values("status", held).GetAwaiter().GetResult(), status => status == "complete");
        await _run.Line(1, "qbadmin s --set nonsense");
        await _run.Line(2, "qbadmin w --set reject_submit");

        foreach (var line in (string[])["w --refresh", "w --clearbanned", "l --configuration", "s --find", "s --configuration"])
        {
            Assert.NotEqual("", await _run.Line(0, "qbadmin " + line));
        }

        foreach (var line in (string[])["s --backup", "s --reread", "w --remove farmhost", "w --unremove 00", "w --shutdown farmhost", "w --reconfigure"])
        {
            await _run.Line(1, "qbadmin " + line);
        }
    }

    [Fact]
    public async Task Should_say_what_everybody_may_and_expand_a_configuration_when_asked()
    {
        const string Everybody = "---l jc- krmpbuicseyqg-vftn  [default]\n";
        Assert.Equal(Everybody, await _run.Line(0, "qbusers --list"));
        Assert.Equal("", await _run.Line(0, "qbusers --member bea"));
        await _run.Line(2, "qbusers --kill bea");
        await _run.Line(2, "qbusers --add --kill");
        await _run.Line(2, "qbusers --add --drop bea");
        await _run.Line(1, "qbusers --add --kill a,b");

        Assert.Equal("", await _run.Line(0, "qbusers --add --bump --sudo bea"));
        await _run.Line(0, "qbusers --set --kill --lock cid");
        await _run.Line(0, "qbusers --set --group comp --kill --retry bea cid");
        Assert.Equal(Everybody + "-s-l jc- krmpbuicseyqgpvftn  bea\n---l --- k-----------------  cid\n", await _run.Line(0, "qbusers"));
        Assert.Equal("---- --- k---------y-------  comp  cid\n", await _run.Line(0, "qbusers --member --group comp cid"));
        await _run.Line(0, "qbusers --delete --lock cid");
        await _run.Line(0, "qbusers --drop cid");
        await _run.Line(0, "qbusers --delete bea");
        Assert.Equal(Everybody + "---- --- k-----------------  cid\n", await _run.Line(0, "qbusers --list"));
        Assert.Equal("", await _run.Line(0, "qbusers --member"));
        await _run.Line(0, "qbusers --delete cid");
        Assert.Equal(Everybody, await _run.Line(0, "qbusers root"));
        await _run.Line(1, "qbhash x");
        await _run.Line(1, "qblogin");

        var file = Path.Combine(_folder, "qbwrk.conf");
        await File.WriteAllTextAsync(file, "[default]\nworker_cluster = /\n[r[1-2]]\nworker_description = $_\n");
        Assert.Equal(
            "[default]\nworker_cluster = /\n\n[r1]\nworker_cluster = /\nworker_description = r1\n\n[r2]\nworker_cluster = /\nworker_description = r2\n",
            await _run.Run(0, "qbconfigfile", file));
        await File.WriteAllTextAsync(file, "nonsense");
        await _run.Run(1, "qbconfigfile", file);
        await _run.Run(1, "qbconfigfile", Path.Combine(_folder, "none"));
        await _run.Run(2, "qbconfigfile");
    }

    [Fact]
    public async Task Should_help_whoever_asks_when_it_is_any_tool()
    {
        foreach (var tool in Qube.Node.Tools.QbTools.Names)
        {
            var help = await _run.Run(0, tool, "--help");
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{tool}: "), help, StringComparison.Ordinal);
            Assert.Contains("Exit codes:", help, StringComparison.Ordinal);
        }
    }
}
