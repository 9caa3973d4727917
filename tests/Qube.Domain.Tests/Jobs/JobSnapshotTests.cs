using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>A snapshot at any point, and the rest of the log, is the job that the whole log makes.</summary>
public sealed class JobSnapshotTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 40));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_be_the_fold_of_the_whole_log_when_it_begins_at_a_snapshot(int seed)
    {
        var random = new Random(seed);
        var created = RandomLog.Created(random, items: random.Next(4) == 0 ? 0 : random.Next(1, 200));
        var log = Enumerable.Range(0, 16).Select(at => RandomLog.Batch(random, at)).ToArray();
        var whole = new JobState(created);
        foreach (var batch in log)
        {
            whole.Apply(batch);
        }

        var expected = StateText.Of(whole);
        var upTo = new JobState(created);
        for (var at = 0; at < log.Length; at++)
        {
            var state = JobState.Restore(upTo.Freeze()());
            Assert.Equal(StateText.Of(upTo), StateText.Of(state));
            foreach (var batch in log.Skip(at))
            {
                state.Apply(batch);
            }

            Assert.Equal(expected, StateText.Of(state));
            upTo.Apply(log[at]);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_hold_the_state_of_its_commit_when_the_job_goes_on_before_it_is_made(int seed)
    {
        var world = new JobWorld(seed, items: seed % 3 == 0 ? 0 : 200, instances: 3, retryWork: 1);
        var frozen = new List<(int Commits, Func<JobSnapshot> Make)>();
        for (var step = 0; step < 300; step++)
        {
            world.Step(withFailures: true, withVerbs: true);
            if (step % 30 == 0)
            {
                Assert.True(world.IsStateOfLog);
                frozen.Add((world.Log.Count, world.State.Freeze()));
            }
        }

        foreach (var (commits, make) in frozen)
        {
            Assert.Equal(StateText.Of(JobWorld.Replay(world.Log.Take(commits))), StateText.Of(JobState.Restore(make())));
        }
    }

    /// <summary>Keeps the two above honest: a field that no random log changes would be lost by a snapshot unseen. Whoever adds a field to the state
    /// has <see cref="RandomLog"/> make transitions that change it.</summary>
    [Fact]
    public void Should_have_every_field_changed_by_some_log_when_the_logs_are_random()
    {
        var changed = new HashSet<string>();
        var fields = new HashSet<string>();
        foreach (var seed in Enumerable.Range(1, 40))
        {
            var random = new Random(seed);
            var created = RandomLog.Created(random, items: 60);
            var state = new JobState(created);
            for (var at = 0; at < 30; at++)
            {
                state.Apply(RandomLog.Batch(random, at));
                changed.UnionWith(StateText.Differences(state, new JobState(created)));
            }

            fields.UnionWith(StateText.Fields(state));
        }

        // What a job is submitted with and never changes.
        fields.ExceptWith(["state.Agenda", "state.Instances[].Id"]);
        Assert.Empty(fields.Except(changed));
    }

    [Fact]
    public void Should_refuse_a_snapshot_when_it_is_of_another_format_or_contradicts_itself()
    {
        var state = new JobState(RandomLog.Created(new Random(1), items: 50));
        for (var at = 0; at < 20; at++)
        {
            state.Apply(RandomLog.Batch(new Random(at), at));
        }

        var good = state.Freeze()();
        Assert.NotEmpty(good.Items.Touched);
        JobSnapshot[] wrong =
        [
            good with { Format = JobSnapshot.CurrentFormat + 1 },
            new JobSnapshot(),
            good with { Instances = [] },
            good with { Items = good.Items with { Statuses = [] } },
            good with { Items = good.Items with { Statuses = [99, 50] } },
            good with { Items = good.Items with { Statuses = [1, 51] } },
            good with { Items = good.Items with { Touched = [1] } },
            good with { Items = good.Items with { Touched = [0, 50] } },
            good with { Items = good.Items with { Started = [1, 2] } },
            good with { Items = good.Items with { Hosts = [7], HostNames = [] } },
            good with { Items = good.Items with { HasResult = [1], Results = [] } },
        ];
        foreach (var snapshot in wrong)
        {
            Assert.Throws<InvalidDataException>(() => JobState.Restore(snapshot));
        }
    }

    [Theory]
    [InlineData(500, 1000, 1000, true)]
    [InlineData(499, 1_000_000, 10, false)]
    [InlineData(5000, 10_000, 1_000_000, false)]
    [InlineData(5000, 125_000, 1_000_000, true)]
    public void Should_be_due_when_commits_and_changes_outweigh_the_items(int commits, long transitions, int items, bool due) =>
        Assert.Equal(due, SnapshotRule.IsDue(commits, transitions, items, everyCommits: 500));

    [Fact]
    public void Should_never_be_due_when_switched_off()
    {
        Assert.False(SnapshotRule.IsDue(1_000_000, 1_000_000, 1, everyCommits: 0));
        Assert.False(SnapshotRule.IsDueAtEnd(1_000_000, everyCommits: 0));
        Assert.True(SnapshotRule.IsDueAtEnd(63, everyCommits: 500));
        Assert.False(SnapshotRule.IsDueAtEnd(3, everyCommits: 500));
    }
}
