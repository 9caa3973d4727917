using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;
using Qube.Domain.Submissions;
using Xunit;
using static Qube.Domain.Tests.Submissions.Submitting;

namespace Qube.Domain.Tests.Submissions;

public class SubmissionReaderTests
{
    private static readonly string[] Keys =
    [
        "jobs", "name", "prototype", "type", "package", "cmdline", "agenda", "work", "callbacks", "triggers", "language", "code", "range", "n", "status",
        "label", "pgrp", "dependency", "waitfor", "flags", "flagsstring", "data", "env", "cpus", "overrides", "binarySort", "\\ud800",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-1", "1e300", "12345678901234567890123", "\"\"", "\"1-10x2\"", "\"cmdline\"", "\"qube\"", "\"complete-job-self\"",
        "\"\\ud800\"", "\"link-complete-work-a\"", "\"(=(a=b))\"", "\"(\"", "\"chunks\"", "\"auto_mount\"", "\"1-99999999999\"", "\"é\"",
    ];

    [Property(MaxTest = 500)]
    public void Should_never_throw_when_the_bytes_are_anything(byte[] bytes) => Assert.NotEqual("", Decides(bytes));

    [Property(MaxTest = 3000)]
    public void Should_never_throw_when_the_json_is_anything(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("{\"jobs\":[");
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            text.Append(Json(random, 0)).Append(count > 1 ? "," : "");
        }

        Assert.NotEqual("", Decides(Encoding.UTF8.GetBytes(text.Append("]}").ToString())));
    }

    [Theory]
    [InlineData("", "the submission is not valid JSON: line 1, byte 1: ")]
    [InlineData("{\"jobs\":[}", "the submission is not valid JSON: line 1, byte 10: ")]
    [InlineData("[]", "the submission is a list, expected a dictionary with jobs")]
    [InlineData("{}", "the submission, jobs: expected a list of jobs, found nothing")]
    [InlineData("{\"jobs\":[]}", "the submission, jobs: there is no job in it")]
    public void Should_say_what_it_expected_when_the_body_is_no_submission(string body, string message) =>
        Assert.StartsWith(message, SubmissionReader.Read(Encoding.UTF8.GetBytes(body)).Error!.Message, StringComparison.Ordinal);

    [Fact]
    public void Should_give_back_every_value_as_written_when_it_is_submitted()
    {
        const string Package = "{ 'cmdline':'echo \\u00e9 é', 'nested':{'a':[1,2.50,null,{'b':1e3}],'t':true} }";
        var spec = Only($"{{'prototype':'cmdline','package':{Package},'mine':null,'float':1.10,'list':[1, 2],'agenda':['a'],'callbacks':[]}}");

        Assert.Equal($"{{\"prototype\":\"cmdline\",\"package\":{Package.Replace('\'', '"')},\"mine\":null,\"float\":1.10,\"list\":[1, 2]}}", spec.Body);
    }

    [Fact]
    public void Should_show_what_the_farm_made_of_it_when_it_answers()
    {
        using var answer = JsonDocument.Parse(SubmittedJobJson.Write(Only(Frames("1-3", "'cpus':'9','priority':5,'x':'ü'"))));
        var root = answer.RootElement;

        Assert.Equal(("300", "300", "qube0", "pending"), (
            root.GetProperty("id").GetRawText(), root.GetProperty("pgrp").GetRawText(), root.GetProperty("label").GetString(), root.GetProperty("status").GetString()));
        Assert.Equal((3, 5, "ü", "true"), (
            root.GetProperty("cpus").GetInt32(), root.GetProperty("priority").GetInt32(), root.GetProperty("x").GetString(),
            root.GetProperty("package").GetProperty("cmdline").GetString()));
        Assert.Equal(root.EnumerateObject().Count(), root.EnumerateObject().DistinctBy(property => property.Name).Count());
    }

    [Fact]
    public void Should_read_other_spellings_when_scripts_use_them()
    {
        var spec = Only("{'type':'cmdrange','data':'(=(cmdline=sleep 1)(padding=4))','work':[1,'2'],'state':'blocked','flagsstring':'grid,mail',"
            + "'callback':{'triggers':'done-job-self','language':'MAIL','maximum':'3'}}");

        Assert.Equal(("cmdrange", "sleep 1", 4, true), (spec.Prototype, spec.Command.CmdLine, spec.Command.Padding, spec.Blocked));
        Assert.Equal(["1", "2"], Agenda.FromSpec(spec.Agenda).Required().Names());
        Assert.Equal(JobFlags.Grid | JobFlags.Mail | JobFlags.AutoMount, spec.Flags);
        Assert.Equal((1, "mail", 3, "done-job-self"), (spec.Callbacks.Length, spec.Callbacks[0].Language, spec.Callbacks[0].Max, spec.Callbacks[0].Triggers));
        using var body = JsonDocument.Parse(spec.Body);
        Assert.Equal("sleep 1", body.RootElement.GetProperty("package").GetProperty("cmdline").GetString());
    }

    [Fact]
    public void Should_not_write_out_a_range_when_it_has_a_million_frames()
    {
        var spec = Only(Job("'agenda':{'range':'1-1000000','overrides':{'status':'blocked'}}"));

        Assert.Single(spec.Agenda!.Parts);
        Assert.Equal([0, 999_999], spec.BlockedItems);
        Assert.Empty(spec.ItemOverrides);
    }

    [Theory]
    [InlineData("{'range':'1-6','type':'chunks','n':4}", "1-4 5-6")]
    [InlineData("{'range':'1-6','type':'partitions','n':'2'}", "1-3 4-6")]
    [InlineData("{'range':'1-5','binarySort':true}", "1 5 3 2 4")]
    [InlineData("{'range':'1-3','reverse':true}", "3 2 1")]
    [InlineData("[{'range':'1-3','binarySort':true},'x',{'name':9},10]", "1 3 2 x 9 10")]
    [InlineData("'1-3'", "1 2 3")]
    [InlineData("['1-3']", "1-3")]
    public void Should_read_every_shape_of_agenda_when_it_is_one(string agenda, string names) =>
        Assert.Equal(names.Split(' '), Agenda.FromSpec(Only(Job($"'agenda':{agenda}")).Agenda).Required().Names());

    [Fact]
    public void Should_keep_what_items_say_when_they_are_dictionaries()
    {
        var spec = Only(Job("'agenda':[{'name':'a','status':'blocked'},{'range':'1-2','overrides':{'package':{'p': 1}}},{'name':'b','status':'pending','x':null}]"));

        Assert.Equal([0, 0], spec.BlockedItems);
        Assert.Equal([(1, 1, "{\"package\":{\"p\": 1}}"), (3, 0, "{\"x\":null}")], spec.ItemOverrides.Select(item => (item.Seq, item.More, item.Json)));
    }

    [Fact]
    public void Should_keep_once_what_a_hundred_thousand_items_say_when_it_is_the_same()
    {
        var items = string.Join(',', Enumerable.Range(1, 100_000).Select(n => $"{{'name':'{n}','package':{{'p':1}}}}"));
        var spec = Only(Job($"'agenda':[{items},{{'name':'last','package':{{'p':2}}}}]"));

        Assert.Equal([(0, 99_999, "{\"package\":{\"p\":1}}"), (100_000, 0, "{\"package\":{\"p\":2}}")], spec.ItemOverrides.Select(item => (item.Seq, item.More, item.Json)));
        using var shown = JsonDocument.Parse(JobView.Json(new JobState(new JobEvents.Created { Spec = spec }), "", agenda: true, subjobs: false));
        var packages = shown.RootElement.GetProperty("agenda").EnumerateArray().Select(item => item.GetProperty("package").GetRawText()).ToArray();
        Assert.Equal(["{\"p\":1}", "{\"p\":1}", "{\"p\":1}", "{\"p\":2}"], [packages[0], packages[50_000], packages[99_999], packages[100_000]]);
    }

    [Fact]
    public void Should_merge_environments_when_package_and_job_have_one()
    {
        var spec = Only("{'prototype':'frame','package':{'cmdline':'x','env':{'A':'1','B':'2'}},'env':{'B':3},'cwd':'/tmp'}");

        Assert.Equal(["A", "1", "B", "3"], spec.Command.Env);
        Assert.Equal("/tmp", spec.Command.Cwd);
    }

    private static string Decides(byte[] bytes)
    {
        var read = SubmissionReader.Read(bytes);
        if (!read.IsValid)
        {
            return read.Error.Message;
        }

        SubmissionReferences.Of(read.Draft, []);
        return SubmissionDecider.Decide(read.Draft, Context) is SubmissionOutcome.Accepted accepted
            ? string.Concat(accepted.Jobs.Select(SubmittedJobJson.Write))
            : "refused";
    }

    private static string Json(Random random, int depth)
    {
        var kind = depth == 0 ? 4 : random.Next(depth > 4 ? 3 : 6);
        switch (kind)
        {
            case 4:
                var members = new List<string>();
                if (depth == 0 && random.Next(3) > 0)
                {
                    members.Add("\"prototype\":\"cmdrange\",\"package\":{\"cmdline\":\"x\"}");
                }

                for (var count = random.Next(7); count > 0; count--)
                {
                    members.Add($"\"{Keys[random.Next(Keys.Length)]}\":{Json(random, depth + 1)}");
                }

                return "{" + string.Join(',', members) + "}";
            case 5:
                return "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(random, depth + 1))) + "]";
            default:
                return Scalars[random.Next(Scalars.Length)];
        }
    }
}
