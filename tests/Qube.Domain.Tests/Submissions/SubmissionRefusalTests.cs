using System.Collections.Immutable;
using Qube.Contracts;
using Qube.Domain.Submissions;
using Xunit;
using static Qube.Domain.Tests.Submissions.Submitting;

namespace Qube.Domain.Tests.Submissions;

public class SubmissionRefusalTests
{
    [Fact]
    public void Should_name_job_field_and_column_when_a_trigger_is_malformed()
    {
        var error = Refusal(Job() + "," + Job("'label':'render','callbacks':[{'triggers':'complete-job-self && ','language':'qube','code':'unblock-self'}]"));

        Assert.Equal("job 2 (label render), callbacks[0].triggers: column 22: expected an event such as complete-job-self, or (, found end of text", error.Message);
        Assert.Equal(("render", "callbacks[0].triggers", 22), (error.Job, error.Field, error.Column));
    }

    [Fact]
    public void Should_name_the_element_when_a_trigger_in_a_list_is_malformed()
    {
        var error = Refusal(Job("'callbacks':[{'triggers':['complete-job-self','complete-jub-self'],'language':'qube','code':'unblock-self'}]"));

        Assert.Equal(("1", "callbacks[0].triggers[1]", 10), (error.Job, error.Field, error.Column));
        Assert.StartsWith("job 1, callbacks[0].triggers[1]: column 10: expected one of job, subjob, work", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("requirements", "host.os is linux", 9)]
    [InlineData("requirements", "(host.os = linux", 17)]
    [InlineData("reservations", "host.memory=2,host.processors=many", 15)]
    public void Should_name_job_field_and_column_when_what_a_host_must_have_cannot_be_read(string field, string text, int column)
    {
        var error = Refusal(Job() + "," + Job($"'label':'render','{field}':'{text}'"));

        Assert.Equal(("render", field, column), (error.Job, error.Field, error.Column));
        Assert.StartsWith($"job 2 (label render), {field}: '{text}': column {column}: found ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_all_when_two_jobs_have_one_label()
    {
        var error = Refusal(Job("'label':'a'") + "," + Job("'label':'b'") + "," + Job("'label':'a'"));

        Assert.Equal("job 3 (label a), label: the label 'a' is already that of job 1 (label a)", error.Message);
        Assert.Equal("label", error.Field);
    }

    [Fact]
    public void Should_refuse_a_label_when_a_member_of_the_group_has_it()
    {
        var error = Refusal(Job("'label':'a','pgrp':290"), Context with { Members = [new GroupMember(290, "a")] });

        Assert.Equal("job 1 (label a), label: the label 'a' is already that of job 290 of process group 290", error.Message);
    }

    [Theory]
    [InlineData("self", "has a meaning of its own")]
    [InlineData("Parent", "has a meaning of its own")]
    [InlineData("123", "would be read as a job id")]
    [InlineData("a&b", "holds '&'")]
    [InlineData("a,b", "holds ','")]
    [InlineData("(a", "holds '('")]
    [InlineData(" a", "begins or ends with a blank")]
    public void Should_refuse_a_label_when_triggers_could_not_name_it(string label, string reason) =>
        Assert.Contains(reason, Refusal(Job($"'label':'{label}'")).Message, StringComparison.Ordinal);

    [Fact]
    public void Should_name_the_circle_when_dependencies_form_one()
    {
        var error = Refusal(
            Job("'label':'out'") + "," + Job("'label':'a','dependency':'link-complete-job-b'") + "," + Job("'label':'b','dependency':'link-complete-job-c'")
            + "," + Job("'label':'c','dependency':'link-complete-job-a,link-done-job-out'"));

        Assert.Equal(
            "job 2 (label a), dependency: a cycle, none of these jobs could ever start: a waits for b, b waits for c, c waits for a", error.Message);
    }

    [Fact]
    public void Should_refuse_a_job_when_it_waits_for_itself() =>
        Assert.Equal(
            "job 1 (label a), dependency: a cycle, none of these jobs could ever start: a waits for a",
            Refusal(Job("'label':'a','dependency':'link-complete-job-a'")).Message);

    [Fact]
    public void Should_accept_a_circle_when_an_alternative_leads_out_of_it() =>
        Accepted(Job("'label':'a','dependency':'link-complete-job-b OR link-complete-job-x'") + "," + Job("'label':'b','dependency':'link-complete-job-a'")
            + "," + Job("'label':'x'"));

    [Fact]
    public void Should_point_at_the_place_when_a_frame_range_is_none()
    {
        var error = Refusal(Job("'label':'r','agenda':{'range':'1-10,20-'}"));

        Assert.Equal(("r", "agenda"), (error.Job, error.Field));
        Assert.Equal(9, error.Column);
        Assert.StartsWith("job 1 (label r), agenda: '1-10,20-' is no frame range: column 9: found end of text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_an_agenda_when_an_item_name_is_there_twice() =>
        Assert.Equal(
            "job 1, agenda: found item name '3' a second time, expected names unique within the job",
            Refusal(Job("'agenda':[{'range':'1-5'},'x',{'name':3}]")).Message);

    [Fact]
    public void Should_say_that_it_is_switched_off_when_a_language_is_disabled()
    {
        var error = Refusal(
            Job("'callbacks':[{'triggers':'complete-job-self','language':'Python','code':'print(1)'}]"),
            Context with { EnabledLanguages = ["qube", "mail"] });

        Assert.Equal(
            "job 1, callbacks[0].language: callbacks in language 'python' are switched off on this farm (supervisor_language_flags)", error.Message);
    }

    [Theory]
    [InlineData("unblok-self", "'unblok-self' is no verb; did you mean unblock-self?")]
    [InlineData("xyz", "'xyz' is no verb; known are unblock-self, block-self,")]
    [InlineData("", "a callback in language qube needs a verb such as unblock-self")]
    public void Should_offer_near_ones_when_a_verb_is_unknown(string code, string message)
    {
        var error = Refusal(Job($"'callbacks':[{{'triggers':'complete-job-self','language':'qube','code':'{code}'}}]"));

        Assert.Equal("callbacks[0].code", error.Field);
        Assert.StartsWith("job 1, callbacks[0].code: " + message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'language':'pyton','code':'x'", "callbacks[0].language: 'pyton' is no language of callbacks; did you mean python?")]
    [InlineData("'code':'x'", "callbacks[0].language: a callback needs a language: qube, python, perl, mail, webhook")]
    [InlineData("'language':'python','code':'  '", "callbacks[0].code: a callback in language python needs code")]
    [InlineData("'language':'perl'", "callbacks[0].code: a callback in language perl needs code")]
    [InlineData("'language':'webhook'", "callbacks[0].code: a callback in language webhook needs a URL such as https://tracker.example.com/hooks/qube")]
    [InlineData("'language':'webhook','code':'tracker/hook'", "callbacks[0].code: 'tracker/hook' is no URL of a web hook; expected http://… or https://…")]
    [InlineData("'language':'webhook','code':'file:///etc/passwd'", "callbacks[0].code: 'file:///etc/passwd' is no URL of a web hook; expected http://… or https://…")]
    [InlineData("'language':'webhook','code':'http://a b/'", "callbacks[0].code: 'http://a b/' is no URL of a web hook; expected http://… or https://…")]
    [InlineData("'language':'webhook','code':'https://'", "callbacks[0].code: 'https://' is no URL of a web hook; expected http://… or https://…")]
    [InlineData("'language':'webhook','code':'https://me:secret@tracker/'", "callbacks[0].code: a web hook's URL has no place for a user and password; receivers check the signature")]
    public void Should_refuse_a_callback_when_it_could_not_run(string keys, string message) =>
        Assert.Equal("job 1, " + message, Refusal(Job($"'callbacks':[{{'triggers':'complete-job-self',{keys}}}]")).Message);

    [Theory]
    [InlineData("{'package':{'cmdline':'x'}}", "job 1, prototype: a job needs a prototype such as cmdline or cmdrange")]
    [InlineData("{'prototype':'cmdline'}", "job 1, package.cmdline: a job of prototype cmdline needs a command")]
    [InlineData("{'type':'pyCmdrange','package':{'cmdline':' '}}", "job 1, package.cmdline: a job of prototype pyCmdrange needs a command")]
    [InlineData("7", "job 1, jobs: expected a job's dictionary, found 7")]
    [InlineData("{'prototype':'x','priority':'high'}", "job 1, priority: expected a whole number, found 'high'")]
    [InlineData("{'prototype':'x','flags':'auto_mont'}", "job 1, flags: 'auto_mont' is no flag; did you mean auto_mount?")]
    [InlineData("{'prototype':'x','status':'runing'}", "job 1, status: expected pending or blocked, found 'runing'")]
    [InlineData("{'prototype':'x','env':[1]}", "job 1, env: expected a dictionary, found a list")]
    [InlineData("{'prototype':'x','label':{}}", "job 1, label: expected text, found a dictionary")]
    [InlineData("{'prototype':'x','agenda':[{'status':'blocked'}]}", "job 1, agenda[0].name: an item has no name")]
    [InlineData("{'prototype':'x','dependency':'link-complete-jub-1'}", "job 1, dependency: 'link-complete-jub-1': column 15: expected job, work or subjob, found 'jub'")]
    [InlineData("{'prototype':'x','pgrp':900}", "job 1, pgrp: there is no process group 900")]
    public void Should_say_what_is_wrong_when_a_job_is_incomplete(string job, string message) => Assert.Equal(message, Refusal(job).Message);

    [Theory]
    [InlineData("900", "job 1, dependency: column 1: 'link-complete-job-900' waits for job 900, which does not exist or has been removed", 1)]
    [InlineData("complete-work-300", "job 1, dependency: column 15: 'link-complete-work-300' waits for job 300, which does not exist or has been removed", 15)]
    [InlineData("link-done-job-parent", "job 1, dependency: 'link-done-job-parent' names the parent, but the job has none (pid 1)", null)]
    public void Should_refuse_a_dependency_when_there_is_no_such_job(string dependency, string message, int? column)
    {
        var error = Refusal(Job($"'dependency':'{dependency}'"));

        Assert.Equal((message, column), (error.Message, error.Column));
    }

    [Fact]
    public void Should_refuse_a_dependency_when_the_job_has_been_removed() =>
        Assert.Contains(
            "job 280, which does not exist or has been removed",
            Refusal(Job("'waitfor':280"), With(new JobMessages.Source { JobId = new(280), Exists = true, Removed = true })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Should_refuse_any_job_as_context_when_the_callback_has_an_owner() =>
        Assert.Contains(
            "the context * (any job) is for global callbacks",
            Refusal(Job("'callbacks':[{'triggers':'complete-job-*','language':'qube','code':'unblock-self'}]")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Should_refuse_all_when_jobs_join_several_groups() =>
        Assert.Equal(
            "job 2, pgrp: jobs submitted together are one process group, found 11 beside 10",
            Refusal(Job("'pgrp':10") + "," + Job("'pgrp':'11'")).Message);
}
