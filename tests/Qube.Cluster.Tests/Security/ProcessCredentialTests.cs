using System.Net;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Security;

/// <summary>Scripts and frames ask the farm on behalf of whose they are, with what the supervisor gave them.</summary>
public sealed class ProcessCredentialTests(GuardedFarm guarded) : IClassFixture<GuardedFarm>
{
    [Theory]
    [InlineData("python", "print('before', qb.kill(VICTIM))\\nqb.modify({'priority': 77}, qb.jobid())\\nprint('after')")]
    [InlineData("perl", "qb::kill(VICTIM); qb::modify({priority => 77}, qb::jobid()); print \\\"after\\\\n\\\";")]
    public async Task Should_do_for_a_script_what_its_user_may_and_say_why_not_the_rest(string language, string code)
    {
        var victim = await guarded.Submit("eve", "{'name':'eves','status':'blocked','prototype':'cmdline','package':{'cmdline':'true'}}");
        var body = "{\"jobs\":[{\"name\":\"bobs\",\"status\":\"blocked\",\"prototype\":\"cmdline\",\"package\":{\"cmdline\":\"true\"},\"callbacks\":[{\"triggers\":\"go-job-self\",\"language\":\"" + language
            + "\",\"code\":\"" + code.Replace("VICTIM", $"{victim}", StringComparison.Ordinal).Replace('\'', '\u0001') + "\"}]}]}";
        var job = (await guarded.Ok("bob", "/api/v1/jobs", body.Replace("\u0001", "\\u0027", StringComparison.Ordinal))).GetProperty("jobs")[0].GetProperty("id").GetInt64();
        await guarded.Ok("bob", "/api/v1/trigger", $"{{'event':'go-job-{job}'}}");
        await Eventually.Get("the callback's firing done", () => guarded.Ok("bob", $"/api/v1/jobs/{job}/firings").GetAwaiter().GetResult().ToString(), found => found.Contains("completed", StringComparison.Ordinal));

        var log = (await guarded.Ok("bob", "/api/v1/logs", $"{{'ids':[{job}],'stream':'cb'}}")).ToString();
        Assert.Contains("after", log, StringComparison.Ordinal);
        Assert.Contains("has no permission to kill jobs of eve", log, StringComparison.Ordinal);
        Assert.Equal("blocked", await guarded.Status(victim));
        Assert.Equal(77, (await guarded.Job(job)).GetProperty("priority").GetInt32());
        Assert.Contains("bob: kill refused", (await guarded.Ok("eve", "/api/v1/hist", $"{{'ids':[{victim}]}}")).ToString(), StringComparison.Ordinal);
        await NothingShows();
    }

    [Fact]
    public async Task Should_let_a_frame_ask_for_its_user_until_its_job_is_done()
    {
        var file = Path.Combine(guarded.Farm.Root, "of-a-frame");
        var command = "python3 -c \\\"import os, qb; open(os.environ[\\u0027TO\\u0027], \\u0027w\\u0027).write(os.environ[\\u0027QB_TOKEN\\u0027]);"
            + " print(qb.submit(qb.Job(name=\\u0027child\\u0027, prototype=\\u0027cmdline\\u0027, package={\\u0027cmdline\\u0027: \\u0027true\\u0027}))[0][\\u0027id\\u0027])\\\"";
        var job = await guarded.Submit(
            "bob", $"{{'name':'bobs','prototype':'cmdline','package':{{'cmdline':'{command}'}},'env':{{'TO':'{file}','PYTHONPATH':'{Repository.Python}','QB_TOKEN':'none'}}}}");
        await Eventually.Get("the job done", () => guarded.Status(job).GetAwaiter().GetResult(), status => status is "complete" or "failed");
        var log = (await guarded.Ok("bob", "/api/v1/logs", $"{{'ids':[{job}]}}")).ToString() + (await guarded.Ok("bob", "/api/v1/logs", $"{{'ids':[{job}],'stream':'err'}}"));
        Assert.True(await guarded.Status(job) == "complete", log);
        Assert.Equal("bob", (await guarded.Ok("root", "/api/v1/jobs/query", "{'filters':{'name':'child'}}")).GetProperty("jobs")[0].GetProperty("user").GetString());

        var token = await File.ReadAllTextAsync(file);
        File.Delete(file);
        Assert.StartsWith("qc1.", token, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await guarded.Send(HttpMethod.Get, "/api/v1/ping", token)).Status);
        await NothingShows();
    }

    /// <summary>No token and no credential is in what the farm writes or tells: logs, journal, jobs, metrics; nor on a command line.</summary>
    private async Task NothingShows()
    {
        string[] secrets = ["qc1.", .. "root bob eve".Split(' ').Select(GuardedFarm.Token)];
        foreach (var path in Directory.EnumerateFiles(guarded.Farm.Root, "*", SearchOption.AllDirectories))
        {
            string text;
            try
            {
                text = await File.ReadAllTextAsync(path);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            Assert.DoesNotContain(secrets, secret => text.Contains(secret, StringComparison.Ordinal) && Fails($"{path} holds {secret}"));
        }

        foreach (var line in guarded.Farm.Processes())
        {
            Assert.DoesNotContain(secrets, secret => line.Contains(secret, StringComparison.Ordinal) && Fails($"a command line holds {secret}: {line}"));
        }

        var jobs = (await guarded.Ok("root", "/api/v1/jobs/query", "{'agenda':true,'subjobs':true,'callbacks':true}")).ToString();
        Assert.DoesNotContain(secrets, secret => jobs.Contains(secret, StringComparison.Ordinal) && Fails($"a job holds {secret}"));
    }

    private static bool Fails(string message) => throw new Xunit.Sdk.XunitException(message);
}
