using System.Text.Json.Nodes;
using Qube.Node.Cli;
using Qube.Node.Tools;
using Xunit;

namespace Qube.Node.Tests.Tools;

/// <summary>The dictionaries that qbsub makes.</summary>
public sealed class QbsubJobTests
{
    [Theory]
    [InlineData("sleep|60", """{"name":"sleep 60","prototype":"cmdline","cwd":"/d","package":{"cmdline":"sleep 60"}}""")]
    [InlineData(
        "--range|1-100|--chunk|10|--padding|4|--cpus|10|--name|n|r|QB_FRAME_START",
        """{"name":"n","prototype":"cmdrange","cpus":10,"cwd":"/d","package":{"cmdline":"r QB_FRAME_START","range":"1-100","padding":4},"agenda":{"range":"1-100","type":"chunks","n":10}}""")]
    [InlineData(
        "--frames|1-9|--partition|3|--binary|x",
        """{"name":"x","prototype":"cmdrange","cwd":"/d","package":{"cmdline":"x","range":"1-9"},"agenda":{"range":"1-9","type":"partitions","n":3,"binarySort":true}}""")]
    [InlineData(
        "--type|cmdline|--data|(=(cmdline=sleep \"1000\"))|--status|blocked",
        """{"name":"cmdline","prototype":"cmdline","status":"blocked","cwd":"/d","data":"(=(cmdline=sleep \"1000\"))"}""")]
    [InlineData(
        "--mail|--address|a@b|--flags|host_list|--processors|2|--max_cpus|*|--waitfor|220|--dependency|link-complete-job-1|--retryworkdelay|3|ls",
        """{"name":"ls","prototype":"cmdline","max_cpus":"*","waitfor":"220","dependency":"link-complete-job-1","retrywork_delay":3,"mailaddress":"a@b","reservations":"host.processors=2","cwd":"/d","package":{"cmdline":"ls"},"flags":"host_list,mail"}""")]
    [InlineData(
        "--preflights|/a,/b|--prod_show|s|--postexec|echo \"1\"|ls",
        """{"name":"ls","prototype":"cmdline","preflights":"/a,/b","prod_show":"s","cwd":"/d","package":{"cmdline":"ls"},"callbacks":[{"triggers":"complete-job-self","language":"python","code":"import subprocess\nsubprocess.check_call(\"echo \\u00221\\u0022\", shell=True)\n","max":1}]}""")]
    public void Should_make_the_dictionary_that_a_script_would_when_options_are_given(string line, string expected)
    {
        var job = Assert.Single(QbsubJob.Of(Read(line), null, "/d"));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), job), $"expected {expected}\nfound    {job.ToJsonString()}");
    }

    [Fact]
    public void Should_override_what_was_archived_when_options_are_given_with_an_import()
    {
        const string Archived = """{"name":"old","prototype":"cmdrange","priority":50,"status":"blocked","flagsstring":"mail","cwd":"/was","package":{"cmdline":"a","keep":1},"agenda":[{"name":"1"}]}""";
        JsonObject Of(string line) => Assert.Single(QbsubJob.Of(Read(line), JsonNode.Parse(Archived)!.AsObject(), null));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Archived), Of("--import|x")), Of("--import|x").ToJsonString());
        var changed = Of("--import|x|--priority|10|--name|new|--status|pending|--flags|host_list|b|c");
        var expected = JsonNode.Parse("""{"name":"new","prototype":"cmdrange","priority":10,"flags":"host_list","cwd":"/was","package":{"cmdline":"b c","keep":1},"agenda":[{"name":"1"}]}""");
        Assert.True(JsonNode.DeepEquals(expected, changed), changed.ToJsonString());
    }

    [Fact]
    public void Should_make_two_jobs_when_items_go_ahead()
    {
        var jobs = QbsubJob.Of(Read("--range|1-10|--p_agenda|3,5|--p_priority|2|--flags|mail|x"), null, null);

        Assert.Equal(["3,5", "1,2,4,6,7,8,9,10"], jobs.Select(job => string.Join(',', job["agenda"]!.AsArray().Select(item => item!["name"]))));
        Assert.Equal(["2", null], jobs.Select(job => job["priority"]?.ToString()));
        Assert.All(jobs, job => Assert.Equal("mail", job["flags"]!.ToString()));
    }

    [Theory]
    [InlineData("--cpus|2")]
    [InlineData("--cpus|many|ls")]
    [InlineData("--chunk|2|ls")]
    [InlineData("--range|1-9|--chunk|2|--partitions|3|ls")]
    [InlineData("--status|running|ls")]
    [InlineData("--data|(=(a=b))")]
    [InlineData("--type|cmdline|--data|(=(a=b))|ls")]
    [InlineData("--p_agenda|1|ls")]
    public void Should_refuse_when_the_command_line_makes_no_sense(string line) =>
        Assert.Equal(CliExit.Usage, Assert.Throws<CliFailure>(() => QbsubJob.Of(Read(line), null, null)).ExitCode);

    private static ToolWords Read(string line) => ToolWords.Read(QbsubTool.Tool, line.Split('|'));
}
