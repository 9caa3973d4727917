using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Contracts.Launching;
using Qube.Wire;
using Xunit;

namespace Qube.Actors.Tests.Workers;

/// <summary>The node as an actor, every message through our serializers, its gates played by the test.</summary>
public sealed class WorkerNodeActorTests() : TestKit(WireConfig.Bindings().WithFallback("akka.actor.serialize-messages = on"))
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);
    private static readonly JobId s_job = new(7);

    private readonly ManualTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-worker-").FullName;

    [Fact]
    public void Should_run_an_item_and_forget_it_when_it_is_recorded()
    {
        var launcher = Launcher(TimeSpan.Zero);
        var gate = CreateTestProbe();
        var worker = Start(launcher, gate);

        worker.Tell(Sync(1), gate);
        var report = gate.FishForMessage<WorkerMessages.Report>(report => report.Ended.Length > 0, s_limit);
        Assert.Equal((s_job, "r1", 0, 1, 0), (report.JobId, report.Host, report.Instance, report.Run, report.InHand));
        Assert.Equal(EndOutcome.Succeeded, Assert.Single(report.Ended).Outcome);
        worker.Tell(new WorkerMessages.HandOut { JobId = s_job, Epoch = 1, Instance = 0, Run = 1, Recorded = [0, 1], Leave = true }, gate);

        AwaitCondition(() => launcher.UnrecordedCount == 0, s_limit);
    }

    [Fact]
    public void Should_report_what_waits_for_company_when_the_hold_is_over()
    {
        var launcher = Launcher(TimeSpan.FromMilliseconds(100));
        var gate = CreateTestProbe();
        var worker = Start(launcher, gate);
        worker.Tell(Sync(3), gate);
        AwaitCondition(() => launcher.RunningCount == 1, s_limit);

        _time.AdvanceMs(100);
        AwaitCondition(() => launcher.StartedCount == 2, s_limit);
        var report = Until(gate, report => report.Ended.Length > 0);

        Assert.Equal(0, Assert.Single(report.Ended).Seq);
        Assert.Equal(2, report.InHand);
    }

    [Fact]
    public void Should_move_to_the_next_gate_and_say_everything_again_when_the_first_is_silent()
    {
        var launcher = Launcher(TimeSpan.FromHours(1));
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        var worker = Start(launcher, first, second);
        worker.Tell(Sync(1), first);
        AwaitCondition(() => launcher.RunningCount == 1, s_limit);

        for (var silentMs = 0; silentMs < 5500; silentMs += 500)
        {
            _time.AdvanceMs(500);
            HasRead(worker);
        }

        second.FishForMessage<WorkerMessages.Attach>(attach => attach.Beat > 2000, s_limit);
        Answer(worker, second);

        var report = Until(second, report => report.Started.Length > 0);
        Assert.Equal(1, report.InHand);
        Assert.Equal(1, launcher.StartedCount);
    }

    [Fact]
    public void Should_keep_the_lease_when_gates_answer_and_lose_it_when_they_do_not()
    {
        var launcher = new SimulatedLauncher(_time, _ => new SimulatedRun(TimeSpan.FromHours(1)), TimeSpan.FromSeconds(60));
        var gate = CreateTestProbe();
        var worker = Start(launcher, gate);
        worker.Tell(Sync(1), gate);
        AwaitCondition(() => launcher.RunningCount == 1, s_limit);

        for (var beat = 0; beat < 10; beat++)
        {
            _time.AdvanceMs(20_000);
            Answer(worker, gate);
            HasRead(worker);
            Assert.Equal(1, launcher.RunningCount);
        }

        _time.AdvanceMs(59_000);
        Assert.Equal(1, launcher.RunningCount);
        _time.AdvanceMs(2_000);

        var end = Assert.Single(Until(gate, report => report.Ended.Length > 0).Ended);
        Assert.Equal(EndOutcome.Lost, end.Outcome);
        Assert.Contains("lease", end.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_not_renew_the_lease_when_an_answer_was_long_under_way()
    {
        var launcher = new SimulatedLauncher(_time, _ => new SimulatedRun(TimeSpan.FromHours(1)), TimeSpan.FromSeconds(60));
        var gate = CreateTestProbe();
        var worker = Start(launcher, gate);
        worker.Tell(Sync(1), gate);
        AwaitCondition(() => launcher.RunningCount == 1, s_limit);

        _time.AdvanceMs(50_000);
        worker.Tell(new WorkerMessages.Attached { Host = "r1", LeaseSeconds = 60, Beat = 1 }, gate);
        HasRead(worker);
        _time.AdvanceMs(11_000);

        Assert.Equal(0, launcher.RunningCount);
    }

    [Fact]
    public void Should_find_what_ended_and_what_runs_when_another_incarnation_takes_over()
    {
        var launcher = Launcher(TimeSpan.FromSeconds(10));
        var gate = CreateTestProbe();
        var worker = Start(launcher, gate);
        worker.Tell(Sync(2), gate);
        AwaitCondition(() => launcher.RunningCount == 1, s_limit);
        Watch(worker);
        Sys.Stop(worker);
        ExpectTerminated(worker, s_limit);
        _time.AdvanceMs(10_000);

        var again = Start(launcher, gate);
        again.Tell(Sync(2) with { Whole = true }, gate);

        var report = Until(gate, report => report.Ended.Length > 0);
        Assert.Equal((0, EndOutcome.Succeeded), (report.Ended[0].Seq, report.Ended[0].Outcome));
        AwaitCondition(() => launcher.StartedCount == 2, s_limit);
    }

    [Fact]
    public void Should_end_when_another_node_takes_its_launcher()
    {
        var launcher = Launcher(TimeSpan.Zero);
        var gate = CreateTestProbe();
        var worker = Start(launcher, gate);
        Watch(worker);

        Start(launcher, gate);

        ExpectTerminated(worker, s_limit);
    }

    [Fact]
    public void Should_take_nothing_more_and_leave_no_timer_when_it_drains_and_stops()
    {
        var launcher = Launcher(TimeSpan.FromSeconds(1));
        var gate = CreateTestProbe();
        var worker = Start(launcher, gate);
        worker.Tell(Sync(3), gate);
        AwaitCondition(() => launcher.RunningCount == 1, s_limit);

        worker.Tell(new WorkerNodeActor.Drain(), TestActor);

        gate.FishForMessage<WorkerMessages.Attach>(attach => attach.Slots == 0, s_limit);
        gate.FishForMessage<WorkerMessages.Report>(report => report.Returned is [1, 1, 2, 1], s_limit);
        _time.AdvanceMs(1000);
        Until(gate, report => report.Ended.Length > 0);
        worker.Tell(new WorkerMessages.HandOut { JobId = s_job, Epoch = 1, Instance = 0, Run = 1, Recorded = [0, 1, 1, 1, 2, 1], Leave = true }, gate);
        ExpectMsg<WorkerNodeActor.Drained>(s_limit);
        Watch(worker);
        Sys.Stop(worker);
        ExpectTerminated(worker, s_limit);
        AwaitAssert(() => Assert.InRange(_time.TimerCount, 0, 1), s_limit);
    }

    [Fact]
    public void Should_judge_an_item_by_its_own_bytes_alone_when_items_share_a_log()
    {
        var writes = new Queue<string>(["error: out of memory\n", "outputPath: /tmp/b.exr\n"]);
        var launcher = new SimulatedLauncher(
            _time,
            request =>
            {
                File.AppendAllText(request.StdoutPath!, writes.Dequeue());
                return new SimulatedRun(TimeSpan.Zero);
            });
        var gate = CreateTestProbe();
        var worker = Start(launcher, gate);

        worker.Tell(Sync(2) with { Command = new CommandSpec { CmdLine = "x", RegexErrors = "error: .*", RegexOutputPaths = "outputPath: (.*)" } }, gate);
        var ends = new List<WorkerMessages.ItemEnd>();
        while (ends.Count < 2)
        {
            ends.AddRange(Until(gate, report => report.Ended.Length > 0).Ended);
        }

        ends.Sort((left, right) => left.Seq - right.Seq);
        Assert.Equal((EndOutcome.Failed, "regex_errors: error: out of memory"), (ends[0].Outcome, ends[0].Reason));
        Assert.Equal((EndOutcome.Succeeded, "{\"outputPaths\":[\"/tmp/b.exr\"]}"), (ends[1].Outcome, ends[1].Result));
    }

    [Fact]
    public void Should_run_every_frame_once_when_they_take_no_time()
    {
        const int Count = 20_000;
        var launcher = Launcher(TimeSpan.Zero);
        var gate = CreateTestProbe();
        var worker = Start(launcher, gate);

        for (var from = 0; from < Count; from += 500)
        {
            var items = Enumerable.Range(from, 500).Select(seq => new WorkerMessages.RunItem { Seq = seq, Attempt = 1, Name = $"{seq}" }).ToArray();
            worker.Tell(from == 0 ? Sync(500) : new WorkerMessages.HandOut { JobId = s_job, Epoch = 1, Instance = 0, Run = 1, Items = items }, gate);
        }

        var seen = new HashSet<int>();
        while (seen.Count < Count)
        {
            seen.UnionWith(Until(gate, report => report.Ended.Length > 0).Ended.Select(end => end.Seq));
        }

        Assert.Equal(Count, launcher.StartedCount);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    private static WorkerMessages.SyncInstances Sync(int items) => new()
    {
        JobId = s_job,
        Epoch = 1,
        Command = new CommandSpec { CmdLine = "x" },
        Instances =
        [
            new WorkerMessages.InstanceState
            {
                Run = 1,
                Slots = 1,
                Items = [.. Enumerable.Range(0, items).Select(seq => new WorkerMessages.RunItem { Seq = seq, Attempt = 1, Name = $"{seq + 1}" })],
            },
        ],
    };

    /// <summary>One message after another: what came before this one has been dealt with.</summary>
    private void HasRead(IActorRef worker)
    {
        worker.Tell(new Identify(null), TestActor);
        ExpectMsg<ActorIdentity>(s_limit);
    }

    /// <summary>The next such report; time goes by in milliseconds until it comes.</summary>
    private WorkerMessages.Report Until(TestProbe gate, Func<WorkerMessages.Report, bool> isIt)
    {
        WorkerMessages.Report? found = null;
        AwaitCondition(
            () =>
            {
                _time.AdvanceMs(1);
                while (found is null && gate.HasMessages)
                {
                    found = gate.ReceiveOne(s_limit) is WorkerMessages.Report report && isIt(report) ? report : null;
                }

                return found is not null;
            },
            s_limit,
            TimeSpan.FromMilliseconds(2));
        return found!;
    }

    private SimulatedLauncher Launcher(TimeSpan duration) => new(_time, _ => new SimulatedRun(duration), TimeSpan.FromDays(100));

    /// <summary>Attached: its launcher has been met and the first gate has answered.</summary>
    private IActorRef Start(SimulatedLauncher launcher, params TestProbe[] gates)
    {
        var options = new WorkerOptions { Host = "r1", LogPath = _folder, BaseEnvironment = new Dictionary<string, string>() };
        var worker = Sys.ActorOf(WorkerNodeActor.Props(options, launcher.Connect, [.. gates.Select(gate => gate.Ref)], _time));
        gates[0].FishForMessage<WorkerMessages.Attach>(attach => attach.Host == "r1", s_limit);
        Answer(worker, gates[0]);
        return worker;
    }

    private void Answer(IActorRef worker, TestProbe gate) =>
        worker.Tell(new WorkerMessages.Attached { Host = "r1", LeaseSeconds = 120, Beat = _time.GetTimestamp() / TimeSpan.TicksPerMillisecond }, gate);
}
