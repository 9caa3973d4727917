using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Contracts.Launching;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Actors.Tests.Workers;

public sealed class LossyFarmTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 60));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_run_every_item_to_its_end_exactly_once_when_messages_are_lost_repeated_and_reordered(int seed)
    {
        var farm = new LossyFarm(seed, items: 120, instances: 4, hosts: 2, slots: 3);
        for (var step = 0; step < 600; step++)
        {
            farm.Step();
        }

        farm.RunToEnd();

        Assert.True(farm.IsQuiet && farm.State.Status == Status.Complete, $"seed {seed}: expected a complete job and quiet nodes, seen {farm.Describe()}");
        var ends = farm.Nodes.SelectMany(node => node.Ended).Where(end => end.Outcome == LaunchOutcome.Exited).GroupBy(end => end.Key.Seq)
            .ToDictionary(group => group.Key, group => group.Select(end => end.Key.ToString()).ToArray());
        for (var seq = 0; seq < 120; seq++)
        {
            var ran = ends.GetValueOrDefault(seq, []);
            Assert.True(ran.Length == 1, $"seed {seed}: item {seq} ran to its end {ran.Length} times: {string.Join(' ', ran)}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_run_every_instance_to_its_end_exactly_once_when_there_is_no_agenda(int seed)
    {
        var farm = new LossyFarm(seed, items: 0, instances: 12, hosts: 2, slots: 3);
        for (var step = 0; step < 200; step++)
        {
            farm.Step();
        }

        farm.RunToEnd();

        Assert.True(farm.IsQuiet && farm.State.Status == Status.Complete, $"seed {seed}: expected a complete job and quiet nodes, seen {farm.Describe()}");
        var ends = farm.Nodes.SelectMany(node => node.Ended).Where(end => end.Outcome == LaunchOutcome.Exited).ToLookup(end => end.Key.Instance);
        for (var instance = 0; instance < 12; instance++)
        {
            Assert.True(ends[instance].Count() == 1, $"seed {seed}: instance {instance} ran to its end {ends[instance].Count()} times");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_leave_nothing_alive_and_no_item_twice_when_verbs_come_at_any_time(int seed)
    {
        var farm = new LossyFarm(
            seed, items: 20, instances: 4, hosts: 2, slots: 3, (random, _) => new SimulatedRun(TimeSpan.FromMilliseconds(random.Next(1, 2500)), random.Next(5) == 0 ? 1 : 0));
        for (var step = 0; step < 500; step++)
        {
            farm.Step(Verb);
        }

        farm.RunToEnd();

        foreach (var item in farm.Nodes.SelectMany(node => node.Ended).GroupBy(end => end.Key.Seq))
        {
            var inOrder = item.OrderBy(end => end.StartedUnixMs).ThenBy(end => end.EndedUnixMs).ToArray();
            for (var at = 1; at < inOrder.Length; at++)
            {
                Assert.True(
                    inOrder[at].StartedUnixMs >= inOrder[at - 1].EndedUnixMs,
                    $"seed {seed}: item {item.Key} was alive twice: {inOrder[at - 1]} and {inOrder[at]}");
            }
        }

        Assert.All(farm.Nodes, node => Assert.True(node.Launcher.RunningCount == 0, $"seed {seed}: alive after all: {farm.Describe()}"));
        Assert.True(
            farm.State.Status.IsTerminal() || farm.State.Status == Status.Blocked,
            $"seed {seed}: expected an end or a block, seen {farm.Describe()}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_stand_still_and_lose_nothing_when_it_is_suspended_and_resumed_over_a_bad_network(int seed)
    {
        var farm = new LossyFarm(seed, items: seed % 3 == 0 ? 0 : 40, instances: 6, hosts: 2, slots: 3, (random, _) => new SimulatedRun(TimeSpan.FromMilliseconds(random.Next(1, 4000))));
        for (var step = 0; step < 300; step++)
        {
            farm.Step(Suspension);
        }

        farm.Calm();
        farm.Control(JobVerb.Suspend);
        Run(farm, steps: 2500); // Longer than the repetitions of what was lost.
        var ended = farm.Nodes.Sum(node => node.Ended.Count);
        Run(farm, steps: 500);
        Assert.Equal(ended, farm.Nodes.Sum(node => node.Ended.Count));
        Assert.True(farm.State.Status is Status.Suspended or Status.Complete, $"seed {seed}: expected a suspended job, seen {farm.Describe()}");
        farm.Control(JobVerb.Resume);
        farm.RunToEnd();

        Assert.True(farm.IsQuiet && farm.State.Status == Status.Complete, $"seed {seed}: expected a complete job and quiet nodes, seen {farm.Describe()}");
        var ends = farm.Nodes.SelectMany(node => node.Ended).Where(end => end.Outcome == LaunchOutcome.Exited).GroupBy(end => (end.Key.Seq, end.Key.Seq < 0 ? end.Key.Instance : 0)).ToArray();
        Assert.Equal(seed % 3 == 0 ? 6 : 40, ends.Length);
        Assert.All(ends, item => Assert.True(item.Count() == 1, $"seed {seed}: {item.Key} ran to its end {item.Count()} times"));
    }

    private static void Run(LossyFarm farm, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            farm.Step();
        }
    }

    private static void Suspension(JobDecider decider, Random random, long nowMs)
    {
        if (random.Next(15) == 0)
        {
            decider.OnControl(
                new JobMessages.ControlJob
                {
                    JobId = new JobId(250),
                    RequestId = $"{random.Next()}",
                    Verb = random.Next(2) == 0 ? JobVerb.Suspend : JobVerb.Resume,
                    Instances = random.Next(3) == 0 ? [] : [random.Next(6)],
                },
                new object(),
                nowMs);
        }
    }

    private static void Verb(JobDecider decider, Random random, long nowMs)
    {
        if (random.Next(25) != 0)
        {
            return;
        }

        JobVerb[] verbs = [JobVerb.Kill, JobVerb.Retry, JobVerb.Requeue, JobVerb.Block, JobVerb.Unblock, JobVerb.Preempt, JobVerb.Migrate, JobVerb.Interrupt, JobVerb.Fail];
        decider.OnControl(
            new JobMessages.ControlJob
            {
                JobId = new JobId(250),
                RequestId = $"{random.Next()}",
                Verb = verbs[random.Next(verbs.Length)],
                Scope = random.Next(3) == 0 ? VerbScope.Job : VerbScope.Work,
                Items = [$"{random.Next(1, 21)}"],
                Instances = [random.Next(4)],
            },
            new object(),
            nowMs);
    }
}
