using Qube.Contracts.Launching;
using Xunit;

namespace Qube.Node.Tests.Launcher;

/// <summary>One process that takes items and reports them, whoever its client is (DESIGN.md, "Back ends").</summary>
public sealed class BackEndTests
{
    private const string Ask = """echo '{"call":"requestwork"}' >&3; read -r item <&3; echo "$item" >>taken; """;

    private static string Report(string key, string status) =>
        $$$"""echo '{"call":"reportwork","key":"{{{key}}}","status":"{{{status}}}","result":{"n":"ä"}}' >&3; read -r answer <&3; """;

    private static LaunchRequest Item(LaunchRig rig, int seq, string line) =>
        rig.Line(seq, line) with { BackEnd = new BackEndItem(1, $$"""{"key":"{{rig.Key(seq)}}","status":"running"}""") };

    [Fact]
    public async Task Should_tell_the_next_client_what_was_reported_and_go_on_in_the_same_process_when_the_first_has_left()
    {
        await using var rig = new LaunchRig();
        var first = await rig.ConnectAsync();
        var line = $"while [ ! -e go ]; do sleep 0.01; done; {Ask}{Report(rig.Key(0).ToString(), "complete")}{Ask}{Report(rig.Key(1).ToString(), "failed")}exit 7";
        first.Launcher.Start(Item(rig, 0, line));
        var process = first.Await<LaunchEvent.Started>(one => one.Key.IsBackEnd, "of the back end");
        Assert.DoesNotContain(first.Events, one => one is LaunchEvent.Started { Key.Seq: 0 });
        await first.DisposeAsync();

        // Given, and taken by nobody: the next client gives it again.
        var next = await rig.ConnectAsync();
        Assert.Equal(process.Key, Assert.Single(next.Snapshot.Running).Key);
        next.Launcher.Start(Item(rig, 0, line));
        await File.WriteAllTextAsync(rig.PathOf("go"), "");
        next.AwaitEnded(rig.Key(0));
        await next.DisposeAsync();

        var last = await rig.ConnectAsync();
        var reported = Assert.Single(last.Snapshot.Finished);
        Assert.Equal((rig.Key(0), LaunchOutcome.Exited, 0, """{"n":"ä"}"""), (reported.Key, reported.Outcome, reported.Code, reported.Result));
        last.Launcher.Start(Item(rig, 0, line));
        Assert.Equal(reported, last.AwaitEnded(rig.Key(0)));
        var failed = last.Run(Item(rig, 1, "exit 99"));
        Assert.Equal((LaunchOutcome.Exited, 1), (failed.Outcome, failed.Code));
        Assert.Equal(7, last.AwaitEnded(process.Key).Code);
        Assert.Equal(2, (await File.ReadAllLinesAsync(rig.PathOf("taken"))).Length);
    }

    [Fact]
    public async Task Should_fail_the_item_in_hand_when_the_process_exits_with_0_and_has_not_reported()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();

        var ended = peer.Run(Item(rig, 0, Ask + "exit 0"));
        var untaken = peer.Run(Item(rig, 1, "exit 0"));

        Assert.Equal((LaunchOutcome.Exited, 1, ""), (ended.Outcome, ended.Code, ended.Result));
        Assert.Equal((LaunchOutcome.Exited, 1, ""), (untaken.Outcome, untaken.Code, untaken.Result));
        Assert.Equal(2, peer.Events.OfType<LaunchEvent.Ended>().Count(end => end.Key.IsBackEnd && end.Code == 0));
    }

    [Fact]
    public async Task Should_lose_what_no_process_has_taken_when_one_ends_that_has_worked_or_the_item_is_killed()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Launcher.Start(Item(rig, 0, Ask + Report(rig.Key(0).ToString(), "complete") + "while [ ! -e go ]; do sleep 0.01; done"));
        peer.AwaitEnded(rig.Key(0));
        peer.Launcher.Start(Item(rig, 1, "true"));
        peer.Launcher.Kill(rig.Key(1), TimeSpan.Zero);
        Assert.Equal(LaunchOutcome.Lost, peer.AwaitEnded(rig.Key(1)).Outcome);
        Assert.DoesNotContain(peer.Events, one => one is LaunchEvent.Ended { Key.IsBackEnd: true });

        peer.Launcher.Start(Item(rig, 2, "true"));
        await File.WriteAllTextAsync(rig.PathOf("go"), "");

        Assert.Equal(LaunchOutcome.Lost, peer.AwaitEnded(rig.Key(2)).Outcome);
    }

    [Fact]
    public async Task Should_say_goodbye_with_the_status_given_when_the_back_end_is_closed()
    {
        await using var rig = new LaunchRig();
        var peer = await rig.ConnectAsync();
        peer.Launcher.Start(Item(rig, 0, Ask + Report(rig.Key(0).ToString(), "complete") + Ask + "exit 5"));
        peer.AwaitEnded(rig.Key(0));

        peer.Launcher.CloseBackEnd(rig.JobId, 0, 1, "blocked");

        Assert.Equal(5, peer.Await<LaunchEvent.Ended>(end => end.Key.IsBackEnd, "of the back end").Code);
        Assert.Equal("""{"status":"blocked"}""", (await File.ReadAllLinesAsync(rig.PathOf("taken")))[1]);
    }
}
