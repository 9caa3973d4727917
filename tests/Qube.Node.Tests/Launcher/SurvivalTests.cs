using System.Diagnostics;
using System.Globalization;
using Qube.Contracts;
using Qube.Contracts.Launching;
using Qube.Node.Launcher;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Node.Tests.Launcher;

/// <summary>Nodes and launchers that are killed, at points of our choice and at random ones.</summary>
public sealed class SurvivalTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Should_tell_the_next_client_all_when_the_node_is_killed()
    {
        await using var rig = new LaunchRig();
        using var late = new Fifo(rig.PathOf("late"));
        using var later = new Fifo(rig.PathOf("later"));
        using (var node = StartNode(rig, "exit 5", "read x < late; exit 6", "read x < later; echo done; exit 7"))
        {
            Assert.Equal("started", await node.StandardOutput.ReadLineAsync().WaitAsync(LaunchPeer.Limit));
            node.Kill();
            Assert.True(node.WaitForExit(LaunchPeer.Limit));
        }

        late.Open();
        LaunchRig.Until(() => rig.Marked(rig.Key(1)).Count == 0, "the second to end", () => "it runs");
        var peer = await rig.ConnectAsync();
        var running = Assert.Single(peer.Snapshot.Running, r => r.Key == rig.Key(2));
        Assert.Equal(running.Pid, Assert.Single(rig.Marked(rig.Key(2))));
        later.Open();

        LaunchRig.Until(() => EndsOf(peer).Count == 3, "three ends", () => string.Join("; ", peer.Events));
        Assert.Equal([5, 6, 7], EndsOf(peer).OrderBy(e => e.Key.Seq).Select(e => e.Code));
        Assert.Equal("done\n", rig.Text("2.out"));
    }

    [Fact]
    public async Task Should_be_displaced_when_a_newer_client_connects()
    {
        await using var rig = new LaunchRig();
        var first = await rig.ConnectAsync();

        var second = await rig.ConnectAsync();

        first.Await<LaunchEvent.Displaced>(_ => true, "");
        first.Launcher.Start(rig.Line(0, "echo first"));
        second.Run(rig.Line(1, "/bin/true"));
        Assert.Equal("", rig.Text("0.out"));
        Assert.IsType<LaunchEvent.Displaced>(first.Events[^1]);
    }

    [Fact]
    public async Task Should_kill_and_tell_lost_once_when_the_launcher_is_killed()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Run(rig.Line(0, "exit 3"));
        peer.Launcher.Start(rig.Line(1, "echo begun; sleep 1000; echo went on"));
        peer.Launcher.Start(rig.Line(2, "(trap '' TERM; sleep 1000; echo went on) & setsid sleep 1000; echo went on"));
        LaunchRig.Until(() => rig.Marked(rig.Key(2)).Count >= 3 && rig.Text("1.out").Length > 0, "both to run", () => rig.Text("1.out"));
        var launcher = rig.LauncherPidQuietly();

        LaunchRig.KillHard(launcher);

        Assert.Equal((LaunchOutcome.Lost, 0), (peer.AwaitEnded(rig.Key(1)).Outcome, peer.AwaitEnded(rig.Key(1)).Code));
        Assert.Equal(LaunchOutcome.Lost, peer.AwaitEnded(rig.Key(2)).Outcome);
        LaunchRig.Until(() => rig.Marked(rig.Key(1)).Count + rig.Marked(rig.Key(2)).Count == 0, "none alive", () => "some");
        Assert.Equal(0, peer.Run(rig.Line(3, "/bin/true")).Code);
        Assert.NotEqual(launcher, rig.LauncherPidQuietly());
        Assert.Equal([0, 1, 2, 3], EndsOf(peer).Select(e => e.Key.Seq).Order());
        Assert.Equal(("begun\n", ""), (rig.Text("1.out"), rig.Text("2.out")));
    }

    [Fact]
    public async Task Should_mend_when_launcher_and_node_are_both_killed()
    {
        await using var rig = new LaunchRig();
        using (var node = StartNode(rig, "exit 5", "echo begun; sleep 1000; echo went on"))
        {
            Assert.Equal("started", await node.StandardOutput.ReadLineAsync().WaitAsync(LaunchPeer.Limit));
            node.Kill();
            Assert.True(node.WaitForExit(LaunchPeer.Limit));
        }

        LaunchRig.KillHard(rig.LauncherPidQuietly());
        File.AppendAllText(Path.Combine(rig.Folder, "run"), "a torn tail");
        var peer = await rig.ConnectAsync();

        Assert.Empty(peer.Snapshot.Running);
        Assert.Equal(LaunchOutcome.Lost, Assert.Single(peer.Snapshot.Finished, e => e.Key == rig.Key(1)).Outcome);
        Assert.Empty(rig.Marked(rig.Key(1)));
        Assert.Equal(0, peer.Run(rig.Line(2, "/bin/true")).Code);
    }

    [Fact]
    public async Task Should_know_the_exit_code_when_node_and_launcher_were_both_dead_at_the_end()
    {
        await using var rig = new LaunchRig();
        using var late = new Fifo(rig.PathOf("late"));
        using (var node = StartNode(rig, "read x < late; echo done; exit 6"))
        {
            Assert.Equal("started", await node.StandardOutput.ReadLineAsync().WaitAsync(LaunchPeer.Limit));
            node.Kill();
            Assert.True(node.WaitForExit(LaunchPeer.Limit));
        }

        // Held, so that the end surely comes before anybody can mend.
        var keeper = rig.KeeperPid();
        Libc.Kill(keeper, Libc.SIGSTOP);
        LaunchRig.KillHard(rig.LauncherPidQuietly());
        late.Open();
        LaunchRig.Until(() => rig.Marked(rig.Key(0)).Count == 0, "it to end", () => "it runs");
        Libc.Kill(keeper, Libc.SIGCONT);
        var peer = await rig.ConnectAsync();

        var end = Assert.Single(peer.Snapshot.Finished);
        Assert.Equal((rig.Key(0), LaunchOutcome.Exited, 6), (end.Key, end.Outcome, end.Code));
        Assert.Equal("done\n", rig.Text("0.out"));
    }

    [Fact]
    public async Task Should_go_on_without_its_keeper_when_that_is_killed()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        LaunchRig.KillHard(rig.KeeperPid());

        Assert.Equal(7, peer.Run(rig.Line(0, "exit 7")).Code);
        LaunchRig.KillHard(rig.LauncherPidQuietly());
        Assert.Equal(8, peer.Run(rig.Line(1, "exit 8")).Code);
        Assert.True(rig.KeeperPid() > 1);
    }

    [Fact]
    public async Task Should_end_with_its_renders_when_it_gets_SIGTERM()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Launcher.Start(rig.Line(0, "sleep 1000; echo went on"));
        peer.AwaitStarted(rig.Key(0));

        Libc.Kill(rig.LauncherPidQuietly(), Libc.SIGTERM);

        Assert.Equal(LaunchOutcome.Lost, peer.AwaitEnded(rig.Key(0)).Outcome);
        Assert.Equal(0, peer.Run(rig.Line(1, "/bin/true")).Code);
    }

    public static TheoryData<string> CrashPointsOfTheLauncher()
    {
        var points = new TheoryData<string>();
        foreach (var name in CrashPointNames.Launcher)
        {
            points.Add($"{name}:3");
        }

        return points;
    }

    /// <summary>True exit codes even here, because the dead launcher's children become the client's.</summary>
    [Theory]
    [MemberData(nameof(CrashPointsOfTheLauncher))]
    public async Task Should_run_each_key_once_and_tell_one_end_when_the_launcher_dies_at_a_crash_point(string point)
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync(crashAt: point);
        const int count = 8;

        for (var i = 0; i < count; i++)
        {
            peer.Launcher.Start(rig.Line(i, $"sleep 0.0{i}; echo end >> {i}.ends"));
        }

        for (var i = 0; i < count; i++)
        {
            peer.AwaitEnded(rig.Key(i));
        }

        Assert.True(File.Exists(rig.PathOf("crashed")), $"{point} was not passed three times");
        CheckEnds(rig, peer, count);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Should_run_each_key_once_and_tell_one_end_when_the_launcher_is_killed_at_random(int seed)
    {
        output.WriteLine($"seed {seed}");
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        var random = new Random(seed);
        var asked = 0;
        for (var kill = 0; kill < 5; kill++)
        {
            for (var upTo = asked + random.Next(5, 40); asked < upTo; asked++)
            {
                peer.Launcher.Start(rig.Line(asked, $"sleep 0.00{random.Next(10)}; echo end >> {asked}.ends"));
            }

            // A kill after so many ends lands in the middle of the others' lives.
            var ends = asked - random.Next(1, 5);
            LaunchRig.Until(() => EndsOf(peer).Count >= ends, $"{ends} ends", () => $"{EndsOf(peer).Count}");
            LaunchRig.KillHard(rig.LauncherPidQuietly());
        }

        for (var i = 0; i < asked; i++)
        {
            peer.AwaitEnded(rig.Key(i));
        }

        CheckEnds(rig, peer, asked);
    }

    /// <summary>What the crash point after the spawn may leave: an intent, and a child that came to us and is dead.</summary>
    [Fact]
    public void Should_learn_the_exit_code_when_only_an_intent_names_an_adopted_child_that_has_ended()
    {
        var root = Directory.CreateTempSubdirectory("qube-adopt-").FullName;
        try
        {
            using var run = RunFile.Open(root);
            run.AppendBoot(ProcFs.BootId());
            var request = new LaunchRequest(new LaunchKey(1, 0, 0, 1), 1, new LaunchCommand.ShellLine("exit 6"), [], null, null, null);
            run.Append(new IntentRecord(request.Key, 1, 1000, Libc.BootMs() * Libc.TicksPerSecond / 1000));
            var frame = new FrameWriter(1024);
            StartCommand.Write(ref frame, request);
            var reader = new FrameReader(frame.Written);
            _ = reader.Key();
            _ = reader.Int32();
            var pid = new Spawner().Spawn(reader.Bytes(reader.Remaining), $"QUBE_RUN={run.Mark(request.Key)}").Pid;
            LaunchRig.Until(() => ProcFs.Read(pid) is { Dead: true }, "a zombie", () => $"{ProcFs.Read(pid)}");

            RunFileMending.Mend(run, static _ => -1, LaunchPeer.Limit);

            var ended = Assert.Single(run.State.Ended.Values);
            Assert.Equal((LaunchOutcome.Exited, 6), (ended.Outcome, ended.Code));
            Assert.Null(ProcFs.Read(pid));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>What is left when a launcher dies that another node had started: its children went to init.</summary>
    [Fact]
    public void Should_learn_the_exit_code_from_a_pidfd_when_another_has_reaped_the_process()
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "read x; exit 5"]) { RedirectStandardInput = true })!;
        var record = new StartedRecord(new LaunchKey(1, 0, 0, 1), 1, process.Id, ProcFs.Read(process.Id)!.Value.StartTicks, 1000);
        var fd = ProcFs.OpenVerified(record.Pid, record.StartTicks);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(LaunchPeer.Limit));

        var exit = ExitStatusOf.Learn(record, fd, out var child);
        Libc.Close(fd);

        // The kernel keeps it from 6.15 on; before, it is not known, and must not pass for a success.
        Assert.Equal(Environment.OSVersion.Version >= new Version(6, 15) ? new ExitStatus(true, 5, default) : null, exit);
        Assert.False(child);
    }

    private static List<LaunchEvent.Ended> EndsOf(LaunchPeer peer) =>
        [.. peer.Events.OfType<LaunchEvent.Ended>().Concat(peer.Snapshot.Finished)];

    private static void CheckEnds(LaunchRig rig, LaunchPeer peer, int count)
    {
        var ends = EndsOf(peer);
        Assert.Equal(Enumerable.Range(0, count), ends.Select(e => e.Key.Seq).Order());
        foreach (var end in ends)
        {
            var times = rig.Text($"{end.Key.Seq}.ends").Split('\n').Length - 1;
            Assert.True(times <= 1, $"{end.Key} ran to its end {times} times");
            Assert.True(end.Outcome != LaunchOutcome.Exited || (end.Code == 0 && times == 1), $"{end} but {times} ends");
            Assert.Empty(rig.Marked(end.Key));
        }
    }

    private static Process StartNode(LaunchRig rig, params string[] lines)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Qube.Node.Tests.dll"));
        start.ArgumentList.Add(rig.Folder);
        start.ArgumentList.Add(LaunchRig.Executable);
        start.ArgumentList.Add(rig.JobId.ToString(CultureInfo.InvariantCulture));
        foreach (var line in lines)
        {
            start.ArgumentList.Add(line);
        }

        return Process.Start(start)!;
    }
}
