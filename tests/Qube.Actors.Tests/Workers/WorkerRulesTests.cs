using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Contracts.Launching;
using Xunit;

namespace Qube.Actors.Tests.Workers;

/// <summary>The rules of one node against a simulated launcher and a job that is the test itself.</summary>
public sealed class WorkerRulesTests
{
    private static readonly JobId s_job = new(7);

    private readonly ManualTime _time = new();
    private readonly List<object> _said = [];
    private readonly SimulatedNode _node;
    private TimeSpan _duration = TimeSpan.FromSeconds(10);
    private int _exitCode;

    public WorkerRulesTests() => _node = new SimulatedNode("r1", _time, _ => new SimulatedRun(_duration, _exitCode), _said.Add);

    private IEnumerable<WorkerMessages.Report> Reports => _said.OfType<WorkerMessages.Report>();

    [Fact]
    public void Should_report_an_end_at_once_when_the_instance_runs_dry()
    {
        _node.Receive(Sync(items: Items(1)));

        Pass(_duration);

        var end = Assert.Single(Reports.SelectMany(report => report.Ended));
        Assert.Equal((0, 1, EndOutcome.Succeeded), (end.Seq, end.Attempt, end.Outcome));
        Assert.Equal(0, Reports.Last().InHand);
    }

    [Fact]
    public void Should_run_the_instances_own_command_when_the_job_has_no_agenda()
    {
        _exitCode = 3;
        _node.Receive(Sync(items: [new WorkerMessages.RunItem { Seq = -1, Attempt = 1 }]));

        Pass(_duration);

        var end = Assert.Single(Reports.SelectMany(report => report.Ended));
        Assert.Equal((-1, EndOutcome.Failed, 3), (end.Seq, end.Outcome, end.ExitCode));
        _node.Receive(HandOut(recorded: [-1, 1], leave: true));
        AssertNothingLeft();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5000)]
    public void Should_run_all_in_order_in_reports_below_the_limit_when_many_are_handed_out_ahead(int count)
    {
        _duration = TimeSpan.Zero;

        _node.Receive(Sync(items: Items(count)));
        _node.HoldOver();

        var ended = Reports.SelectMany(report => report.Ended).ToArray();
        Assert.Equal(Enumerable.Range(0, count), ended.Select(end => end.Seq));
        Assert.All(Reports, report => Assert.InRange(MessageWeight.Of(report), 1, 64_000));
        Assert.InRange(Reports.Count(), 1, 2 + (count / 100));
        _node.Receive(HandOut(recorded: [.. ended.SelectMany(end => (int[])[end.Seq, end.Attempt])], leave: true));
        AssertNothingLeft();
    }

    [Fact]
    public void Should_end_the_back_end_before_what_it_leaves_behind_is_checked()
    {
        var (rules, now) = (new WorkerInstances("r1", new WorkerOptions { Host = "r1" }), new WorkerClock(1, 1));
        var process = new LaunchKey(7, LaunchKey.FirstBackEndSeq, 0, 1);
        var checks = new WorkerMessages.RunItem { Seq = -1, Attempt = -1, Check = FlightPhase.Postflights, Becomes = Status.Blocked };
        rules.OnStarted(new LaunchEvent.Started(process, 1, 4711, 1), now);

        rules.OnSync(Sync(items: [checks]), now);
        rules.OnSync(Sync(items: [checks]), now);

        Assert.Equal([new CloseOrder(7, 0, 1, "blocked")], rules.Outbox.Closes);
        Assert.Empty(rules.Outbox.Launches);
        rules.OnEnded(new LaunchEvent.Ended(process, 1, LaunchOutcome.Exited, 0, 1, 1, default), now);
        Assert.Equal(new LaunchKey(7, -1, 0, -1), Assert.Single(rules.Outbox.Launches).Item.Key);
    }

    [Fact]
    public void Should_give_back_in_pages_when_thousands_wait()
    {
        _node.Receive(Sync(items: Items(5001)));
        _said.Clear();

        _node.Drain();

        Assert.Equal(5000, Reports.Sum(report => report.Returned.Length) / 2);
        Assert.All(Reports, report => Assert.InRange(MessageWeight.Of(report), 1, 64_000));
    }

    [Fact]
    public void Should_report_again_until_recorded_when_the_job_is_silent()
    {
        _node.Receive(Sync(items: Items(1)));
        Pass(_duration);
        var first = Reports.Count(report => report.Ended.Length > 0);

        Pass(TimeSpan.FromSeconds(20));
        var repeated = Reports.Count(report => report.Ended.Length > 0);
        _node.Receive(HandOut(recorded: [0, 1]));
        Pass(TimeSpan.FromSeconds(20));

        Assert.Equal(1, first);
        // 1 s, 2 s, 4 s, 5 s, 5 s, …
        Assert.InRange(repeated, 4, 7);
        Assert.Equal(repeated, Reports.Count(report => report.Ended.Length > 0));
        Assert.Equal(0, _node.Launcher.UnrecordedCount);
    }

    [Fact]
    public void Should_repeat_an_old_end_when_new_ones_keep_coming()
    {
        _duration = TimeSpan.FromMilliseconds(500);
        _node.Receive(Sync(items: Items(40)));
        for (var seq = 0; seq < 20; seq++)
        {
            Pass(_duration);
            if (seq > 0)
            {
                _node.Receive(HandOut(recorded: [seq, 1]));
            }
        }

        Assert.InRange(Reports.Count(report => report.Ended.Any(end => end.Seq == 0)), 2, 20);
    }

    [Fact]
    public void Should_ask_for_work_again_when_it_is_dry_and_nothing_comes()
    {
        _node.Receive(Sync(items: []));
        _said.Clear();

        Pass(TimeSpan.FromSeconds(3));

        Assert.InRange(Reports.Count(report => report is { InHand: 0, Ended.Length: 0 }), 1, 3);
    }

    [Fact]
    public void Should_start_an_item_once_when_every_message_comes_twice()
    {
        _node.Receive(Sync(items: Items(2)));
        _node.Receive(Sync(items: Items(2)));
        _node.Receive(HandOut(Items(3)[2..]));
        _node.Receive(HandOut(Items(3)[2..]));
        for (var item = 0; item < 3; item++)
        {
            Pass(_duration);
        }

        _node.Receive(HandOut(recorded: [0, 1, 1, 1, 2, 1]));
        _node.Receive(HandOut(recorded: [0, 1, 1, 1, 2, 1]));
        _node.Receive(HandOut(Items(3)));
        Pass(_duration);

        Assert.Equal(3, _node.Launcher.StartedCount);
        // What was recorded and came late is given back, not run; its job ignores an attempt that it knows the end of.
        Assert.Equal([0, 1, 1, 1, 2, 1], Reports.Last(report => report.Returned.Length > 0).Returned);
    }

    [Fact]
    public void Should_refuse_a_lower_epoch_and_say_which_it_knows()
    {
        _node.Receive(Sync(items: Items(1)) with { Epoch = 5 });
        _said.Clear();

        _node.Receive(Sync(items: Items(3)) with { Epoch = 4 });
        _node.Receive(HandOut(Items(3)) with { Epoch = 4 });
        _node.Receive(Stop(null) with { Epoch = 4 });

        Assert.Equal(3, _said.Count);
        Assert.All(_said, message => Assert.Equal(new WorkerMessages.EpochRefused { JobId = s_job, Epoch = 5 }, message));
        Assert.Equal(1, _node.Launcher.RunningCount);
    }

    [Fact]
    public void Should_refuse_a_lower_epoch_when_only_the_launcher_has_seen_the_higher()
    {
        _duration = TimeSpan.FromHours(1);
        _node.Receive(Sync(items: Items(1)) with { Epoch = 5 });
        _node.Restart();
        _said.Clear();

        _node.Receive(Sync(items: Items(3)) with { Epoch = 4 });

        Assert.Equal(new WorkerMessages.EpochRefused { JobId = s_job, Epoch = 5 }, Assert.Single(_said));
        Assert.Equal(1, _node.Launcher.StartedCount);
    }

    [Fact]
    public void Should_kill_what_is_not_listed_when_a_whole_list_comes()
    {
        _node.Receive(Sync(items: Items(1)));
        _node.Receive(Sync(instance: 1, items: [new WorkerMessages.RunItem { Seq = 9, Attempt = 1 }]));

        _node.Receive(Sync(instance: 1, items: [new WorkerMessages.RunItem { Seq = 9, Attempt = 1 }]) with { Whole = true });

        var end = Assert.Single(_node.Ended);
        Assert.Equal((0, LaunchOutcome.Signaled), (end.Key.Seq, end.Outcome));
        Assert.Equal(1, _node.Launcher.RunningCount);
    }

    [Fact]
    public void Should_start_the_new_run_only_after_the_old_one_is_dead_when_a_higher_run_comes()
    {
        _node.Receive(Sync(items: Items(2)));

        _node.Receive(Sync(run: 2, items: [new WorkerMessages.RunItem { Seq = 5, Attempt = 1 }]));

        Assert.Equal([0], _node.Ended.Select(end => end.Key.Seq));
        Pass(_duration);
        Assert.Equal(EndOutcome.Succeeded, Reports.SelectMany(report => report.Ended).Last(end => end.Seq == 5).Outcome);
        Assert.Equal(2, _node.Launcher.StartedCount);
        _said.Clear();
        _node.Receive(Sync(items: Items(2)));
        Assert.Equal(2, _node.Launcher.StartedCount);
    }

    [Fact]
    public void Should_kill_what_runs_and_give_back_what_waits_when_all_is_stopped()
    {
        _node.Receive(Sync(items: Items(3)));
        _said.Clear();

        _node.Receive(Stop(null));

        Assert.Equal(EndOutcome.Stopped, Assert.Single(Reports.SelectMany(report => report.Ended)).Outcome);
        Assert.Equal([1, 1, 2, 1], Reports.SelectMany(report => report.Returned));
        Assert.Equal(1, _node.Launcher.StartedCount);
    }

    [Fact]
    public void Should_only_take_back_what_waits_when_nothing_is_to_be_killed()
    {
        _node.Receive(Sync(items: Items(3)));
        _said.Clear();

        _node.Receive(Stop([0, 1, 2, 1]) with { Kill = false });

        Assert.Equal([2, 1], Reports.SelectMany(report => report.Returned));
        Assert.Equal(1, _node.Launcher.RunningCount);
        Assert.Equal(2, Reports.Last().InHand);
    }

    [Fact]
    public void Should_never_start_what_it_gave_back_when_its_hand_out_or_list_comes_late()
    {
        _node.Receive(Sync(items: Items(1)));
        _node.Receive(Stop([4, 1]) with { Kill = false });
        WorkerMessages.RunItem late = new() { Seq = 4, Attempt = 1 };

        _node.Receive(HandOut([late]));
        _node.Receive(Sync(items: [.. Items(1), late]));
        Pass(_duration);
        Pass(TimeSpan.FromSeconds(30));
        _node.Receive(HandOut(recorded: [4, 1]));
        _node.Receive(HandOut([late]));
        Pass(_duration);

        Assert.Equal(1, _node.Launcher.StartedCount);
        Assert.InRange(Reports.Count(report => report.Returned is [4, 1]), 3, 20);
        // The next attempt is another matter.
        _node.Receive(HandOut([late with { Attempt = 2 }]));
        Assert.Equal(2, _node.Launcher.StartedCount);
    }

    [Fact]
    public void Should_start_nothing_when_a_list_of_a_run_that_was_left_comes_late()
    {
        _duration = TimeSpan.Zero;
        _node.Receive(Sync(items: Items(1)));
        _node.Receive(HandOut(recorded: [0, 1], leave: true));

        _node.Receive(Sync(items: Items(2)));

        Assert.Equal(1, _node.Launcher.StartedCount);
        AssertNothingLeft();
    }

    [Fact]
    public void Should_say_that_nothing_is_here_when_a_hand_out_comes_for_an_instance_it_never_heard_of()
    {
        _node.Receive(HandOut(Items(1)));

        var report = Assert.Single(Reports);
        Assert.Equal((0, 1, 0), (report.Instance, report.Run, report.InHand));
        Assert.Equal(0, _node.Launcher.StartedCount);
    }

    [Fact]
    public void Should_go_on_where_it_was_when_the_node_restarts_and_the_launcher_lives()
    {
        _duration = TimeSpan.FromSeconds(10);
        _node.Receive(Sync(items: Items(1)));
        Pass(TimeSpan.FromSeconds(10));
        _node.Receive(Sync(instance: 1, items: [new WorkerMessages.RunItem { Seq = 9, Attempt = 1 }]));
        _node.Receive(Sync(instance: 2, items: [new WorkerMessages.RunItem { Seq = 8, Attempt = 1 }]));
        _said.Clear();

        _node.Restart();
        Assert.Empty(_said);
        _node.Receive(Sync(items: Items(2)) with { Whole = true, Instances = [State(0, 1, Items(2)), State(1, 1, [new WorkerMessages.RunItem { Seq = 9, Attempt = 1 }])] });

        Assert.Contains(Reports, report => report is { Instance: 0, Run: 1 } && report.Ended is [{ Seq: 0, Outcome: EndOutcome.Succeeded }]);
        Assert.Contains(_node.Ended, end => end.Key.Seq == 8 && end.Outcome == LaunchOutcome.Signaled);
        Pass(_duration);
        Assert.Contains(Reports, report => report is { Instance: 1, Run: 1 } && report.Ended is [{ Seq: 9, Outcome: EndOutcome.Succeeded }]);
        Assert.Contains(Reports, report => report is { Instance: 0, Run: 1 } && report.Ended is [{ Seq: 1, Outcome: EndOutcome.Succeeded }]);
        Assert.Equal(4, _node.Launcher.StartedCount);
    }

    [Fact]
    public void Should_not_give_back_what_may_be_alive_when_a_stop_comes_before_the_list_after_a_restart()
    {
        _node.Receive(Sync(items: Items(1)));
        _node.Restart();
        _said.Clear();

        _node.Receive(Stop([0, 1]) with { Kill = false });

        Assert.All(Reports, report => Assert.Empty(report.Returned));
        Assert.Equal(1, _node.Launcher.RunningCount);
    }

    [Fact]
    public void Should_report_unasked_what_nobody_claims_when_the_job_stays_silent_after_a_restart()
    {
        _node.Receive(Sync(items: Items(1)));
        _node.Restart();
        Pass(_duration);
        Assert.DoesNotContain(Reports, report => report.Run == 0);

        Pass(TimeSpan.FromSeconds(40));

        Assert.Contains(Reports, report => report.Run == 0 && report.Ended is [{ Seq: 0 }]);
        _node.Receive(HandOut(recorded: [0, 1], leave: true) with { Run = 0 });
        AssertNothingLeft();
    }

    [Fact]
    public void Should_stop_what_runs_and_start_nothing_when_the_instance_is_suspended()
    {
        _node.Receive(Sync(items: Items(2)));
        Pass(TimeSpan.FromSeconds(4));

        var suspend = new WorkerMessages.SuspendInstance { JobId = s_job, Epoch = 1, Run = 1, Suspended = true };
        _node.Receive(suspend);
        Assert.True(Reports.Last().Suspended);
        Pass(TimeSpan.FromMinutes(5));
        Assert.Empty(_node.Ended);
        _node.Restart();
        _node.Receive(Suspended(true));
        Pass(TimeSpan.FromMinutes(5));
        Assert.Empty(_node.Ended);
        Assert.True(Reports.Last().Suspended);
        _node.Receive(suspend with { Suspended = false });
        Assert.False(Reports.Last().Suspended);
        Pass(TimeSpan.FromSeconds(5.5));
        Assert.Empty(_node.Ended);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Assert.Single(_node.Ended).Key.Seq);
        Assert.Equal(2, _node.Launcher.StartedCount);
    }

    [Fact]
    public void Should_let_it_go_on_when_it_was_resumed_while_its_node_was_away()
    {
        _node.Receive(Sync(items: Items(1)));
        _node.Receive(Suspended(true, 1));

        _node.Restart();
        _node.Receive(Suspended(false, 1));
        Pass(_duration);

        Assert.Single(_node.Ended);
    }

    private static WorkerMessages.SyncInstances Suspended(bool suspended, int items = 2) =>
        Sync() with { Instances = [State(0, 1, Items(items)) with { Suspended = suspended }] };

    [Fact]
    public void Should_say_lost_when_the_launcher_died()
    {
        _node.Receive(Sync(items: Items(2)));

        _node.Launcher.Crash();
        _node.Pump();

        Assert.Equal(EndOutcome.Lost, Assert.Single(Reports.SelectMany(report => report.Ended)).Outcome);
        Assert.Equal(2, _node.Launcher.StartedCount);
    }

    [Fact]
    public void Should_send_one_report_for_an_item_when_it_is_shorter_than_the_hold_of_its_start()
    {
        _duration = TimeSpan.FromMilliseconds(5);
        _node.Receive(Sync(items: Items(1)));
        _node.HoldOver();
        _said.Clear();

        _node.Receive(HandOut(Items(2)[1..]));
        Pass(_duration);

        Assert.Single(Reports);
    }

    [Fact]
    public void Should_remember_nothing_of_a_thousand_jobs_when_they_are_over()
    {
        _duration = TimeSpan.Zero;
        for (var job = 1; job <= 1000; job++)
        {
            _node.Receive(Sync(items: Items(3)) with { JobId = new JobId(job) });
            _node.Receive(HandOut(recorded: [0, 1, 1, 1, 2, 1], leave: true) with { JobId = new JobId(job) });
        }

        AssertNothingLeft();
        Assert.True(_node.Rules.IsIdle);
    }

    private static WorkerMessages.RunItem[] Items(int count) =>
        [.. Enumerable.Range(0, count).Select(seq => new WorkerMessages.RunItem { Seq = seq, Attempt = 1, Name = $"{seq + 1}" })];

    private static WorkerMessages.InstanceState State(int instance, int run, WorkerMessages.RunItem[] items) => new() { Instance = instance, Run = run, Slots = 1, Items = items };

    private static WorkerMessages.SyncInstances Sync(int instance = 0, int run = 1, WorkerMessages.RunItem[]? items = null) =>
        new() { JobId = s_job, Epoch = 1, Instances = [State(instance, run, items ?? [])] };

    private static WorkerMessages.HandOut HandOut(WorkerMessages.RunItem[]? items = null, int[]? recorded = null, bool leave = false) =>
        new() { JobId = s_job, Epoch = 1, Instance = 0, Run = 1, Items = items ?? [], Recorded = recorded ?? [], Leave = leave };

    private static WorkerMessages.StopItems Stop(int[]? items) =>
        new() { JobId = s_job, Epoch = 1, Instance = 0, Run = 1, Items = items, Kill = true };

    /// <summary>Time goes by in ticks of the node, half a second each, and what is left of it.</summary>
    private void Pass(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(500))
        {
            _time.Advance(left < TimeSpan.FromMilliseconds(500) ? left : TimeSpan.FromMilliseconds(500));
            _node.Pump();
            if (left >= TimeSpan.FromMilliseconds(500))
            {
                _node.Tick();
            }
        }
    }

    private void AssertNothingLeft() =>
        Assert.Equal((0, 0, 0), (_node.Rules.JobCount, _node.Launcher.RunningCount, _node.Launcher.UnrecordedCount));
}
