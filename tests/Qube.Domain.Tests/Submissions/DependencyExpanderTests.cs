using Qube.Contracts;
using Qube.Domain.Ranges;
using Qube.Domain.Submissions;
using Xunit;
using static Qube.Domain.Tests.Submissions.Submitting;

namespace Qube.Domain.Tests.Submissions;

public class DependencyExpanderTests
{
    [Theory]
    [InlineData("link-complete-job-a", "complete-job-300 > unblock-self")]
    [InlineData("link-complete-job-a,link-done-job-b", "complete-job-300 && done-job-301 > unblock-self")]
    [InlineData("link-complete-job-a OR link-done-job-b", "complete-job-300 || done-job-301 > unblock-self")]
    public void Should_open_the_job_when_links_are_to_jobs(string dependency, string expected)
    {
        var job = Last(Job("'label':'a'"), Job("'label':'b'"), Frames("1-3", $"'dependency':'{dependency}'"));

        Assert.Equal([expected], Callbacks(job));
        Assert.True(job.Blocked);
        Assert.Empty(job.BlockedItems);
        Assert.True(job.Callbacks[0].Catchup);
        Assert.Equal("dependency", job.Callbacks[0].Language);
    }

    [Theory]
    [InlineData("complete-work-a", "complete-work-300-* > unblock-work-self")]
    [InlineData("link-complete-work-a,link-complete-work-b", "complete-work-300-* && complete-work-301-* > unblock-work-self")]
    [InlineData("link-complete-work-a,link-done-job-b", "done-job-301 && complete-work-300-* > unblock-work-self")]
    [InlineData("link-complete-work-a || link-done-job-b", "complete-work-300-* > unblock-work-self; done-job-301 > unblock-work-self")]
    public void Should_hold_every_item_when_links_are_by_item(string dependency, string expected)
    {
        var job = Last(Frames("1-5", "'label':'a'"), Frames("1-5", "'label':'b'"), Frames("1-5", $"'dependency':'{dependency}'"));

        Assert.Equal(expected, string.Join("; ", Callbacks(job)));
        Assert.True(job.Blocked);
        Assert.Equal([0, 4], job.BlockedItems);
    }

    [Fact]
    public void Should_add_what_is_waited_for_when_there_is_a_dependency_too()
    {
        var context = With(Existing(280, Status.Running), Existing(281, Status.Running));

        Assert.Equal(["complete-job-280 && done-job-281 > unblock-self"], Callbacks(Only(Job("'dependency':'280','waitfor':281"), context)));
        Assert.Equal(["done-job-280 > unblock-self"], Callbacks(Only(Job("'waitfor':'280'"), context)));
        Assert.Equal(
            ["complete-job-280 && done-job-281 > unblock-self"], Callbacks(Only(Job("'dependency':'280,link-done-job-281','waitfor':[281]"), context)));
        Assert.Empty(Only(Job("'waitfor':0")).Callbacks);
    }

    [Fact]
    public void Should_wait_for_all_that_overlap_when_chunks_differ()
    {
        var job = Last(Frames("1-10", "'label':'a'"), Job("'agenda':{'range':'1-12','type':'chunks','n':3},'dependency':'link-complete-work-a'"));

        Assert.Equal(
            [
                "complete-work-300-1 && complete-work-300-2 && complete-work-300-3 > unblock-work-self 1-3",
                "complete-work-300-4 && complete-work-300-5 && complete-work-300-6 > unblock-work-self 4-6",
                "complete-work-300-7 && complete-work-300-8 && complete-work-300-9 > unblock-work-self 7-9",
                "complete-work-300-10 > unblock-work-self 10-12",
            ],
            Callbacks(job));
    }

    [Fact]
    public void Should_use_the_chunk_that_holds_it_when_the_parent_is_in_chunks() =>
        Assert.Equal(
            [
                "complete-work-300-1-2 > unblock-work-self 1",
                "complete-work-300-1-2 > unblock-work-self 2",
                "complete-work-300-3-4 > unblock-work-self 3",
            ],
            Callbacks(Last(Job("'label':'a','agenda':{'range':'1-4','type':'chunks','n':2}"), Frames("1-3", "'dependency':'link-complete-work-a'"))));

    [Fact]
    public void Should_wait_for_the_whole_job_when_nothing_corresponds()
    {
        Assert.Equal(
            ["complete-job-300 > unblock-work-self"],
            Callbacks(Last(Job("'label':'a'"), Frames("1-3", "'dependency':'link-complete-work-a'"))));
        Assert.Equal(
            ["complete-work-300-* > unblock-work-self", "complete-job-300 > unblock-work-self x"],
            Callbacks(Last(Frames("1-3", "'label':'a'"), Job("'agenda':[1,2,'x'],'dependency':'link-complete-work-a'"))));
    }

    [Fact]
    public void Should_keep_the_gates_when_an_item_has_no_counterpart() =>
        Assert.Equal(
            [
                "done-job-302 && complete-work-300-* && complete-work-301-* > unblock-work-self",
                "done-job-302 && complete-work-300-3 && complete-job-301 > unblock-work-self 3",
            ],
            Callbacks(Last(
                Frames("1-3", "'label':'a'"),
                Frames("1-2", "'label':'b'"),
                Job("'label':'c'"),
                Frames("1-3", "'dependency':'link-complete-work-a,link-complete-work-b,link-done-job-c'"))));

    [Fact]
    public void Should_link_instance_by_instance_when_links_are_by_instance()
    {
        var job = Last(Job("'label':'a','cpus':2"), Job("'cpus':3,'dependency':'link-done-subjob-a'"));

        Assert.Equal(["done-subjob-300-* > unblock-subjob-self", "done-job-300 > unblock-subjob-self"], Callbacks(job));
    }

    [Fact]
    public void Should_wait_for_the_job_when_it_has_no_items_itself() =>
        Assert.Equal(["complete-job-300 > unblock-self"], Callbacks(Last(Frames("1-3", "'label':'a'"), Job("'dependency':'link-complete-work-a'"))));

    [Fact]
    public void Should_stay_bound_to_the_label_when_nobody_has_it_yet()
    {
        var accepted = Accepted(Frames("1-3", "'dependency':'link-complete-work-later'"));

        Assert.Equal(["complete-work-later-* > unblock-work-self"], Callbacks(accepted.Jobs[0]));
        Assert.Contains("waits until a job with the label 'later' joins process group 300", Assert.Single(accepted.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_warn_when_the_job_waited_for_has_ended_otherwise() =>
        Assert.Equal(
            ["job 1, dependency: 'link-complete-job-280' waits until job 280 is run again: it has ended as killed"],
            Accepted(Job("'dependency':280"), With(Existing(280, Status.Killed))).Warnings);

    [Fact]
    public void Should_number_own_callbacks_first_when_there_is_a_dependency()
    {
        var job = Last(Job("'label':'a'"), Job("'dependency':'link-done-job-a','callbacks':[{'triggers':'done-job-self','language':'qube','code':'kill-self'}]"));

        Assert.Equal([(1, "qube"), (2, "dependency")], job.Callbacks.Select(callback => (callback.Id, callback.Language)));
    }

    [Fact]
    public void Should_give_each_item_its_frames_when_steps_interleave()
    {
        var job = Last(Frames("1-9x2", "'label':'a'"), Job("'agenda':['1-4','2','6-8x2'],'dependency':'link-complete-work-a'"));

        Assert.Equal(
            [
                "complete-work-300-1 && complete-work-300-3 > unblock-work-self 1-4",
                "complete-job-300 > unblock-work-self 2",
                "complete-job-300 > unblock-work-self 6-8x2",
            ],
            Callbacks(job));
    }

    private static JobMessages.Source Existing(long id, Status status) => new() { JobId = new(id), Exists = true, Status = status, Instances = 1 };

    private static JobSpec Last(params string[] jobs) => Accepted(string.Join(',', jobs)).Jobs[^1];

    private static IEnumerable<string> Callbacks(JobSpec job) =>
        job.Callbacks.Select(callback => $"{callback.Triggers} > {callback.Code}" + (callback.TargetItem is null ? "" : $" {callback.TargetItem}"));
}
