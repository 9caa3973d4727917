using System.Text.Json.Nodes;
using Qube.Domain.Archives;
using Xunit;

namespace Qube.Domain.Tests.Archives;

public sealed class JobArchiveTests
{
    [Fact]
    public void Should_give_back_every_value_when_an_archive_is_read_again()
    {
        const string Job = """
            {"name":"a <b> & \"c\"","prototype":"cmdrange","priority":5,"retrysubjob":-1,"flags":"host_list","notes":" two\n\tlines \r\n","empty":"","none":null,
             "four":"4","yes":true,"no":false,"half":0.5,"big":1e300,"bell":"\u0007","köln":"😀","odd key <&\">":"x","local_order":"mine","xml":"y","localorder":3,
             "package":{"cmdline":"echo QB_FRAME_NUMBER","nested":{"deep":[1,[2,null],{"a":{}}]},"list":[]},
             "agenda":[{"name":"1","package":{"x":1},"status":"blocked"},{"name":"2-5"},"6"],
             "callbacks":[{"triggers":"complete-job-self","language":"python","code":"if 1 < 2:\n    print('&')\n"}],"env":{"A":"b","B C":"d"}}
            """;
        var job = JsonNode.Parse(Job)!.AsObject();

        var archive = JobArchive.Write(job);
        var read = Assert.Single(JobArchive.Read(archive));

        Assert.True(JsonNode.DeepEquals(job, read), $"expected {job.ToJsonString()}\nfound    {read.ToJsonString()}\nin {archive}");
        Assert.Equal(archive, JobArchive.Write(read));
        Assert.Contains("<retry_subjob type='int'>-1</retry_subjob>", archive, StringComparison.Ordinal);
        Assert.Contains("<object type='work'>", archive, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_read_what_has_no_types_when_the_archive_is_of_other_origin()
    {
        const string Archive = """
            <version>1</version>
            <object type='job'><name>old one</name><priority>9999</priority><retry_work>2</retry_work>
            <package type='package'><cmdline>sleep 4</cmdline></package>
            <work_list><object type='work'><name>7</name><status>pending</status></object></work_list></object>
            """;

        var job = Assert.Single(JobArchive.Read(Archive));

        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""{"name":"old one","priority":9999,"retrywork":2,"package":{"cmdline":"sleep 4"},"agenda":[{"name":"7","status":"pending"}]}"""),
                job),
            job.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("QJA\u0001\u0002")]
    [InlineData("<object type='host'><name>h</name></object>")]
    [InlineData("<object type='job'><name>h</object>")]
    [InlineData("<object type='job'><cpus type='int'>many</cpus></object>")]
    [InlineData("<object type='job'><name type='base64'>%%</name></object>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><object type='job'><name>&b;</name></object>")]
    public void Should_refuse_when_it_is_no_archive(string text) => Assert.Throws<FormatException>(() => JobArchive.Read(text));

    [Fact]
    public void Should_leave_behind_what_the_farm_made_when_a_job_is_submitted_again()
    {
        var job = JsonNode.Parse("""
            {"id":12,"pgrp":12,"pid":1,"name":"n","prototype":"cmdrange","user":"ann","status":"complete","todotally":{"complete":1},"timesubmit":5,"subjobs":[{"id":0}],
             "package":{"cmdline":"x"},"agenda":[{"name":"1","id":0,"status":"complete","host":"h","count":1,"package":{"a":1}},{"name":"2","status":"blocked"}]}
            """)!.AsObject();
        var expected = JsonNode.Parse("""
            {"pid":1,"name":"n","prototype":"cmdrange","package":{"cmdline":"x"},"agenda":[{"name":"1","package":{"a":1}},{"name":"2","status":"blocked"}]}
            """);

        Assert.True(JsonNode.DeepEquals(expected, Resubmission.Of(job)), Resubmission.Of(job).ToJsonString());
        var described = JsonNode.Parse("""{"name":"n","pgrp":4,"user":"bob","status":"blocked","agenda":[{"name":"1"}]}""")!.AsObject();
        Assert.True(JsonNode.DeepEquals(described, Resubmission.Of(described)), Resubmission.Of(described).ToJsonString());
    }

    [Fact]
    public void Should_run_every_item_once_when_some_go_ahead()
    {
        var job = JsonNode.Parse("""{"name":"n","label":"l","prototype":"cmdrange","priority":50,"cpus":9,"agenda":{"range":"1-20"}}""")!.AsObject();
        string[] items = [.. Resubmission.ItemNames(job["agenda"]!.AsObject())];

        var jobs = PreviewSplit.Of(job, items, PreviewSplit.UsualItems(items), null, null);

        Assert.Equal(["1", "20", "10"], Names(jobs[0]));
        Assert.Equal(items.Except(["1", "20", "10"]), Names(jobs[1]));
        Assert.Equal(("1", "3", null, "50", "9", "l"), (Text(jobs[0], "priority"), Text(jobs[0], "cpus"), Text(jobs[0], "label"), Text(jobs[1], "priority"), Text(jobs[1], "cpus"), Text(jobs[1], "label")));
        Assert.Equal(["99"], Names(PreviewSplit.Of(job, ["1"], ["99"], 7, 2)[0]));
        Assert.Single(PreviewSplit.Of(job, ["1"], ["1"], null, null));
    }

    private static string? Text(JsonObject job, string name) => job[name]?.ToString();

    private static IEnumerable<string> Names(JsonObject job) => job["agenda"]!.AsArray().Select(item => item!["name"]!.ToString());
}
