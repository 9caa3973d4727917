using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

public sealed class JobDeciderTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 60));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_complete_every_item_exactly_once_when_messages_repeat_and_the_job_recovers(int seed)
    {
        var world = new JobWorld(seed, items: 30, instances: 3);
        for (var step = 0; step < 200; step++)
        {
            world.Step(withFailures: false, withVerbs: false);
        }

        world.RunToEnd();

        Assert.True(world.State.Status == Status.Complete, $"seed {seed}: expected complete, seen {world.State.Status}");
        Assert.Equal(30, world.State.Items.CountOf(Status.Complete));
        Assert.All(Enumerable.Range(0, 30), seq => Assert.Single(world.Starts, start => start.Key.Seq == seq));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_say_the_same_when_its_log_is_folded_again(int seed)
    {
        var world = new JobWorld(seed, items: seed % 4 == 0 ? 0 : 8, instances: 4, retryWork: seed % 3, limitSeconds: seed % 5 * 10);
        for (var step = 0; step < 400; step++)
        {
            world.Step(withFailures: true, withVerbs: true);
        }

        var live = JobView.Json(world.State, "", agenda: true, subjobs: true);
        var folded = JobView.Json(world.Replay(), "", agenda: true, subjobs: true);
        Assert.True(live == folded, $"seed {seed}: live\n{live}\nfolded\n{folded}");
        JsonDocument.Parse(live).Dispose();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_emit_the_same_events_under_the_same_ordinals_when_an_entry_is_read_twice(int seed)
    {
        var world = new JobWorld(seed, items: 8, instances: 2, retryWork: 1);
        for (var step = 0; step < 200; step++)
        {
            world.Step(withFailures: true, withVerbs: true);
        }

        foreach (var batch in world.Log.OfType<JobEvents.Batch>())
        {
            var events = Lifecycle.Of(batch);
            Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.Ordinal));
            Assert.Equal(events.Select(e => (e.Subject, e.Name, e.Instance)), Lifecycle.Of(batch).Select(e => (e.Subject, e.Name, e.Instance)));
        }
    }

    [Fact]
    public void Should_run_its_instances_once_each_when_there_is_no_agenda()
    {
        var world = new JobWorld(seed: 7, items: 0, instances: 3);

        world.RunToEnd();

        Assert.Equal(Status.Complete, world.State.Status);
        Assert.All(world.State.Instances, instance => Assert.Equal(1, instance.Run));
    }
}
