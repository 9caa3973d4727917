using System.Net;
using Qube.Contracts;
using Qube.Domain.Security;
using Qube.Node.Api;
using Qube.Node.Security;
using Xunit;

namespace Qube.Node.Tests.Api;

/// <summary>What the API makes of who asks: whose rights hold, and what goes to the farm with them.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private static readonly Credentials s_credentials = Credentials.Of([1]);

    private readonly ServedFarm _farm = new()
    {
        Answers = message => message switch
        {
            UserMessages.GetUser get => Known(get.Name),
            JobMessages.ControlJob command => new JobMessages.ControlDone { JobId = command.JobId, RequestId = command.RequestId, Denied = "no" },
            EventMessages.RaiseOfJob raise => new JobMessages.ControlDone { JobId = raise.JobId, RequestId = raise.RequestId, Affected = ["12"] },
            JobMessages.GetSource { JobId.Value: 12 } get => new JobMessages.Source { JobId = get.JobId, Exists = true, Status = Status.Running },
            JobMessages.GetSource { JobId.Value: 13 } get => new JobMessages.Source { JobId = get.JobId, Exists = true, Status = Status.Complete },
            _ => null,
        },
        Options = options => options with { Guard = new ApiGuard(TokenFile.Parse([.. "ann bob eve pip root".Split(' ').Select(user => $"{user} {Token(user)}")], "tokens"), s_credentials) },
    };

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer 0123456789abcdef0123")]
    [InlineData("Basic YW5uOmFubg==")]
    public async Task Should_answer_401_and_ask_nobody_when_there_is_no_token_that_is_known(string? header)
    {
        foreach (var path in (string[])["/api/v1/ping", "/api/v1/none", "/metrics", "/openapi/v1.json", "/"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", header);
            }

            using var response = await _farm.Client.SendAsync(request);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{path} answered {response.StatusCode}");
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        }

        Assert.Equal(HttpStatusCode.OK, (await _farm.Client.GetAsync(new Uri("/healthz/live", UriKind.Relative))).StatusCode);
        Assert.Empty(_farm.Heard<object>());
    }

    /// <summary>Who asks, in whose name, for which verb; whose jobs the job is told of.</summary>
    [Theory]
    [InlineData("ann", "", "kill", "ann bob")]
    [InlineData("ann", "ann", "kill", "ann bob")]
    [InlineData("ann", "", "block", "ann")]
    [InlineData("ann", "", "top", "")]
    [InlineData("bob", "", "kill", "bob")]
    [InlineData("eve", "", "kill", "")]
    [InlineData("pip", "ann", "kill", "ann bob")]
    [InlineData("pip", "zoe", "block", "zoe")]
    [InlineData("root", "", "top", "*")]
    [InlineData("root", "ann", "remove", "*")]
    public async Task Should_tell_the_job_whose_it_must_be_when_a_verb_is_asked_for(string asks, string named, string verb, string owners)
    {
        var answer = await _farm.PostOk("/api/v1/control", $"{{'verb':'{verb}','ids':[12],'user':'{named}'}}", Bearer(Token(asks)));

        var command = Assert.Single(_farm.Heard<JobMessages.ControlJob>());
        Assert.Equal(owners, command.IsLimited ? string.Join(' ', command.Owners.Order(StringComparer.Ordinal)) : "*");
        Assert.Equal(named.Length > 0 ? named : asks, command.User);
        Assert.Equal("no", answer.GetProperty("denied")[0].GetString());
    }

    [Theory]
    [InlineData("ann", "bob")]
    [InlineData("pip", "root")]
    [InlineData("eve", "ann")]
    public async Task Should_answer_403_when_somebody_asks_in_another_name(string asks, string named)
    {
        var (status, body) = await _farm.Post("/api/v1/control", $"{{'verb':'kill','ids':[12],'user':'{named}'}}", Bearer(Token(asks)));

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains($"in the name of {named}", body.ToString(), StringComparison.Ordinal);
        Assert.Empty(_farm.Heard<JobMessages.ControlJob>());
    }

    /// <summary>Jobs as submitted, who submits, and the part of the refusal; empty where it is taken, of that owner.</summary>
    [Theory]
    [InlineData("ann", "{'name':'a','prototype':'cmdline','package':{'cmdline':'true'}}", "")]
    [InlineData("eve", "{'name':'a','prototype':'cmdline','package':{'cmdline':'true'}}", "that needs submit_job")]
    [InlineData("ann", "{'name':'a','user':'bob','prototype':'cmdline','package':{'cmdline':'true'}}", "in the name of bob")]
    [InlineData("bob", "{'name':'a','prototype':'cmdline','package':{'cmdline':'true'},'callbacks':[{'triggers':'done-job-self','language':'python','code':'pass'}]}", "that needs submit_callback")]
    [InlineData("ann", "{'name':'a','prototype':'cmdline','package':{'cmdline':'true'},'callbacks':[{'triggers':'done-job-self','language':'python','code':'pass','user':'root'}]}", "in the name of root")]
    [InlineData("bob", "{'name':'a','prototype':'cmdline','package':{'cmdline':'true'},'callbacks':[{'triggers':'done-job-self','language':'qube','code':'block-self'}]}", "that needs ")]
    public async Task Should_take_a_submission_only_when_everybody_named_may_have_it(string asks, string job, string refusal)
    {
        foreach (var path in (string[])["/api/v1/jobs", "/api/v1/jobs/check"])
        {
            var (status, body) = await _farm.Post(path, $"{{'jobs':[{job}]}}", Bearer(Token(asks)));

            Assert.True(status == (refusal.Length > 0 ? HttpStatusCode.Forbidden : HttpStatusCode.OK), $"{path} answered {status}: {body}");
            Assert.Contains(refusal, body.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(refusal.Length > 0 ? [] : ["ann"], _farm.Heard<FarmMessages.AcceptSubmission>().SelectMany(accept => accept.Jobs).Select(one => one.User));
    }

    [Fact]
    public async Task Should_take_a_scripts_credential_for_its_firing_and_a_jobs_while_it_runs()
    {
        var script = s_credentials.OfScript("ann", 12, "12/1/9/3/0", DateTimeOffset.UtcNow.AddHours(1));
        await _farm.PostOk("/api/v1/trigger", "{'event':'next-job-12'}", Bearer(script), ("X-Qube-Firing", "12/1/9/3/0"), ("X-Qube-Call", "1"));
        Assert.Equal("12/1/9/3/0/1", Assert.Single(_farm.Heard<EventMessages.RaiseOfJob>()).RequestId);

        Assert.Equal(HttpStatusCode.Unauthorized, (await _farm.Post("/api/v1/trigger", "{'event':'next-job-12'}", Bearer(script), ("X-Qube-Firing", "12/1/9/3/1"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _farm.Post("/api/v1/trigger", "{'event':'next-job-12'}", Bearer(Token("root")), ("X-Qube-Firing", "12/1/9/3/0"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _farm.Post("/api/v1/jobs/query", "{}", Bearer(s_credentials.OfJob("ann", 13)))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _farm.Post("/api/v1/jobs/query", "{}", Bearer(Credentials.Of([2]).OfJob("ann", 12)))).Status);

        var done = await _farm.PostOk("/api/v1/control", "{'verb':'kill','ids':[12]}", Bearer(s_credentials.OfJob("ann", 12)));
        Assert.Equal("ann", Assert.Single(_farm.Heard<JobMessages.ControlJob>()).User);
        Assert.Equal(0, done.GetProperty("affected").GetArrayLength());
    }

    [Fact]
    public async Task Should_answer_with_an_empty_list_when_the_user_may_not_submit_global_callbacks()
    {
        var answer = await _farm.PostOk("/api/v1/callbacks", "{'callbacks':[{'triggers':'a-global','language':'python','code':'pass'}]}", Bearer(Token("ann")));
        Assert.Equal(0, answer.GetProperty("callbacks").GetArrayLength());

        var removed = await _farm.PostOk("/api/v1/callbacks/remove", "{'ids':[1]}", Bearer(Token("ann")));
        Assert.Equal(0, removed.GetProperty("affected").GetArrayLength());
        Assert.Empty(_farm.Heard<EventMessages.AddGlobal>());
        Assert.Empty(_farm.Heard<EventMessages.RemoveGlobals>());
    }

    internal static string Token(string user) => $"{user}-0123456789abcdef";

    private static (string Name, string Value) Bearer(string token) => ("Authorization", $"Bearer {token}");

    /// <summary>ann may kill bob's jobs, being in one group; bob may have no callbacks; eve nothing; pip asks for others.</summary>
    private static UserMessages.Known Known(string name) => name switch
    {
        "ann" => Of(name, PermissionSets.Default, "comp", Permissions.Kill),
        "bob" => Of(name, PermissionSets.Default & ~Permissions.SubmitCallback, "comp", Permissions.None),
        "eve" => Of(name, Permissions.None, "", Permissions.None),
        "pip" => Of(name, Permissions.Impersonate, "", Permissions.None),
        _ => new() { Name = name },
    };

    private static UserMessages.Known Of(string name, Permissions mask, string group, Permissions groupMask) => new()
    {
        Name = name,
        Entry = new UserEntry { Name = name, Mask = (int)mask, Group = group, GroupMask = (int)groupMask },
        Members = group.Length > 0 ? ["ann", "bob"] : [],
    };
}
