using Qube.Contracts;
using Qube.Domain.Submissions;
using Xunit;
using static Qube.Domain.Tests.Submissions.Submitting;

namespace Qube.Domain.Tests.Submissions;

public sealed class UniversalCallbacksTests
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["log.py"] = "print(1)\n",
        ["check.pl"] = "print 1;",
        ["mail-status.qcb"] = "",
        ["hold.qcb"] = "# holds it\n\n  Block-Self \n",
        ["odd.qcb"] = "blok-self",
        ["empty.py"] = " \n",
    };

    [Fact]
    public void Should_read_a_map_when_it_has_comments_blanks_and_all_kinds_of_files()
    {
        var read = Read("""
            # the site's own
            log.py = failed-job-self
              check.pl=done-work-self-*   # each frame

            mail-status.qcb = done-job-self
            hold.qcb = down-host-self-* || a#b-job-self
            """.Replace("a#b", "ab", StringComparison.Ordinal));

        Assert.Empty(read.Problems);
        Assert.Equal(
            [("python", "print(1)\n", "failed-job-self"), ("perl", "print 1;", "done-work-self-*"), ("qube", "mail-status", "done-job-self"), ("qube", "block-self", "down-host-self-* || ab-job-self")],
            read.Callbacks.Select(callback => (callback.Language, callback.Code, callback.Triggers)));
        Assert.All(read.Callbacks, callback => Assert.Equal(("qube", -1), (callback.User, callback.Max)));
    }

    [Theory]
    [InlineData("log.py", "line 1: 'log.py' is no mapping")]
    [InlineData("= done-job-self", "line 1: '= done-job-self' is no mapping")]
    [InlineData("\nlog.sh = done-job-self", "line 2: 'log.sh': files end in .py, .pl or .qcb")]
    [InlineData("../log.py = done-job-self", "'../log.py' is no file of this folder")]
    [InlineData("gone.py = done-job-self", "'gone.py' cannot be read")]
    [InlineData("log.py = done-jobb-self", "did you mean job?")]
    [InlineData("log.py = done-job-*", "a universal one has every job as self")]
    [InlineData("odd.qcb = done-job-self", "'blok-self' is no verb")]
    [InlineData("empty.py = done-job-self", "'empty.py' is empty")]
    public void Should_leave_out_and_name_the_line_when_something_is_wrong(string map, string problem)
    {
        var read = Read(map + "\nlog.py = done-job-self");

        Assert.Contains(problem, Assert.Single(read.Problems), StringComparison.Ordinal);
        Assert.StartsWith("/site/callbacks.conf, line ", read.Problems[0], StringComparison.Ordinal);
        Assert.Single(read.Callbacks);
    }

    [Fact]
    public void Should_stand_behind_all_that_a_job_brings_when_it_is_submitted()
    {
        var universal = Read("log.py = submit-job-self\ncheck.pl = done-job-self\nnothing");
        var context = Context with { Universal = universal, EnabledLanguages = Context.EnabledLanguages.Remove("perl") };

        var accepted = Accepted(
            Frames("1-2", "'label':'a','flags':'mail','callbacks':[{'triggers':'done-job-self','language':'qube','code':'kill-self'}]")
            + "," + Frames("1-2", "'label':'b','dependency':'link-complete-work-a'"),
            context);

        Assert.Equal(["qube", "mail", "python"], accepted.Jobs[0].Callbacks.Select(callback => callback.Language));
        Assert.Equal([1, 2, 3], accepted.Jobs[0].Callbacks.Select(callback => callback.Id));
        Assert.Equal(("python", "qube", "submit-job-self"), accepted.Jobs[1].Callbacks is [.., var last] ? (last.Language, last.User, last.Triggers) : default);
        Assert.Contains(accepted.Warnings, warning => warning.Contains("line 3: 'nothing' is no mapping", StringComparison.Ordinal));
        Assert.Contains(accepted.Warnings, warning => warning.Contains("'perl' is switched off", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_carry_the_farms_position_when_a_job_is_accepted() =>
        Assert.Equal(77, Only(Job(), Context with { FarmCursor = 77 }).FarmCursor);

    private static UniversalCallbacks Read(string map) => UniversalCallbacks.Read(
        "/site", map, file => Files.TryGetValue(file, out var text) ? text : throw new FileNotFoundException("no such file"));
}
