using Qube.Contracts.Launching;
using Qube.Node.Launcher;
using Xunit;

namespace Qube.Node.Tests.Launcher;

/// <summary>What a process gets, and what is told of it.</summary>
public sealed class RunningTests
{
    [Fact]
    public async Task Should_tell_start_and_end_when_a_program_exits()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        Assert.Empty(peer.Snapshot.Running);
        Assert.Empty(peer.Snapshot.Finished);

        var ended = peer.Run(rig.Line(0, "/bin/true"));

        Assert.Equal((LaunchOutcome.Exited, 0, 1), (ended.Outcome, ended.Code, ended.Epoch));
        var started = Assert.IsType<LaunchEvent.Started>(peer.Events[1]);
        Assert.Equal((rig.Key(0), 1), (started.Key, started.Epoch));
        Assert.True(started.Pid > 1, $"pid {started.Pid}");
        Assert.True(ended.EndedUnixMs >= started.StartedUnixMs, $"{started} … {ended}");
        Assert.Equal(3, peer.Events.Count);
    }

    /// <summary>The launcher itself goes before everybody; what it starts must not.</summary>
    [Fact]
    public async Task Should_schedule_a_program_in_the_ordinary_way_when_its_launcher_goes_first()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();

        var ended = peer.Run(rig.Line(0, $"chrt -p $$ > {rig.PathOf("scheduling")}; nice >> {rig.PathOf("scheduling")}"));

        Assert.Equal(0, ended.Code);
        var lines = await File.ReadAllLinesAsync(rig.PathOf("scheduling"));
        Assert.Contains(lines, line => line.EndsWith("policy: SCHED_OTHER", StringComparison.Ordinal));
        Assert.Equal("0", lines[^1]);
    }

    /// <summary>By pid and start time a process is known again when its launcher is dead; enough of them that some begin as a tick ends.</summary>
    [Fact]
    public async Task Should_write_down_the_start_time_that_proc_states_when_a_process_starts()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        var started = new List<LaunchEvent.Started>();
        for (var seq = 0; seq < 40; seq++)
        {
            peer.Launcher.Start(rig.Line(seq, "sleep 1000"));
            started.Add(peer.AwaitStarted(rig.Key(seq)));
        }

        Directory.CreateDirectory(rig.PathOf("copy"));
        File.Copy(Path.Combine(rig.Folder, RunFile.FileName), Path.Combine(rig.PathOf("copy"), RunFile.FileName));
        using var copy = RunFile.Open(rig.PathOf("copy"));
        Assert.Equal(
            started.Select(process => (process.Pid, ProcFs.Read(process.Pid)?.StartTicks)),
            started.Select(process => (process.Pid, (long?)copy.State.Running[process.Key].StartTicks)));
    }

    [Theory]
    [InlineData("sh -c 'exit 7'", LaunchOutcome.Exited, 7)]
    [InlineData("exit 9", LaunchOutcome.Exited, 9)]
    [InlineData("kill -SEGV $$", LaunchOutcome.Signaled, 11)]
    [InlineData("kill -KILL $$", LaunchOutcome.Signaled, 9)]
    [InlineData("no-such-program --frame 1", LaunchOutcome.Exited, 127)]
    [InlineData("/no/such/program", LaunchOutcome.Exited, 127)]
    [InlineData("/etc/passwd", LaunchOutcome.Exited, 126)]
    [InlineData("no-such-program | cat; exit 3", LaunchOutcome.Exited, 3)]
    public async Task Should_tell_how_it_ended_when_it_did(string line, LaunchOutcome outcome, int code)
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();

        var ended = peer.Run(rig.Line(0, line));

        Assert.Equal((outcome, code), (ended.Outcome, ended.Code));
    }

    [Fact]
    public async Task Should_say_why_in_the_error_log_when_a_program_cannot_be_started()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();

        peer.Run(rig.Line(0, "no-such-program"));

        Assert.Equal("qube launcher: cannot start 'no-such-program': No such file or directory\n", rig.Text("0.err"));
    }

    [Fact]
    public async Task Should_give_the_environment_as_asked_and_QUBE_RUN_when_it_starts()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        var request = rig.Line(4, "/usr/bin/env") with { Environment = ["B=2 x", "A=ä=1", "QUBE_RUN=another's"] };

        peer.Run(request);

        var lines = rig.Text("4.out").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["B=2 x", "A=ä=1"], lines[..2]);
        Assert.Matches($"^QUBE_RUN=[0-9a-f]{{32}}:{rig.JobId}\\.4\\.0\\.1$", Assert.Single(lines[2..]));
    }

    [Fact]
    public async Task Should_run_in_its_folder_and_append_to_its_logs_when_they_exist()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        File.WriteAllText(rig.PathOf("0.out"), "before\n");

        peer.Run(rig.Line(0, "pwd; echo oops >&2"));

        Assert.Equal($"before\n{rig.Root}\n", rig.Text("0.out"));
        Assert.Equal("oops\n", rig.Text("0.err"));
    }

    [Fact]
    public async Task Should_make_log_folders_and_one_combined_log_when_both_paths_are_the_same()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        var log = rig.PathOf("deep/er/all.log");

        var ended = peer.Run(rig.Line(0, "echo one; echo two >&2; echo three") with { StdoutPath = log, StderrPath = log });

        Assert.Equal(0, ended.Code);
        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(log));
    }

    [Fact]
    public async Task Should_run_in_a_session_of_its_own_with_default_signals_when_started()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();

        peer.Run(rig.Line(0, "cut -d' ' -f1,5,6 /proc/self/stat; grep -E 'Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd"));

        var started = peer.AwaitStarted(rig.Key(0));
        var lines = rig.Text("0.out").Split('\n');
        Assert.Equal($"{started.Pid} {started.Pid}", lines[0][(lines[0].IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        Assert.Equal("SigBlk:\t0000000000000000", lines[1]);

        // Signals 32 and 33 are the C library's own; it lets nobody set them, and some runners hand them down ignored.
        Assert.Equal(0, Convert.ToInt64(lines[2][^8..], 16) & 0x7fffffff);

        // 0 to 2, and the folder that ls itself reads.
        Assert.Equal(["0", "1", "2", "3"], lines[3..^1]);
    }

    [Fact]
    public async Task Should_report_usage_when_it_worked()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();

        var ended = peer.Run(rig.Line(0, "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"));

        Assert.True(ended.Usage.UserMs + ended.Usage.SystemMs > 0 && ended.Usage.MaxRssKiB > 100, $"{ended.Usage}");
    }

    [Fact]
    public async Task Should_end_like_a_shell_when_a_request_cannot_be_a_process()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();

        var empty = peer.Run(rig.Line(0, "x") with { Command = new LaunchCommand.Program([]) });
        var nul = peer.Run(rig.Line(1, "x") with { Command = new LaunchCommand.Program(["/bin/echo", "a\0b"]) });
        var after = peer.Run(rig.Line(2, "/bin/true"));

        Assert.Equal((126, 126, 0), (empty.Code, nul.Code, after.Code));
    }

    [Fact]
    public async Task Should_run_all_once_when_thousands_are_asked_for_at_once()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        const int count = 2000;

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => peer.Launcher.Start(rig.Line(i, "/bin/true") with { StdoutPath = null, StderrPath = null }));
        for (var i = 0; i < count; i++)
        {
            Assert.Equal((LaunchOutcome.Exited, 0), (peer.AwaitEnded(rig.Key(i)).Outcome, peer.AwaitEnded(rig.Key(i)).Code));
        }

        Assert.Equal(count, peer.Events.OfType<LaunchEvent.Ended>().Select(e => e.Key).Distinct().Count());
        Assert.Equal(1 + (2 * count), peer.Events.Count);
    }

    [Fact]
    public async Task Should_load_neither_actors_nor_a_web_server_when_it_is_a_launcher()
    {
        await using var rig = new LaunchRig();
        await rig.ConnectAsync();

        var maps = File.ReadAllText($"/proc/{rig.LauncherPidQuietly()}/maps");

        Assert.Contains("/qube.dll", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("/Akka", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("/Microsoft.AspNetCore", maps, StringComparison.Ordinal);
    }
}
