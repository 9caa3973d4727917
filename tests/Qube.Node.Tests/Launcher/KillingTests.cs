using Qube.Contracts.Launching;
using Qube.Node.Launcher;
using Xunit;

namespace Qube.Node.Tests.Launcher;

/// <summary>Idempotence, epochs, and the ends that somebody asks for.</summary>
public sealed class KillingTests
{
    private const int LongSeconds = 1000;
    private static readonly string Long = $"sleep {LongSeconds}";

    [Fact]
    public async Task Should_start_once_when_asked_twice_while_it_runs()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        var request = rig.Line(0, "echo ran; read x < fifo");

        // Held open to the end: what is in a fifo that nobody has open is gone.
        using var fifo = new Fifo(rig.PathOf("fifo"));
        peer.Launcher.Start(request);
        peer.Launcher.Start(request with { Epoch = 2 });
        var again = peer.Await<LaunchEvent.Started>(e => e.Epoch == 2, "under epoch 2");
        Assert.Equal(peer.AwaitStarted(rig.Key(0)).Pid, again.Pid);
        fifo.Open();

        Assert.Equal(2, peer.AwaitEnded(rig.Key(0)).Epoch);
        Assert.Equal("ran\n", rig.Text("0.out"));
    }

    [Fact]
    public async Task Should_answer_with_the_end_when_asked_again_afterwards()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Run(rig.Line(0, "echo ran; exit 3"));

        peer.Launcher.Start(rig.Line(0, "echo ran; exit 3", epoch: 5));

        var ended = peer.Await<LaunchEvent.Ended>(e => e.Epoch == 5, "under epoch 5");
        Assert.Equal((LaunchOutcome.Exited, 3), (ended.Outcome, ended.Code));
        Assert.Equal("ran\n", rig.Text("0.out"));
    }

    [Fact]
    public async Task Should_refuse_when_the_epoch_is_stale()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Run(rig.Line(0, "/bin/true", epoch: 7));

        peer.Launcher.Start(rig.Line(1, "echo ran", epoch: 6));

        var refused = peer.AwaitRefused(rig.Key(1));
        Assert.Equal((6, LaunchRefusal.StaleEpoch, 7), (refused.Epoch, refused.Reason, refused.HighestEpoch));
        Assert.Equal("", rig.Text("1.out"));
    }

    [Fact]
    public async Task Should_neither_tell_nor_run_again_when_forgotten()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Run(rig.Line(0, "echo ran"));
        peer.Run(rig.Line(1, "/bin/true"));

        peer.Launcher.Forget([rig.Key(0)]);
        peer.Launcher.Start(rig.Line(0, "echo ran"));

        Assert.Equal(LaunchRefusal.AlreadyRecorded, peer.AwaitRefused(rig.Key(0)).Reason);
        Assert.Equal("ran\n", rig.Text("0.out"));
        var second = await rig.ConnectAsync();
        Assert.Equal(rig.Key(1), Assert.Single(second.Snapshot.Finished).Key);
    }

    [Fact]
    public async Task Should_end_by_SIGTERM_when_killed_with_grace()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Launcher.Start(rig.Line(0, Long));
        peer.AwaitStarted(rig.Key(0));

        peer.Launcher.Kill(rig.Key(0), TimeSpan.FromSeconds(30));

        Assert.Equal((LaunchOutcome.Signaled, 15), (peer.AwaitEnded(rig.Key(0)).Outcome, peer.AwaitEnded(rig.Key(0)).Code));
    }

    [Fact]
    public async Task Should_end_by_SIGKILL_when_it_ignores_SIGTERM()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Launcher.Start(rig.Line(0, $"trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done"));
        LaunchRig.Until(() => rig.Text("0.out") == "ready\n", "ready", () => rig.Text("0.out"));

        peer.Launcher.Kill(rig.Key(0), TimeSpan.FromMilliseconds(300));

        Assert.Equal((LaunchOutcome.Signaled, 9), (peer.AwaitEnded(rig.Key(0)).Outcome, peer.AwaitEnded(rig.Key(0)).Code));
        Assert.Equal("ready\nasked\n", rig.Text("0.out"));
    }

    [Fact]
    public async Task Should_shorten_the_grace_when_killed_again()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Launcher.Start(rig.Line(0, $"trap '' TERM; echo ready; {Long}; {Long}"));
        LaunchRig.Until(() => rig.Text("0.out") == "ready\n", "ready", () => rig.Text("0.out"));

        peer.Launcher.Kill(rig.Key(0), TimeSpan.FromHours(1));
        peer.Launcher.Kill(rig.Key(0), TimeSpan.Zero);

        Assert.Equal((LaunchOutcome.Signaled, 9), (peer.AwaitEnded(rig.Key(0)).Outcome, peer.AwaitEnded(rig.Key(0)).Code));
    }

    [Theory]
    [InlineData("sleep 1000 & sleep 1000; echo went on")]
    [InlineData("setsid sleep 1000 & setsid sh -c 'sleep 1000; echo went on'; echo went on")]
    [InlineData("(trap '' TERM; sleep 1000; echo went on) & wait")]
    public async Task Should_leave_nothing_alive_when_a_process_with_children_is_killed(string line)
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Launcher.Start(rig.Line(0, line));
        LaunchRig.Until(() => rig.Marked(rig.Key(0)).Count >= 3, "three processes", () => $"{rig.Marked(rig.Key(0)).Count}");

        peer.Launcher.Kill(rig.Key(0), TimeSpan.Zero);
        peer.AwaitEnded(rig.Key(0));

        LaunchRig.Until(() => rig.Marked(rig.Key(0)).Count == 0, "none alive", () => string.Join(' ', rig.Marked(rig.Key(0))));
        Assert.Equal("", rig.Text("0.out"));
    }

    [Fact]
    public async Task Should_leave_nothing_alive_when_the_leader_obeys_and_its_children_do_not()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Launcher.Start(rig.Line(0, $"(trap '' TERM; echo ready; sleep {LongSeconds}) & trap 'exit 4' TERM; wait"));
        LaunchRig.Until(() => rig.Text("0.out") == "ready\n", "ready", () => rig.Text("0.out"));

        peer.Launcher.Kill(rig.Key(0), TimeSpan.FromHours(1));

        Assert.Equal((LaunchOutcome.Exited, 4), (peer.AwaitEnded(rig.Key(0)).Outcome, peer.AwaitEnded(rig.Key(0)).Code));
        LaunchRig.Until(() => rig.Marked(rig.Key(0)).Count == 0, "none alive", () => string.Join(' ', rig.Marked(rig.Key(0))));
    }

    [Fact]
    public async Task Should_refuse_a_kill_when_nothing_is_known_of_the_key()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();

        peer.Launcher.Kill(rig.Key(3), TimeSpan.Zero);

        Assert.Equal(LaunchRefusal.Unknown, peer.AwaitRefused(rig.Key(3)).Reason);
    }

    [Fact]
    public async Task Should_stand_still_while_suspended_and_go_on_when_resumed()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        using var fifo = new Fifo(rig.PathOf("fifo"));
        peer.Launcher.Start(rig.Line(0, "echo ready; read x < fifo; echo done"));
        var pid = peer.AwaitStarted(rig.Key(0)).Pid;
        LaunchRig.Until(() => rig.Text("0.out") == "ready\n", "ready", () => rig.Text("0.out"));

        peer.Launcher.Suspend(rig.Key(0));
        LaunchRig.Until(() => ProcFs.Read(pid)?.State == 'T', "state T", () => $"{ProcFs.Read(pid)}");
        peer.Launcher.Resume(rig.Key(0));
        fifo.Open();

        Assert.Equal((LaunchOutcome.Exited, 0), (peer.AwaitEnded(rig.Key(0)).Outcome, peer.AwaitEnded(rig.Key(0)).Code));
        Assert.Equal("ready\ndone\n", rig.Text("0.out"));
    }

    [Fact]
    public async Task Should_kill_what_runs_when_the_lease_runs_out()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync(leaseSeconds: 1);

        var ended = peer.Run(rig.Line(0, Long));

        Assert.Equal((LaunchOutcome.LeaseExpired, 0), (ended.Outcome, ended.Code));
    }

    [Fact]
    public async Task Should_outlive_its_first_lease_when_that_is_renewed()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync(leaseSeconds: 2);
        peer.Launcher.Start(rig.Line(0, "sleep 5; echo done"));
        var until = DateTime.UtcNow + LaunchPeer.Limit;
        while (!peer.Events.OfType<LaunchEvent.Ended>().Any() && DateTime.UtcNow < until)
        {
            peer.Launcher.RenewLease();
            Thread.Sleep(100);
        }

        Assert.Equal((LaunchOutcome.Exited, 0), (peer.AwaitEnded(rig.Key(0)).Outcome, peer.AwaitEnded(rig.Key(0)).Code));
    }

    [Fact]
    public async Task Should_stay_when_something_runs_and_end_with_it_when_told_to_kill_all()
    {
        await using var rig = new LaunchRig();
        var first = await rig.ConnectAsync();
        first.Launcher.Start(rig.Line(0, Long));
        var pid = first.AwaitStarted(rig.Key(0)).Pid;
        await first.Launcher.ShutdownAsync(killAll: false).WaitAsync(LaunchPeer.Limit);

        var second = await rig.ConnectAsync();
        Assert.Equal(pid, Assert.Single(second.Snapshot.Running).Pid);
        await second.Launcher.ShutdownAsync(killAll: true).WaitAsync(LaunchPeer.Limit);

        Assert.Equal(LaunchOutcome.Lost, second.AwaitEnded(rig.Key(0)).Outcome);
        Assert.Empty(rig.Marked(rig.Key(0)));
        using var free = FileLock.TryTake(rig.Folder);
        Assert.NotNull(free);
    }
}
