using System.Net;
using System.Text;
using Qube.Contracts;
using Xunit;

namespace Qube.Node.Tests.Api;

public sealed class AwayTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new()
    {
        Options = options => options with
        {
            AskLimit = TimeSpan.FromMilliseconds(90),
            Submissions = options.Submissions with { AskLimit = TimeSpan.FromMilliseconds(90) },
            MaxRequestBytes = 4096,
        },
    };

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/control", "{'verb':'kill','ids':['12']}", "job 12")]
    [InlineData("/api/v1/modify", "{'params':{},'ids':['12']}", "job 12")]
    [InlineData("/api/v1/hist", "{'ids':['12']}", "job 12")]
    [InlineData("/api/v1/jobs/query", "{'filters':{'user':'ann'}}", "the read model")]
    public async Task Should_ask_to_try_again_when_part_of_the_farm_is_silent(string path, string body, string whom)
    {
        var (status, error) = await _farm.PostError(path, body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal($"{whom} did not answer within 0.1 seconds; try again", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Should_repeat_a_question_when_the_first_is_lost()
    {
        var lost = 0;
        _farm.Answers = message => message is JobMessages.ControlJob command && ++lost > 1
            ? new JobMessages.ControlDone { JobId = command.JobId, Affected = ["12.0"] }
            : null;

        var answer = await _farm.PostOk("/api/v1/control", "{'verb':'kill','ids':['12'],'requestId':'r'}");

        Assert.Equal("12.0", answer.GetProperty("affected")[0].GetString());
        Assert.All(_farm.Heard<JobMessages.ControlJob>(), command => Assert.Equal("r", command.RequestId));
    }

    [Fact]
    public async Task Should_not_be_ready_when_the_farm_is_silent()
    {
        Assert.Equal("ready", await _farm.Client.GetStringAsync(new Uri("/healthz/ready", UriKind.Relative)));
        _farm.Answers = _ => ServedFarm.Silence;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _farm.Client.GetAsync(new Uri("/healthz/ready", UriKind.Relative))).StatusCode);
        Assert.Equal("alive", await _farm.Client.GetStringAsync(new Uri("/healthz/live", UriKind.Relative)));
    }

    [Fact]
    public async Task Should_say_that_the_read_model_is_away_when_it_says_so()
    {
        _farm.Answers = message => message is ReadModelMessages.QueryJobs ? new ReadModelMessages.JobRows { Error = "no disk", Away = true } : null;

        var (status, error) = await _farm.PostError("/api/v1/jobs/query", "{}");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no disk"), (status, error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Should_refuse_a_body_when_it_is_larger_than_the_limit()
    {
        using var body = new StringContent("{\"jobs\":[\"" + new string('x', 5000) + "\"]}", Encoding.UTF8, "application/json");
        using var response = await _farm.Client.PostAsync(new Uri("/api/v1/jobs", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/control", "{'verb':")]
    [InlineData("/api/v1/control", "[]")]
    [InlineData("/api/v1/jobs/query", "{'limit':'many'}")]
    public async Task Should_say_what_is_wrong_when_a_request_cannot_be_read(string path, string body)
    {
        var (status, error) = await _farm.PostError(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("the request is not what was expected: ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
