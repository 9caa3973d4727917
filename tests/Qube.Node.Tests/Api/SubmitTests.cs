using System.Net;
using Qube.Contracts;
using Xunit;

namespace Qube.Node.Tests.Api;

public sealed class SubmitTests : IAsyncLifetime
{
    private const string Job = "{'prototype':'cmdrange','package':{'cmdline':'true','x': 1.50},'mine':null}";

    private readonly ServedFarm _farm = new();

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Fact]
    public async Task Should_answer_with_ids_and_all_that_was_submitted_when_it_is_accepted()
    {
        var answer = await _farm.PostOk("/api/v1/jobs", $"{{'requestId':'r1','user':'ann','jobs':[{Job},{Job}]}}");

        var jobs = answer.GetProperty("jobs").EnumerateArray().ToArray();
        Assert.Equal([300, 301], jobs.Select(job => job.GetProperty("id").GetInt32()));
        Assert.Equal(["qube0", "qube1"], jobs.Select(job => job.GetProperty("label").GetString()!));
        Assert.Equal("{\"cmdline\":\"true\",\"x\": 1.50}", jobs[0].GetProperty("package").GetRawText());
        Assert.Equal("null", jobs[0].GetProperty("mine").GetRawText());
        Assert.Equal(0, answer.GetProperty("warnings").GetArrayLength());
        var accepted = Assert.Single(_farm.Heard<FarmMessages.AcceptSubmission>());
        Assert.Equal((300L, "r1", 2), (accepted.Pgrp, accepted.RequestId, accepted.Jobs.Length));
        Assert.Equal(("ann", "127.0.0.1"), (accepted.Jobs[0].User, accepted.Jobs[0].SourceHost));
    }

    [Theory]
    [InlineData("complete-job-self && ", "callbacks[0].triggers", 22)]
    [InlineData("complete-jub-self", "callbacks[0].triggers", 10)]
    public async Task Should_issue_no_id_when_a_trigger_is_malformed(string trigger, string field, int column)
    {
        var (status, error) = await _farm.PostError(
            "/api/v1/jobs",
            "{'jobs':[" + Job + ",{'prototype':'x','label':'bad','callbacks':[{'triggers':'" + trigger + "','language':'qube','code':'unblock-self'}]}]}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("job 2 (label bad), callbacks[0].triggers: column ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(("bad", field, column), (error.GetProperty("job").GetString(), error.GetProperty("field").GetString(), error.GetProperty("column").GetInt32()));
        Assert.Empty(_farm.Heard<FarmMessages.IssueIds>());
        Assert.Empty(_farm.Heard<FarmMessages.AcceptSubmission>());
    }

    [Fact]
    public async Task Should_create_nothing_when_it_is_only_checked()
    {
        var answer = await _farm.PostOk("/api/v1/jobs", $"{{'jobs':[{Job}],'check':true}}");

        Assert.Equal((0, 0), (answer.GetProperty("jobs")[0].GetProperty("id").GetInt32(), answer.GetProperty("jobs")[0].GetProperty("pgrp").GetInt32()));
        Assert.Empty(_farm.Heard<FarmMessages.IssueIds>());
    }

    [Fact]
    public async Task Should_ask_nothing_before_the_ids_when_a_submission_names_nothing_but_itself()
    {
        await _farm.PostOk("/api/v1/jobs", $"{{'requestId':'r1','jobs':[{Job}]}}");
        Assert.Single(_farm.Heard<FarmMessages.GetLastId>());
        _farm.Answers = message => message is FarmMessages.IssueIds issue
            ? new FarmMessages.IdsIssued { RequestId = issue.RequestId, FirstId = 301, Count = issue.Count, Pgrp = 301, SequenceNr = 9 }
            : null;

        await _farm.PostOk("/api/v1/jobs", $"{{'requestId':'r2','jobs':[{Job}]}}");

        // Decided on the guessed id, 301; it was that one.
        Assert.Single(_farm.Heard<FarmMessages.GetLastId>());
        var job = Assert.Single(_farm.Heard<FarmMessages.AcceptSubmission>().Last().Jobs);
        Assert.Equal((301L, 301L, 9L), (job.JobId.Value, job.Pgrp, job.FarmCursor));

        // Another has come between: what is accepted has the ids that were issued, and nothing of the guess.
        _farm.Answers = message => message is FarmMessages.IssueIds issue
            ? new FarmMessages.IdsIssued { RequestId = issue.RequestId, FirstId = 305, Count = issue.Count, Pgrp = 305, SequenceNr = 12 }
            : null;
        await _farm.PostOk("/api/v1/jobs", $"{{'requestId':'r3','jobs':[{Job}]}}");
        job = Assert.Single(_farm.Heard<FarmMessages.AcceptSubmission>().Last().Jobs);
        Assert.Equal((305L, 305L, 12L), (job.JobId.Value, job.Pgrp, job.FarmCursor));
    }

    [Fact]
    public async Task Should_ask_and_then_refuse_when_the_farm_issues_no_ids_in_its_mode()
    {
        await _farm.PostOk("/api/v1/jobs", $"{{'requestId':'r1','jobs':[{Job}]}}");
        _farm.Answers = message => message switch
        {
            FarmMessages.IssueIds issue => new FarmMessages.IdsIssued { RequestId = issue.RequestId },
            FarmMessages.GetLastId => new FarmMessages.LastId { Value = 300, Modes = [FarmModes.RejectSubmit] },
            _ => null,
        };

        var (status, error) = await _farm.PostError("/api/v1/jobs", $"{{'requestId':'r2','jobs':[{Job}]}}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(FarmModes.RejectSubmit, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Single(_farm.Heard<FarmMessages.AcceptSubmission>());
    }

    [Fact]
    public async Task Should_give_the_first_answer_again_when_a_request_is_repeated()
    {
        var spec = new JobSpec { JobId = new(280), Pgrp = 270, Label = "a", Prototype = "cmdline" };
        _farm.Answers = message => message switch
        {
            FarmMessages.GetLastId { RequestId: "r9" } => new FarmMessages.LastId { Value = 299, RequestPgrp = 270 },
            FarmMessages.GetProcessGroup { Pgrp: 270, RequestId: "r9" } => new FarmMessages.ProcessGroup
            {
                Pgrp = 270,
                Accepted = new() { Pgrp = 270, Jobs = [spec], Warnings = ["w"] },
            },
            _ => null,
        };

        // The label is taken by now, by this very request.
        var answer = await _farm.PostOk("/api/v1/jobs", $"{{'requestId':'r9','jobs':[{{'prototype':'maya','label':'a','pgrp':270}}]}}");

        Assert.Equal((280, "w"), (answer.GetProperty("jobs")[0].GetProperty("id").GetInt32(), answer.GetProperty("warnings")[0].GetString()));
        Assert.Empty(_farm.Heard<FarmMessages.IssueIds>());
    }

    [Fact]
    public async Task Should_name_the_request_by_its_firing_when_a_callback_script_submits()
    {
        await _farm.Post("/api/v1/jobs", $"{{'requestId':'mine','jobs':[{Job}]}}", ("X-Qube-Firing", "12:1:job-11/4/0"), ("X-Qube-Call", "3"));

        Assert.Equal("12:1:job-11/4/0/3", Assert.Single(_farm.Heard<FarmMessages.IssueIds>()).RequestId);
    }

    [Fact]
    public async Task Should_take_the_next_label_when_another_submission_was_quicker()
    {
        var taken = false;
        _farm.Answers = message =>
        {
            switch (message)
            {
                case FarmMessages.AcceptSubmission when !taken:
                    taken = true;
                    return new FarmMessages.SubmissionRefused { Pgrp = 290, Message = "'qube0' is taken", Field = "label" };
                case FarmMessages.GetProcessGroup when taken:
                    return new FarmMessages.ProcessGroup { Pgrp = 290, JobIds = [298], Labels = ["qube0"] };
                default:
                    return null;
            }
        };

        var answer = await _farm.PostOk("/api/v1/jobs", "{'jobs':[{'prototype':'maya','pgrp':290}]}");

        Assert.Equal("qube1", answer.GetProperty("jobs")[0].GetProperty("label").GetString());
        Assert.Single(_farm.Heard<FarmMessages.IssueIds>());
    }

    [Fact]
    public async Task Should_ask_the_jobs_it_names_when_a_dependency_has_ids()
    {
        _farm.Answers = message => message is JobMessages.GetSource { JobId.Value: 280 }
            ? new JobMessages.Source { JobId = new(280), Exists = true, Status = Status.Running }
            : null;

        var answer = await _farm.PostOk("/api/v1/jobs", "{'jobs':[{'prototype':'maya','dependency':'link-done-job-280'}]}");

        Assert.Equal("blocked", answer.GetProperty("jobs")[0].GetProperty("status").GetString());
        var (_, error) = await _farm.PostError("/api/v1/jobs", "{'jobs':[{'prototype':'maya','dependency':'link-done-job-281'}]}");
        Assert.Contains("waits for job 281, which does not exist", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_pass_a_refusal_on_when_the_group_refuses()
    {
        _farm.Answers = message => message is FarmMessages.AcceptSubmission
            ? new FarmMessages.SubmissionRefused { Message = "submit it again", Job = "a" }
            : null;

        var (status, error) = await _farm.PostError("/api/v1/jobs", $"{{'jobs':[{Job}]}}");

        Assert.Equal((HttpStatusCode.BadRequest, "submit it again", "a"), (status, error.GetProperty("message").GetString(), error.GetProperty("job").GetString()));
    }
}
