using Qube.Contracts;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>Checks before and after the runs of instances (spec/jobs.md §10), and instances that begin together (§1.1, <c>grid</c>).</summary>
public sealed class FlightTests
{
    private static ScriptedJob Checked(int items, int retries = -1, int cpus = 1) => new(items, cpus, spec => spec with
    {
        RetrySubjob = retries,
        Command = spec.Command with { Preflights = "/checks/before", Postflights = "/checks/after" },
    });

    /// <summary>What the job has handed out since the last look: items by number, checks by phase and try.</summary>
    private static string HandedOut(ScriptedJob job)
    {
        var items = job.Sent<WorkerMessages.SyncInstances>().SelectMany(sync => sync.Instances).SelectMany(instance => instance.Items)
            .Concat(job.Sent<WorkerMessages.HandOut>().SelectMany(handOut => handOut.Items));
        return string.Join(' ', items.Select(item => item.Seq >= 0 ? $"{item.Seq + 1}" : item.Check == FlightPhase.None ? $"run{item.Attempt}" : $"{item.Check}{item.Attempt}"));
    }

    private static string Told(ScriptedJob job, Action<ScriptedJob> word)
    {
        job.Look();
        word(job);
        return HandedOut(job);
    }

    [Fact]
    public void Should_check_before_the_first_item_and_after_the_last_when_a_job_asks_for_it()
    {
        var job = Checked(2);

        Assert.Equal("Preflights-1", Told(job, it => it.Grant()));
        Assert.Equal("", Told(job, it => it.Start()));
        Assert.Equal("1", Told(job, it => it.End()));
        Assert.Equal("2", Told(job, it => it.End(1)));
        Assert.Equal("Postflights-2", Told(job, it => it.End(2)));
        Assert.Equal((Status.Running, Status.Complete), (job.State.Instances[0].Status, job.State.AgendaStatus()));
        job.Look();
        Assert.Equal("complete-subjob-0 done-subjob-0 complete-job done-job", job.End().Look());
        Assert.Equal(1, job.State.Instances[0].Count);
    }

    [Fact]
    public void Should_check_what_the_host_checks_when_the_job_asks_for_nothing()
    {
        var job = new ScriptedJob(0);

        Assert.Equal("Preflights-1", Told(job, it => it.Grant(checks: FlightChecks.Preflights | FlightChecks.Postflights).Start()));
        Assert.Equal("run1", Told(job, it => it.End()));
        Assert.Equal("Postflights-2", Told(job, it => it.End()));
        Assert.Equal(Status.Complete, job.End().State.Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Should_fail_the_instance_and_touch_no_item_when_a_preflight_fails(int items)
    {
        var job = Checked(items).Begin();

        Assert.Equal("", Told(job, it => it.End(outcome: EndOutcome.Failed)));
        Assert.Equal((Status.Failed, Status.Failed, 1), (job.State.Status, job.State.Instances[0].Status, job.State.Instances[0].Count));
        Assert.Equal(items, job.State.Items.CountOf(Status.Pending));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Should_start_elsewhere_as_often_as_retries_allow_when_preflights_fail(int items)
    {
        var job = Checked(items, retries: 1).Begin().End(outcome: EndOutcome.Failed);

        Assert.Equal((Status.Pending, "h1", 1), (job.State.Instances[0].Status, job.Demand.ExcludedHosts, job.Demand.Wanted));
        Assert.Equal("Preflights-2", Told(job, it => it.Begin("h2")));
        Assert.Equal(Status.Failed, job.End(outcome: EndOutcome.Failed).State.Instances[0].Status);
        Assert.Equal(2, job.State.Instances[0].Count);
        Assert.Equal((0, Status.Pending), (job.Verb(JobVerb.Retry).State.Instances[0].Count, job.State.Instances[0].Status));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Should_fail_the_instance_and_keep_its_items_when_a_postflight_fails(int retries)
    {
        var job = Checked(1, retries).Begin().End().End(1).End(outcome: EndOutcome.Failed);

        Assert.Equal((Status.Failed, Status.Complete, Status.Complete), (job.State.Instances[0].Status, job.State.AgendaStatus(), job.State.Status));
    }

    [Fact]
    public void Should_run_the_postflights_and_stay_failed_when_the_command_has_failed()
    {
        var job = Checked(0).Begin().End();
        job.Look();

        var checks = job.End(outcome: EndOutcome.Failed).Sent<WorkerMessages.HandOut>().SelectMany(handOut => handOut.Items).Single();

        Assert.Equal((FlightPhase.Postflights, Status.Failed, 1), (checks.Check, checks.Becomes, checks.LastExitCode));
        Assert.Equal(Status.Failed, job.End().State.Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Should_check_again_under_a_new_number_when_how_it_went_is_lost_and_never_repeat_what_is_recorded(int items)
    {
        var job = Checked(items).Begin();

        Assert.Equal("Preflights-1", Told(job, it => it.Recover()));
        Assert.Equal("Preflights-2", Told(job, it => it.End(outcome: EndOutcome.Lost)));
        job.End().Recover().End(items);
        Assert.Equal("Postflights-3", Told(job, it => it.Recover()));
        Assert.Equal("Postflights-4", Told(job, it => it.End(outcome: EndOutcome.Lost)));
        Assert.Equal(Status.Complete, job.Recover().End().State.Status);
    }

    [Fact]
    public void Should_keep_what_the_command_came_to_when_the_host_is_lost_during_the_postflights()
    {
        var job = Checked(0).Begin().End().End().LoseHost();

        Assert.Equal((Status.Complete, Status.Complete), (job.State.Instances[0].Status, job.State.Status));
    }

    [Theory]
    [InlineData(JobVerb.Kill, Status.Killed)]
    [InlineData(JobVerb.Block, Status.Blocked)]
    public void Should_end_the_checks_and_ask_for_no_more_when_a_verb_ends_the_run(JobVerb verb, Status status)
    {
        var job = Checked(2).Begin();

        Assert.Equal("", Told(job, it => it.Verb(verb).End(outcome: EndOutcome.Stopped)));
        Assert.Equal((status, null), (job.State.Instances[0].Status, job.State.Instances[0].Host));
    }

    [Fact]
    public void Should_check_and_be_pending_when_an_instance_is_preempted_between_items()
    {
        var job = Checked(2).Begin().End().Verb(JobVerb.Preempt);

        Assert.Equal("Postflights-2", Told(job, it => it.End(1)));
        Assert.Equal((Status.Pending, 0), (job.End().State.Instances[0].Status, job.State.Instances[0].Count));
    }

    [Theory]
    [InlineData(0, "run1 run1")]
    [InlineData(4, "1 2")]
    public void Should_begin_when_the_last_instance_is_there_and_not_before_when_a_job_has_the_flag_grid(int items, string begun)
    {
        var job = new ScriptedJob(items, cpus: 2, spec => spec with { Flags = JobFlags.Grid });

        Assert.Equal("", Told(job, it => it.Begin()));
        Assert.Equal((Status.Running, 1), (job.State.Instances[0].Status, job.Demand.Wanted));
        Assert.Equal(begun, string.Join(' ', Told(job, it => it.Grant("h2")).Split(' ').Order(StringComparer.Ordinal)));
    }
}
