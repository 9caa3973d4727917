using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>The decision tree of spec/scheduling.md §11.</summary>
public sealed class JobWranglingTests
{
    [Fact]
    public void Should_leave_it_alone_when_failures_are_few_or_the_host_has_completed_one_or_nobody_asked()
    {
        var few = Fail(Wrangled(20).Begin(), 5);
        Assert.Equal((Status.Running, 0), (few.State.Status, few.State.AutoMigrations));
        var mixed = Fail(Wrangled(20).Begin().End(1), 10);
        Assert.Equal((Status.Running, 0), (mixed.State.Status, mixed.State.AutoMigrations));
        var plain = Fail(new ScriptedJob(20).Begin(), 10);
        Assert.Equal(Status.Running, plain.State.Status);
    }

    [Fact]
    public void Should_migrate_three_times_and_then_block_when_it_fails_on_every_host_that_it_has_alone()
    {
        var job = Wrangled(60);

        for (var host = 1; host <= 3; host++)
        {
            Fail(job.Begin($"h{host}"), 6);
            Assert.Equal((Status.Pending, host), (job.State.Status, job.State.AutoMigrations));
            End(job, EndOutcome.Stopped);
        }

        Assert.Equal("h1,h2,h3", job.Demand.ExcludedHosts);
        Fail(job.Begin("h4"), 6);
        Assert.Equal((Status.Blocked, 3), (job.State.Status, job.State.AutoMigrations));
        Assert.Empty(job.Sent<HostMessages.LockHost>());
    }

    [Fact]
    public void Should_lock_the_host_and_run_its_items_again_when_another_host_completes_them()
    {
        var job = Wrangled(20, cpus: 2).Begin("good").End(1).Begin("bad", 1);
        job.Look();

        Fail(job, 6, instance: 1);

        Assert.Equal(("bad", "host.processor_all=1"), Assert.Single(job.Sent<HostMessages.LockHost>()) is { } locked ? (locked.Host, locked.Locks) : default);
        Assert.Equal((0, Status.Running), (job.State.Items.CountOf(Status.Failed), job.State.Status));
        Assert.Null(job.State.Instances[1].Host);
        Assert.Equal("good", job.State.Instances[0].Host);
    }

    [Fact]
    public void Should_block_the_job_when_it_fails_on_all_of_its_hosts()
    {
        var job = Fail(Wrangled(30, cpus: 2).Begin("h1").Begin("h2", 1), 2, instance: 1);

        Fail(job, 6);

        Assert.Equal(Status.Blocked, job.State.Status);
        Assert.Empty(job.Sent<HostMessages.LockHost>());
    }

    [Fact]
    public void Should_lock_the_host_when_another_one_has_not_failed()
    {
        var job = Fail(Wrangled(30, cpus: 2).Begin("h1").Begin("h2", 1), 6);

        Assert.Equal("h1", Assert.Single(job.Sent<HostMessages.LockHost>()).Host);
    }

    private static ScriptedJob Wrangled(int items, int cpus = 1) => new(items, cpus, spec => spec with { Flags = JobFlags.AutoWrangling });

    private static ScriptedJob Fail(ScriptedJob job, int times, int instance = 0)
    {
        for (var time = 0; time < times; time++)
        {
            End(job, EndOutcome.Failed, instance);
        }

        return job;
    }

    private static void End(ScriptedJob job, EndOutcome outcome, int instance = 0)
    {
        if (job.State.Instances[instance].InHand is [var seq, ..])
        {
            job.End(seq + 1, outcome, instance);
        }
    }
}
