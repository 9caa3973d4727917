using Qube.Contracts;
using Qube.Domain.Submissions;
using Xunit;
using static Qube.Domain.Tests.Submissions.Submitting;

namespace Qube.Domain.Tests.Submissions;

public class SubmissionDeciderTests
{
    [Fact]
    public void Should_number_and_label_jobs_when_they_come_together()
    {
        var jobs = Accepted(Job() + "," + Job("'label':'qube0'") + "," + Job()).Jobs;

        Assert.Equal([300L, 301, 302], jobs.Select(job => job.JobId.Value));
        Assert.Equal([300L, 300, 300], jobs.Select(job => job.Pgrp));
        Assert.Equal(["qube1", "qube0", "qube2"], jobs.Select(job => job.Label));
    }

    [Fact]
    public void Should_skip_labels_of_members_when_it_joins_a_group()
    {
        var job = Only(Job("'pgrp':290"), Context with { Members = [new GroupMember(290, "qube0"), new GroupMember(291, "x")] });

        Assert.Equal((290, "qube1"), (job.Pgrp, job.Label));
    }

    [Theory]
    [InlineData("'cpus':8", 3)]
    [InlineData("'cpus':2", 2)]
    [InlineData("'cpus':8,'flags':'disable_cpu_limit'", 8)]
    [InlineData("'cpus':1,'flags':32", 3)]
    [InlineData("'cpus':0", 1)]
    public void Should_shrink_instances_to_items_when_there_are_more(string keys, int instances) =>
        Assert.Equal(instances, Only(Frames("1-3", keys)).Instances);

    [Fact]
    public void Should_say_so_when_it_takes_another_value()
    {
        var accepted = Accepted(Job("'priority':0,'cpus':-2,'status':'running'"));

        Assert.Equal((1, 1, false), (accepted.Jobs[0].Priority, accepted.Jobs[0].Instances, accepted.Jobs[0].Blocked));
        Assert.Equal(
            [
                "job 1, status: a job can be submitted pending or blocked; 'running' is taken as pending",
                "job 1, priority: 0 is outside 1 to 9999, 1 is taken",
                "job 1, cpus: a job has at least 1 instance, found -2; 1 is taken",
            ],
            accepted.Warnings);
        Assert.Equal(accepted.Warnings, accepted.Jobs[0].Warnings);
    }

    [Fact]
    public void Should_accept_a_prototype_when_nobody_knows_it() => Assert.Equal("maya", Only("{'prototype':'maya','package':{'scene':'x'}}").Prototype);

    [Fact]
    public void Should_join_a_list_of_triggers_when_there_is_one()
    {
        var callbacks = Only(Frames(
            "1-3",
            "'callbacks':[{'triggers':['complete-work-self-1','complete-work-self-2 and done-work-self-3'],'language':'python','code':'x'},"
            + "{'triggers':'done-job-self','language':'qube','code':' Kill-Self ','max':2,'catchup':0}]")).Callbacks;

        Assert.Equal("complete-work-self-1 || complete-work-self-2 && done-work-self-3", callbacks[0].Triggers);
        Assert.Equal((1, -1, false, "ann"), (callbacks[0].Id, callbacks[0].Max, callbacks[0].Catchup, callbacks[0].User));
        Assert.Equal((2, "kill-self", 2, false), (callbacks[1].Id, callbacks[1].Code, callbacks[1].Max, callbacks[1].Catchup));
    }

    [Theory]
    [InlineData("qube", "unblock-self", true)]
    [InlineData("python", "x", false)]
    [InlineData("perl", "x", false)]
    [InlineData("webhook", " https://tracker.example.com/hooks?show=1 ", false)]
    [InlineData("mail", "", false)]
    public void Should_count_what_was_before_when_the_language_does(string language, string code, bool catchup) =>
        Assert.Equal(
            catchup, Only(Job($"'callbacks':[{{'triggers':'done-job-self','language':'{language}','code':'{code}'}}]")).Callbacks[0].Catchup);

    [Fact]
    public void Should_find_a_label_when_only_its_case_differs() =>
        Assert.Equal(
            "complete-job-ribGen",
            Accepted(Job("'label':'ribGen'") + "," + Job("'callbacks':[{'triggers':'complete-job-ribgen','language':'qube','code':'unblock-self'}]"))
                .Jobs[1].Callbacks[0].Triggers);

    [Fact]
    public void Should_make_internal_callbacks_anew_when_a_job_is_submitted_again()
    {
        var accepted = Accepted(Job("'label':'a'") + ","
            + Job("'dependency':'link-done-job-a','callbacks':[{'triggers':'done-job-12','language':'dependency','code':'unblock-self'}]"));

        Assert.Equal(["done-job-300"], accepted.Jobs[1].Callbacks.Select(callback => callback.Triggers));
        Assert.Contains("language 'dependency' is the supervisor's own", Assert.Single(accepted.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("complete-job-nobody", "'complete-job-nobody' can never fire unless a job with the label 'nobody' joins process group 300: nobody has it now")]
    [InlineData("complete-job-900", "'complete-job-900' can never fire: job 900 does not exist or has been removed")]
    [InlineData("complete-job-parent", "'complete-job-parent' can never fire: the job has no parent (pid 1)")]
    [InlineData("complete-work-self-7", "'complete-work-self-7' can never fire: this job has no item '7'")]
    [InlineData("complete-work-one-7", "'complete-work-one-7' can never fire: the job labelled 'one' has no items")]
    [InlineData("done-subjob-one-1", "'done-subjob-one-1' can never fire: the job labelled 'one' has 1 instances, counted from 0")]
    [InlineData("complate-job-self", "'complate-job-self' can never match unless 'complate' is raised by qb.trigger; did you mean 'complete'?")]
    public void Should_warn_when_a_pattern_cannot_fire(string trigger, string warning)
    {
        var accepted = Accepted(Frames("1-3", $"'callbacks':[{{'triggers':'{trigger}','language':'python','code':'x'}}]") + "," + Job("'label':'one'"));

        Assert.Equal($"job 1, callbacks[0].triggers: {warning}", Assert.Single(accepted.Warnings));
    }

    [Theory]
    [InlineData("python", "x", "complete-job-280", "will not fire unless job 280 is run again: it is failed already; 'catchup': True counts what was before")]
    [InlineData("qube", "unblock-self", "complete-job-280", "will not fire unless job 280 is run again: it has ended as failed")]
    [InlineData("qube", "unblock-self", "done-job-280", null)]
    [InlineData("python", "x", "removed-job-280", null)]
    [InlineData("qube", "unblock-work-self", "complete-work-280-2", "will not fire unless item 2 of job 280 is run again: it has ended as failed")]
    [InlineData("qube", "unblock-work-self", "complete-work-280-1", null)]
    [InlineData("python", "x", "complete-work-280-1", "will not fire unless item 1 of job 280 is run again: it is complete already; 'catchup': True counts what was before")]
    public void Should_warn_when_what_it_waits_for_is_over(string language, string code, string trigger, string? warning)
    {
        var over = new JobMessages.Source
        {
            JobId = new(280),
            Exists = true,
            Status = Status.Failed,
            Instances = 1,
            Agenda = new() { Parts = [new() { Kind = AgendaPart.FramesKind, First = 1, Last = 2, Step = 1 }] },
            CompleteItems = [0, 0],
            FailedItems = [1, 1],
        };
        var accepted = Accepted(Frames("1-3", $"'callbacks':[{{'triggers':'{trigger}','language':'{language}','code':'{code}'}}]"), With(over));

        Assert.Equal(warning is null ? [] : [$"job 1, callbacks[0].triggers: '{trigger}' {warning}"], accepted.Warnings);
    }

    [Fact]
    public void Should_warn_when_a_verb_has_no_item_to_act_on()
    {
        var accepted = Accepted(Frames("1-9", "'label':'a'") + ","
            + Frames("1-3", "'callbacks':[{'triggers':'complete-work-a-5','language':'qube','code':'unblock-work-self'}]") + ","
            + Job("'callbacks':[{'triggers':'complete-work-a-5','language':'qube','code':'unblock-work-self'}]"));

        Assert.Equal(
            [
                "job 2, callbacks[0].triggers: 'complete-work-a-5' with unblock-work-self acts on item '5' of this job, which it does not have",
                "job 3, callbacks[0].triggers: unblock-work-self acts on items, and this job has none",
            ],
            accepted.Warnings);
    }

    [Fact]
    public void Should_stop_at_a_hundred_when_the_same_slip_is_everywhere()
    {
        var callbacks = string.Join(',', Enumerable.Range(0, 250).Select(_ => "{'triggers':'complete-job-900','language':'python','code':'x'}"));
        var warnings = Accepted(Job($"'callbacks':[{callbacks}]")).Warnings;

        Assert.Equal((101, "job 1, callbacks: 150 more warnings like these"), (warnings.Length, warnings[^1]));
    }

    [Fact]
    public void Should_ask_for_jobs_when_triggers_and_dependencies_name_them()
    {
        var draft = Read(Job(
            "'pid':270,'dependency':'link-complete-job-271,complete-work-m','waitfor':'272',"
            + "'callbacks':[{'triggers':'a-job-273 || b-work-parent-1 || c-job-M && d-host-274-x','language':'qube','code':'kill-self'}]")).Draft!;

        Assert.Equal([270L, 271, 272, 273, 274, 290], SubmissionReferences.Of(draft, [new GroupMember(290, "m")]));
    }
}
