using System.Diagnostics;
using Qube.Cluster.Tests.Farms;
using Qube.Domain.Archives;
using Xunit;

namespace Qube.Cluster.Tests.Tools;

/// <summary>The tools on a live node.</summary>
[Collection(SharedFarm.Collection)]
public sealed class ToolTests(SharedFarm shared) : IDisposable
{
    private readonly ToolRunner _run = new(shared.Farm);
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-tools-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Should_run_to_the_end_when_a_hundred_frames_with_a_callback_are_imported()
    {
        OpenToAll.Folder(_folder);
        var (archive, again, done) = (Path.Combine(_folder, "a.xja"), Path.Combine(_folder, "b.xja"), Path.Combine(_folder, "done"));
        await _run.Run(0, "qbsub", "--export", archive, "--name", "hundred", "--range", "1-100", "--cpus", "4", "--postexec", $"touch {done}", "test QB_FRAME_NUMBER -gt 0;");
        Assert.Contains("100", await _run.Run(0, "qbarchive", "--delimit", ";", archive), StringComparison.Ordinal);

        await _run.Run(0, "qbsub", "--import", archive, "--export", again);
        Assert.Equal(await File.ReadAllTextAsync(archive), await File.ReadAllTextAsync(again));
        var id = (await _run.Run(0, "qbsub", "-waiton", "--import", archive, "--priority", "10")).Trim();

        // The list is told of a job's progress a moment after it.
        await Eventually.Get("the list complete", () => _run.Values("name,priority,status,%", id).GetAwaiter().GetResult(), row => row == "hundred;10;complete;100");
        await Eventually.Get("the callback's file", () => File.Exists(done), exists => exists);
        var job = JobArchive.Read(await _run.Line(0, $"qbjobs --xml {id}"))[0];
        Assert.Equal("100", job["todotally"]!["complete"]!.ToString());
        Assert.Contains("work state: complete", await _run.Line(0, $"qbhist {id}"), StringComparison.Ordinal);
        Assert.Equal("hundred", Resubmission.Of(job)["name"]!.ToString());
    }

    [Fact]
    public async Task Should_move_jobs_through_their_states_when_they_are_controlled()
    {
        var id = (await _run.Run(0, "qbsub", "--status", "blocked", "--name", "moved-1", "--range", "1-4", "--kind", "k", "--pgrp", "0", "test QB_FRAME_NUMBER -ne 3;")).Trim();
        var other = (await _run.Run(0, "qbsub", "--status", "blocked", "--name", "moved-2", "sleep", "0")).Trim();

        Assert.Equal("blocked", await _run.Values("status", id));
        Assert.Equal($"{id} {other}", (await _run.Line(0, "qbjobs --name ~^moved- --blocked --delimit ; --columns id")).Replace("id\n", "", StringComparison.Ordinal).Trim().Replace('\n', ' '));
        await _run.Line(1, $"qbkill --pending {id} {other}");
        await _run.Line(1, "qbkill --name moved-* --kind none 0");
        Assert.Equal(id, (await _run.Line(0, "qbmodify --mpriority 7 --mnotes x --name moved-1 0")).Trim());
        Assert.Equal("7;x", await _run.Values("priority,notes", id));
        Assert.Contains($"{id}:2", await _run.Line(0, $"qbkill --work {id}:2"), StringComparison.Ordinal);

        await _run.Line(0, $"qbunblock --blocked {id} {other}");
        await Eventually.Get("both done", () => _run.Values("status", $"{id} {other}").GetAwaiter().GetResult(), states => states == "failed complete");
        Assert.Equal($"{id}:3", string.Join(' ', (await _run.Line(0, $"qbrequeue --workfailed {id}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Contains(':', StringComparison.Ordinal))));
        await _run.Line(0, $"qbkill {id}");
        await _run.Line(0, $"qbretry --killed --failed {id}");
        await Eventually.Get("run again", () => _run.Values("status", id).GetAwaiter().GetResult(), state => state == "failed");
        Assert.Contains($"<id>{other}</id>", await _run.Line(0, $"qbremove --complete --xml {id} {other}"), StringComparison.Ordinal);
        Assert.Equal(id, (await _run.Line(0, $"qbremove {id}")).Trim());
        await _run.Line(1, $"qbjobs {id}");
    }

    [Fact]
    public async Task Should_act_on_what_runs_when_it_runs()
    {
        var id = (await _run.Line(0, "qbsub --cpus 2 --name runs sleep 600")).Trim();
        await Eventually.Get("it running", () => _run.Values("cpus", id).GetAwaiter().GetResult(), cpus => cpus == "2/2");

        Assert.Contains($"{id}.0", await _run.Line(0, $"qbsuspend --running {id}.0"), StringComparison.Ordinal);
        Assert.Contains($"{id}.0", await _run.Line(0, $"qbresume {id}"), StringComparison.Ordinal);
        Assert.Contains($"{id}.", await _run.Line(0, $"qbinterrupt --subjobrunning {id}"), StringComparison.Ordinal);
        await Eventually.Get("it running again", () => _run.Values("cpus", id).GetAwaiter().GetResult(), cpus => cpus == "2/2");
        foreach (var verb in (string[])["qbshove", "qbtop", "qbbottom", "qbblock --subjob"])
        {
            Assert.Contains(id, await _run.Line(0, $"{verb} {id}"), StringComparison.Ordinal);
        }

        Assert.Contains("subjobstatus", await _run.Line(0, $"qbjobs --status --times --long --data {id}"), StringComparison.Ordinal);
        await _run.Line(0, $"qbkill {id}");
        Assert.Equal("killed", await _run.Values("status", id));
    }

    [Fact]
    public async Task Should_list_and_tell_when_asked()
    {
        var id = (await _run.Run(0, "qbsub", "--waiton", "--name", "told", "--cluster", "/lab", "--account", "acc", "--flags", "disable_cpu_limit", "echo out; echo err >&2")).Trim();

        Assert.Equal("out\n", string.Concat((await _run.Line(0, $"qbout {id}")).Split('\n').Where(line => line == "out").Select(line => line + "\n")));
        Assert.Equal("err\n", string.Concat((await _run.Line(0, $"qberr --pos -4 {id}.0")).Split('\n').Where(line => line == "err").Select(line => line + "\n")));
        Assert.Contains("out", await _run.Line(0, $"qbout --follow --sleep 1 {id}"), StringComparison.Ordinal);
        Assert.StartsWith("total: 0/1 cpu(s)  0/0 work\n", await _run.Line(0, $"qbjobs --complete {id}"), StringComparison.Ordinal);
        foreach (var filter in (string[])
            ["--user ann", "--user all", "--cluster /lab", "--name told", "--name t*", "--name ~^told$", "--type cmdline", "--label *", "--priority 9999", "--pid 1", "--done",
             "--flags disable_cpu_limit", "--expression job.cpus==1", "--sortby priority --reverse"])
        {
            Assert.Contains(id, (await _run.Line(0, $"qbjobs {filter} --delimit , --columns id")).Split('\n'));
        }

        foreach (var filter in (string[])["--user bob", "--name tol", "--running", "--flags elite", "--expression job.cpus>1"])
        {
            Assert.DoesNotContain(id, (await _run.Line(0, $"qbjobs {filter} --delimit , --columns id 0")).Split('\n'));
        }

        Assert.Contains("(=(cmdline=", await _run.Line(0, $"qbjobs --data {id}"), StringComparison.Ordinal);
        Assert.Contains("<comment>", await _run.Line(0, $"qbhist --xml {id}"), StringComparison.Ordinal);
        Assert.Contains("Title: priorityVstatus", await _run.Line(0, "qbsummary"), StringComparison.Ordinal);
        Assert.Contains("acc", await _run.Line(0, "qbsummary --avs --tvw --cvs --clusters --width 5"), StringComparison.Ordinal);
        Assert.Equal(2, (await _run.Line(0, "qbsummary -l")).Split("Title:").Length - 1);
        await _run.Line(1, "qbhist 999999");
        await _run.Line(2, "qbout");
        await _run.Line(2, "qbjobs --expression (");
    }

    [Fact]
    public async Task Should_list_lock_and_open_hosts_when_asked()
    {
        Assert.Equal("name,state,slots\nfarmhost,active,0/4\n", (await _run.Line(0, "qbhosts --active --delimit , --columns name,state,slots")).Replace("1/4", "0/4", StringComparison.Ordinal));
        Assert.Contains("farmhost", await _run.Line(0, "qbhosts --xml --resources host.processors>=1 farm*"), StringComparison.Ordinal);
        Assert.Contains("cmdline", await _run.Line(0, "qbhosts -l"), StringComparison.Ordinal);
        await _run.Line(1, "qbhosts nobody");
        await _run.Line(0, "qbhosts --down --cluster / --group x");

        Assert.Equal("farmhost\n", await _run.Line(0, "qblock --range 0-1 farmhost"));
        Assert.Contains("host.processor_1=1", await _run.Line(0, "qbhosts --columns locks"), StringComparison.Ordinal);
        Assert.Equal("farmhost\n", await _run.Line(0, "qblock --active --purge"));
        Assert.Equal("farmhost\n", await _run.Line(0, "qblock --unlock farmhost"));
        Assert.Equal("farmhost\n", await _run.Line(0, "qbunlock --all"));
        Assert.DoesNotContain("processor", await _run.Line(0, "qbhosts --columns locks"), StringComparison.Ordinal);
        await _run.Line(2, "qblock");
        await _run.Line(1, "qblock nobody");

        Assert.StartsWith("supervisor - active - tag: ", await _run.Line(0, "qbping --timeout 20"), StringComparison.Ordinal);
        Assert.True(long.TryParse((await _run.Line(0, "qbping --time")).Trim(), out _));
        await _run.Line(3, "qbping --supervisor 127.0.0.1:1");
        Assert.Equal("", await _run.Line(0, "qbping --sleep 0"));
        Assert.Contains("farmhost", await _run.Line(0, "qbadmin w --list"), StringComparison.Ordinal);
        Assert.Contains("farmhost", await _run.Line(0, "qbadmin w --config farmhost"), StringComparison.Ordinal);
        Assert.Contains("farmhost", await _run.Line(0, "qbadmin worker --assignments farmhost"), StringComparison.Ordinal);
        Assert.StartsWith("supervisor - ", await _run.Line(0, "qbadmin s --list"), StringComparison.Ordinal);
        Assert.Contains("version = ", await _run.Line(0, "qbadmin supervisor --configuration"), StringComparison.Ordinal);
        await _run.Line(1, "qbadmin w --reboot farmhost");
        await _run.Line(2, "qbadmin --list");
    }

    [Fact]
    public async Task Should_be_the_tool_it_is_called_by_when_the_links_are_made()
    {
        var made = await Start(FarmProcess.Executable, "tools", _folder);
        Assert.Contains(Path.Combine(_folder, "qbsub"), made, StringComparison.Ordinal);
        await Start(FarmProcess.Executable, "tools", _folder);

        var id = (await Start(Path.Combine(_folder, "qbsub"), "-waiton", "true")).Trim();
        Assert.Contains(id, await Start(Path.Combine(_folder, "qbjobs"), "--delimit", ",", "--complete", id), StringComparison.Ordinal);
        Assert.StartsWith("qbkill: ", await Start(Path.Combine(_folder, "qbkill"), "--help"), StringComparison.Ordinal);
        Assert.StartsWith("qbping ", await Start(FarmProcess.Executable, "qbping", "--version"), StringComparison.Ordinal);
    }

    private async Task<string> Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["QB_SUPERVISOR"] = shared.Farm.Url;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {process.ExitCode}\n{output}\n{await error}");
        return output;
    }
}
