using System.Text;
using Qube.Domain.Submissions;
using Xunit;
using static Qube.Domain.Tests.Submissions.Submitting;

namespace Qube.Domain.Tests.Submissions;

public class SubmissionCheckerTests
{
    [Fact]
    public void Should_tell_every_error_when_several_jobs_and_fields_are_wrong()
    {
        var report = Check(
            "{'label':'a','package':{},'callbacks':["
            + "{'language':'qube','code':'unblock-slf','triggers':'complete-jbo-self'},"
            + "{'language':'qube','code':'unblock-self','triggers':'done-job-self && !failed-job-9'},"
            + "{'language':'perlx','code':'1','triggers':'done-job-self'}]},"
            + Job("'dependency':'link-complete-wrk-a','priority':'high'"));

        Assert.False(report.IsAccepted);
        (string?, string?, int?)[] expected =
        [
            ("2", "dependency", 15), ("2", "priority", null), ("a", "callbacks[0].code", null), ("a", "callbacks[0].triggers", 10),
            ("a", "callbacks[1].triggers", 18), ("a", "callbacks[2].language", null), ("a", "prototype", null),
        ];
        Assert.Equal(expected, report.Errors.Select(error => (error.Job, error.Field, error.Column)).OrderBy(error => error.Job, StringComparer.Ordinal).ThenBy(error => error.Field, StringComparer.Ordinal));
    }

    [Fact]
    public void Should_draw_jobs_and_links_when_all_is_right()
    {
        var report = Check(
            Frames("1-100", "'label':'lay','name':'layout'") + ","
            + Frames("1-100", "'label':'comp','name':'comp','status':'blocked','dependency':'link-complete-work-lay','callbacks':[{'triggers':'done-job-self','language':'python','code':'print(1)'}]"));

        Assert.Empty(report.Errors);
        Assert.Equal(
            """
            lay: cmdrange 'layout', pending, 100 items, 1 instance, 0 callbacks
            comp: cmdrange 'comp', blocked, 100 items (100 blocked), 1 instance, 2 callbacks
              <- itself: done-job -> python
              <- lay: complete-work * -> unblock-work-self
            """.ReplaceLineEndings("\n"),
            SubmissionGraph.Text(report.Jobs, report.Links));
    }

    [Theory]
    [InlineData("{'prototype':'cmdline'}")]
    [InlineData("{'prototype':'cmdline','label':'x'},{'prototype':'cmdline','label':'x'}")]
    [InlineData("{'prototype':'cmdline','label':'x','dependency':'link-done-job-y'},{'prototype':'cmdline','label':'y','dependency':'link-done-job-x'}")]
    [InlineData("{'prototype':'cmdline','pgrp':4000}")]
    [InlineData("{'prototype':'cmdline','callbacks':{'triggers':'done-job-nobody','language':'qube','code':'kill-self'}}")]
    [InlineData("{'prototype':'cmdline','callbacks':[{'triggers':'done-job-*','language':'qube','code':'kill-self'}]}")]
    [InlineData("{'prototype':'cmdline','pgrp':290},{'prototype':'cmdline','pgrp':291}")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{'prototype':'cmdline','agenda':{'range':'1-x'}}")]
    public void Should_agree_with_the_decider_when_a_submission_is_checked(string jobs)
    {
        var report = Check(jobs);

        switch (Decide(jobs))
        {
            case SubmissionOutcome.Refused refused:
                Assert.Contains(refused.Error, report.Errors);
                break;
            case SubmissionOutcome.Accepted accepted:
                Assert.Empty(report.Errors);
                Assert.Equal(accepted.Warnings, report.Warnings);
                Assert.Equal(accepted.Jobs.Select(job => job.Label), report.Jobs.Select(job => job.Label));
                break;
        }
    }

    [Fact]
    public void Should_say_so_when_there_is_nothing_to_read()
    {
        Assert.Single(SubmissionChecker.Read(Encoding.UTF8.GetBytes("{")).Errors);
        Assert.Equal("jobs", Assert.Single(SubmissionChecker.Read(Encoding.UTF8.GetBytes("{\"jobs\":[]}")).Errors).Field);
    }

    private static SubmissionReport Check(string jobs)
    {
        var (draft, errors) = SubmissionChecker.Read(Encoding.UTF8.GetBytes($"{{\"requestId\":\"r1\",\"user\":\"ann\",\"jobs\":[{jobs.Replace('\'', '"')}]}}"));
        return draft is null ? new(errors, [], [], []) : SubmissionChecker.Check(draft, errors, Context);
    }
}
