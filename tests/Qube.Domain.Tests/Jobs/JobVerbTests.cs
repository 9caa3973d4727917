using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>What verbs do, beside what they tell: to processes, hosts, counts and attributes (spec/callbacks.md §11, spec/jobs.md §6.1).</summary>
public sealed class JobVerbTests
{
    [Theory]
    [InlineData(JobVerb.Interrupt)]
    [InlineData(JobVerb.Migrate)]
    public void Should_run_the_item_again_without_counting_a_failure_when_it_is_taken_off(JobVerb verb)
    {
        var job = new ScriptedJob(2).Begin();
        job.Look();

        job.Verb(verb);
        Assert.True(Assert.Single(job.Sent<WorkerMessages.StopItems>()).Kill);
        Assert.Equal(0, job.Demand.Wanted); // Not before its process is gone.
        job.End(1, EndOutcome.Stopped);
        Assert.Equal((1, 0), (job.Demand.Wanted, job.State.Items.RecordOf(0).Count));
        job.Begin("h2").End(1, EndOutcome.Failed);
        Assert.Equal((Status.Failed, 1), (job.State.Items.StatusOf(0), job.State.Items.RecordOf(0).Count));
    }

    [Fact]
    public void Should_not_count_against_retrysubjob_when_a_run_is_taken_off()
    {
        var job = new ScriptedJob(0, change: spec => spec with { RetrySubjob = 0 });

        job.Begin().Verb(JobVerb.Interrupt).End(0, EndOutcome.Stopped).Begin().Verb(JobVerb.Preempt).End(0, EndOutcome.Stopped);

        Assert.Equal((Status.Pending, 0), (job.State.Instances[0].Status, job.State.Instances[0].Count));
        job.Begin().End(0, EndOutcome.Failed);
        Assert.Equal((Status.Failed, 1), (job.State.Instances[0].Status, job.State.Instances[0].Count));
    }

    [Fact]
    public void Should_stay_away_from_the_host_for_its_time_when_it_is_migrated()
    {
        var job = new ScriptedJob(2).Begin();

        job.Verb(JobVerb.Migrate).End(1, EndOutcome.Stopped);

        Assert.Equal(("h1", ""), (job.Demand.ExcludedHosts, job.Demand.OmitHosts));
        job.Recover();
        Assert.Equal("h1", job.Demand.ExcludedHosts);
        job.After(1199);
        Assert.Equal("h1", job.Demand.ExcludedHosts);
        job.After(1);
        Assert.Equal("", job.Demand.ExcludedHosts);
    }

    [Fact]
    public void Should_only_take_back_what_has_not_started_when_it_is_preempted()
    {
        var job = new ScriptedJob(2).Begin();
        job.Look();

        job.Verb(JobVerb.Preempt);

        Assert.False(Assert.Single(job.Sent<WorkerMessages.StopItems>()).Kill);
        job.End(1);
        Assert.True(Assert.Single(job.Sent<WorkerMessages.HandOut>()).Leave);
        Assert.Equal((Status.Pending, null), (job.State.Instances[0].Status, job.State.Instances[0].Host));
    }

    [Fact]
    public void Should_keep_the_slot_and_say_so_until_it_is_heard_when_it_is_suspended()
    {
        var job = new ScriptedJob(2).Begin();
        job.Look();

        job.Verb(JobVerb.Suspend);
        Assert.True(Assert.Single(job.Sent<WorkerMessages.SuspendInstance>()).Suspended);
        Assert.Equal("h1", Assert.Single(job.Demand.Holds).Host);
        Assert.Equal(Status.Running, job.State.Items.StatusOf(0));
        job.Look();
        job.After(6); // Nothing heard: said again.
        Assert.True(Assert.Single(Assert.Single(job.Sent<WorkerMessages.SyncInstances>()).Instances).Suspended);
        job.Look();
        job.Start().After(60); // Heard.
        Assert.Empty(job.Sent<WorkerMessages.SyncInstances>());
        job.Recover();
        Assert.All(job.Sent<WorkerMessages.SyncInstances>().Where(sync => sync.Instances.Length > 0), sync => Assert.True(sync.Instances[0].Suspended));
        job.Look();
        job.Verb(JobVerb.Resume);
        Assert.False(Assert.Single(job.Sent<WorkerMessages.SuspendInstance>()).Suspended);
        job.End(1);
        Assert.Equal((Status.Complete, Status.Running), (job.State.Items.StatusOf(0), job.State.Status));
    }

    [Fact]
    public void Should_stay_suspended_when_its_host_is_lost()
    {
        var job = new ScriptedJob(2).Begin().Verb(JobVerb.Suspend).LoseHost();

        Assert.Equal((Status.Suspended, 0), (job.State.Status, job.Demand.Wanted));
        job.Verb(JobVerb.Resume);
        Assert.Equal((Status.Pending, 1), (job.State.Status, job.Demand.Wanted));
    }

    [Theory]
    [InlineData(JobVerb.Suspend, Status.Suspended)]
    [InlineData(JobVerb.Interrupt, Status.Pending)]
    [InlineData(JobVerb.Migrate, Status.Pending)]
    [InlineData(JobVerb.Block, Status.Blocked)]
    [InlineData(JobVerb.Kill, Status.Killed)]
    [InlineData(JobVerb.Fail, Status.Failed)]
    public void Should_leave_other_instances_alone_when_one_is_named(JobVerb verb, Status becomes)
    {
        var job = new ScriptedJob(6, 3).Begin().Begin(instance: 1).Begin(instance: 2);

        job.Verb(verb, instances: [1], callback: true);

        Assert.Equal([Status.Running, becomes, Status.Running], job.State.Instances.Select(instance => instance.Status));
        Assert.Equal(["250.1"], job.Answer!.Affected);
    }

    [Fact]
    public void Should_unblock_one_when_one_is_asked_for()
    {
        var job = new ScriptedJob(6, 3).Verb(JobVerb.Block);

        job.Verb(JobVerb.Unblock, callback: true, single: true);
        Assert.Equal([Status.Pending, Status.Blocked, Status.Blocked], job.State.Instances.Select(instance => instance.Status));
        job.Verb(JobVerb.Unblock, instances: [2], callback: true, single: true);
        Assert.Equal([Status.Pending, Status.Blocked, Status.Pending], job.State.Instances.Select(instance => instance.Status));
        job.Verb(JobVerb.Unblock, instances: [2], callback: true, single: true);
        Assert.Equal([Status.Pending, Status.Pending, Status.Pending], job.State.Instances.Select(instance => instance.Status));
    }

    [Fact]
    public void Should_end_a_run_of_no_agenda_by_itself_and_complete_it_when_it_is_retired()
    {
        var job = new ScriptedJob(0).Begin();
        job.Look();

        job.Verb(JobVerb.Retire);
        Assert.False(Assert.Single(job.Sent<WorkerMessages.StopItems>()).Kill);
        job.End(0, EndOutcome.Failed);

        Assert.Equal(Status.Complete, job.State.Status);
    }

    [Fact]
    public void Should_change_what_it_is_placed_by_when_it_is_modified()
    {
        var job = new ScriptedJob(6, 2);

        job.Modify(
            """
            {"name":"n","priority":"7","hosts":["a","b"],"omithosts":"c","requirements":"host.os = linux","reservations":"host.processors=2","account":"film","notes":"x",
             "retrywork":2,"timeout":3,"agendatimeout":4,"timelimit":5,"agenda_timelimit":6,"env":{"A":"1"},"prod_show":"s"}
            """);

        var demand = job.Demand;
        Assert.Equal((7, "a,b", "c", "host.os = linux", "host.processors=2", "n"), (demand.Priority, demand.Hosts, demand.OmitHosts, demand.Requirements, demand.Reservations, demand.Name));
        var spec = job.State.Spec;
        Assert.Equal((2, 3, 4, 5, 6), (spec.RetryWork, spec.TimeoutSeconds, spec.AgendaTimeoutSeconds, spec.TimeLimitSeconds, spec.AgendaTimeLimitSeconds));
        Assert.Equal(["A", "1"], spec.Command.Env);
        Assert.Equal("true", spec.Command.CmdLine);
        var shown = JsonDocument.Parse(JobView.Json(job.State, "", agenda: false, subjobs: false)).RootElement;
        Assert.Equal(("film", "x", 3, "\"s\""), (shown.GetProperty("account").GetString(), shown.GetProperty("notes").GetString(), shown.GetProperty("timeout").GetInt32(), shown.GetProperty("prod_show").GetRawText()));
        Assert.Equal(["250"], job.Answer!.Affected);
    }

    [Theory]
    [InlineData("""{"priority":"high"}""", "job 250, priority: expected a whole number, found 'high'")]
    [InlineData("""{"status":"complete"}""", "job 250, status: cannot be changed after submission")]
    [InlineData("""{"priorty":5}""", "job 250, priorty: there is no such attribute; did you mean priority?")]
    [InlineData("""{"mine":[1]}""", "job 250, mine: there is no such attribute")]
    [InlineData("""{"requirements":"host.os ="}""", "job 250, requirements: 'host.os =': column")]
    [InlineData("""{"cpus":0}""", "job 250, cpus: expected 1 to 100000 instances, found 0")]
    [InlineData("""{"label":"a&b"}""", "job 250, label: 'a&b' holds '&', which has a meaning of its own in triggers")]
    [InlineData("""{"package":{}}""", "job 250, package.cmdline: a job of prototype cmdrange needs a command")]
    public void Should_refuse_whole_and_say_why_when_a_value_is_wrong(string change, string error)
    {
        var job = new ScriptedJob(2);

        job.Modify(change[..^1] + ",\"name\":\"new\"}");

        Assert.StartsWith(error, job.Answer!.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (job.Answer.Affected.Length, job.State.Spec.Name));
    }

    [Fact]
    public void Should_ask_the_group_first_when_it_is_to_move()
    {
        var job = new ScriptedJob(2);
        const string Move = """{"pgrp":900,"label":"b"}""";

        Assert.Null(job.GroupFor("""{"pgrp":250,"label":"qube0"}"""));
        Assert.Equal((900, "b", false), job.GroupFor(Move) is { } named ? (named.Pgrp, named.Label, named.IsAutomatic) : default);
        Assert.Equal((900, "qube0", true), job.GroupFor("""{"pgrp":900}""") is { } automatic ? (automatic.Pgrp, automatic.Label, automatic.IsAutomatic) : default);
        job.Look();
        job.Modify(Move, new FarmMessages.GroupJoined { Pgrp = 900, JobId = new JobId(250), Label = "b", Problem = "'b' is taken by job 7 of process group 900" });
        Assert.Equal(("job 250, label: 'b' is taken by job 7 of process group 900", ""), (job.Answer!.Error, job.Look()));
        job.Modify(Move, new FarmMessages.GroupJoined { Pgrp = 900, JobId = new JobId(250), Label = "b" });
        Assert.Equal((900, "b"), (job.State.Spec.Pgrp, job.State.Spec.Label));
        Assert.Equal(250, Assert.Single(job.Sent<FarmMessages.LeaveGroup>()).Pgrp);
        Assert.Equal("modified-job", job.Look());
    }

    [Fact]
    public void Should_grow_and_shrink_when_the_number_of_instances_changes()
    {
        var job = new ScriptedJob(10, 3).Begin().Begin(instance: 1);

        job.Modify("""{"cpus":5}""");
        Assert.Equal((5, 3, 5), (job.State.Instances.Length, job.Demand.Wanted, job.State.Spec.Instances));
        job.Modify("""{"cpus":1}""");
        Assert.Equal((2, 0, 1), (job.State.Instances.Length, job.Demand.Wanted, job.State.Spec.Instances)); // The second one finishes its item.
        job.Look();
        job.End(2, instance: 1);
        Assert.Equal("complete-work-2 done-work-2 complete-subjob-1 done-subjob-1", job.Look());
        job.Verb(JobVerb.Retry, VerbScope.Work, items: ["2"]);
        Assert.Equal("retry-work-2 pending-work-2", job.Look()); // Not by the one that was let go.
        job.Modify("""{"cpus":4}""");
        Assert.Equal("pending-subjob-1 modified-job", job.Look());
        Assert.Equal([Status.Running, Status.Pending, Status.Pending, Status.Pending], job.State.Instances.Select(instance => instance.Status));
        job.Begin("h2", 1).Modify("""{"cpus":40}""");
        Assert.Equal(10, job.State.Spec.Instances);
        job.Recover();
        Assert.Equal(10, job.State.Instances.Length);
    }

    [Fact]
    public void Should_give_back_its_slot_when_it_is_removed_while_a_process_dies()
    {
        var job = new ScriptedJob(2).Begin().Verb(JobVerb.Kill).Verb(JobVerb.Remove);
        Assert.Single(job.Demand.Holds);

        job.End(1, EndOutcome.Stopped);

        Assert.Empty(job.Demand.Holds);
    }
}
