using System.Net;
using Qube.Contracts;
using Xunit;

namespace Qube.Node.Tests.Api;

public sealed class QueryTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new();

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Fact]
    public async Task Should_ask_the_jobs_themselves_when_only_ids_are_given()
    {
        _farm.Answers = message => message is JobMessages.GetJob { JobId.Value: not 13 } get
            ? new JobMessages.JobReply { JobId = get.JobId, Exists = true, Json = $"{{\"id\":{get.JobId},\"x\": 1.0}}" }
            : null;

        var jobs = (await _farm.PostOk("/api/v1/jobs/query", "{'ids':[14,'12',13,12],'agenda':true,'fields':['callbacks'],'filters':{}}")).GetProperty("jobs");

        Assert.Equal("[{\"id\":14,\"x\": 1.0},{\"id\":12,\"x\": 1.0}]", jobs.GetRawText());
        Assert.All(_farm.Heard<JobMessages.GetJob>(), get => Assert.Equal((true, false, true), (get.Agenda, get.Subjobs, get.Callbacks)));
        Assert.Empty(_farm.Heard<ReadModelMessages.QueryJobs>());
    }

    [Fact]
    public async Task Should_ask_the_read_model_when_there_are_filters()
    {
        _farm.Answers = message => message is ReadModelMessages.QueryJobs
            ? new ReadModelMessages.JobRows { Rows = [new() { JobId = new(12), Json = "{\"id\":12}" }] }
            : null;

        var jobs = (await _farm.PostOk(
            "/api/v1/jobs/query",
            "{'filters':{'status':['running','pending'],'pgrp':12,'name':'~^a','label':null},'minid':5,'limit':'100','offset':20,'orderby':'id DESC','updatedAfter':1700000000.5}"))
            .GetProperty("jobs");

        Assert.Equal("[{\"id\":12}]", jobs.GetRawText());
        var query = Assert.Single(_farm.Heard<ReadModelMessages.QueryJobs>()).Query;
        Assert.Equal(
            ["status:running|pending", "pgrp:12", "name:~^a"], query.Filters.Select(filter => $"{filter.Name}:{string.Join('|', filter.Patterns)}"));
        Assert.Equal((5L, 100, 20, "id DESC", 1_700_000_000L, false), (query.MinId, query.Limit, query.Offset, query.OrderBy, query.UpdatedAfter, query.WithoutJson));
        Assert.Empty(_farm.Heard<JobMessages.GetJob>());
    }

    [Fact]
    public async Task Should_ask_the_jobs_found_when_details_are_wanted()
    {
        _farm.Answers = message => message switch
        {
            ReadModelMessages.QueryJobs => new ReadModelMessages.JobRows { Rows = [new() { JobId = new(13) }, new() { JobId = new(12) }] },
            JobMessages.GetJob get => new JobMessages.JobReply { JobId = get.JobId, Exists = true, Json = $"{{\"id\":{get.JobId}}}" },
            _ => null,
        };

        var jobs = (await _farm.PostOk("/api/v1/jobs/query", "{'subjobs':true}")).GetProperty("jobs");

        Assert.Equal("[{\"id\":13},{\"id\":12}]", jobs.GetRawText());
        Assert.True(Assert.Single(_farm.Heard<ReadModelMessages.QueryJobs>()).Query.WithoutJson);
    }

    [Theory]
    [InlineData("{'filters':{'name':{}}}", "filter 'name': expected a text, a number or a list of them")]
    [InlineData("{'ids':['x']}", "'x' is no id: write a job (12), an instance of it (12.0) or items of it (12:5, 12:1-10)")]
    public async Task Should_refuse_a_query_when_it_is_none(string body, string message)
    {
        var (status, error) = await _farm.PostError("/api/v1/jobs/query", body);

        Assert.Equal((HttpStatusCode.BadRequest, message), (status, error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Should_show_history_of_what_was_named_when_ids_are_instances_or_items()
    {
        _farm.Answers = message => message is JobMessages.GetHistory get
            ? new JobMessages.HistoryReply
            {
                JobId = get.JobId,
                Lines =
                [
                    new() { AtMs = 1_700_000_000_000, User = "ann", Comment = "job submitted" },
                    new() { AtMs = 1_700_000_001_000, Instance = 1, Comment = "started" },
                    new() { AtMs = 1_700_000_002_000, Item = "5", Comment = "complete" },
                ],
            }
            : null;

        async Task<string> Lines(string id) => string.Join(
            "; ",
            (await _farm.PostOk("/api/v1/hist", $"{{'ids':['{id}']}}")).GetProperty("history").EnumerateArray().Select(line =>
                $"{line.GetProperty("jobid")}.{line.GetProperty("subid")}:{line.GetProperty("workid")} {line.GetProperty("comment")}"));

        Assert.Equal("12.-1:-1 job submitted; 12.1:-1 started; 12.-1:5 complete", await Lines("12"));
        Assert.Equal("12.1:-1 started", await Lines("12.1"));
        Assert.Equal("12.-1:5 complete", await Lines("12:5"));
    }

    [Fact]
    public async Task Should_page_through_hosts_when_there_are_many()
    {
        _farm.Answers = message => message switch
        {
            HostMessages.GetHosts { After: "" } => new HostMessages.Hosts { Items = [Host("h1", "active")], Next = "h1" },
            HostMessages.GetHosts { After: "h1" } => new HostMessages.Hosts { Items = [Host("h2", "down"), Host("x3", "active")] },
            _ => null,
        };

        async Task<string[]> Names(string body) =>
            [.. (await _farm.PostOk("/api/v1/hosts/query", body)).GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("name").GetString()!)];

        Assert.Equal(["h1", "h2", "x3"], await Names("{}"));
        Assert.Equal(["h1"], await Names("{'state':'active','filters':{'name':'h*'}}"));
        Assert.Equal(["h2", "x3"], await Names("{'name':['~[23]$'],'state':null,'subjobs':false}"));
        var host = (await _farm.PostOk("/api/v1/hosts/query", "{'name':'h1','subjobs':true}")).GetProperty("hosts")[0];
        Assert.Equal("[{\"pid\":12,\"id\":3}]", host.GetProperty("subjobs").GetRawText());
        Assert.Equal(("02:42", 1_700_000_000L, "cmdline,cmdrange"), (
            host.GetProperty("macaddress").GetString(), host.GetProperty("lastupdate").GetInt64(), host.GetProperty("jobtypes").GetString()));
    }

    [Fact]
    public async Task Should_lock_hosts_it_knows_when_names_are_given()
    {
        _farm.Answers = message => message switch
        {
            HostMessages.GetHosts => new HostMessages.Hosts { Items = [Host("h1", "active")] },
            HostMessages.LockHost { Locks: "bad" } command => new HostMessages.HostLocked { Host = command.Host, Error = "lock string: no" },
            HostMessages.LockHost command => new HostMessages.HostLocked { Host = command.Host, Locks = command.Locks },
            _ => null,
        };

        Assert.Equal("[\"h1\"]", (await _farm.PostOk("/api/v1/hosts/lock", "{'names':['H1','nobody'],'lock':true,'purge':true,'user':'ann','requestId':'q7'}")).GetProperty("hosts").GetRawText());
        var command = Assert.Single(_farm.Heard<HostMessages.LockHost>());
        Assert.Equal(("h1", "host.processor_all=1,host.lock_mode=aggressive", "ann"), (command.Host, command.Locks, command.User));
        Assert.Equal("lock string: no", (await _farm.PostError("/api/v1/hosts/lock", "{'names':['h1'],'locks':'bad'}")).Error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Should_count_slots_when_it_is_pinged()
    {
        _farm.Answers = message => message is HostMessages.GetHosts ? new HostMessages.Hosts { Items = [Host("h1", "active"), Host("h2", "active")] } : null;

        var answer = System.Text.Json.JsonDocument.Parse(await _farm.Client.GetStringAsync(new Uri("/api/v1/ping", UriKind.Relative))).RootElement;

        Assert.Equal((2, 8, "active", "127.0.0.1"), (
            answer.GetProperty("running").GetInt32(), answer.GetProperty("slots").GetInt32(), answer.GetProperty("state").GetString(), answer.GetProperty("address").GetString()));
    }

    [Fact]
    public async Task Should_describe_every_route_when_the_document_is_read()
    {
        var document = System.Text.Json.JsonDocument.Parse(await _farm.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement;

        Assert.Equal(
            [
                "/api/v1/callbacks", "/api/v1/callbacks/remove", "/api/v1/cluster", "/api/v1/config", "/api/v1/control", "/api/v1/events", "/api/v1/hist", "/api/v1/hosts/lock",
                "/api/v1/hosts/query", "/api/v1/hosts/vars", "/api/v1/hosts/{host}/joborder", "/api/v1/jobs", "/api/v1/jobs/check", "/api/v1/jobs/query", "/api/v1/jobs/{id}/explain",
                "/api/v1/jobs/{id}/firings", "/api/v1/logs", "/api/v1/mailtest", "/api/v1/modes", "/api/v1/modify", "/api/v1/ping", "/api/v1/refire", "/api/v1/resources", "/api/v1/time", "/api/v1/trigger",
                "/api/v1/users",
            ],
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Should_say_so_when_there_is_no_such_route()
    {
        var (status, error) = await _farm.PostError("/api/v1/nothing", "{}");

        Assert.Equal((HttpStatusCode.NotFound, "there is no POST /api/v1/nothing"), (status, error.GetProperty("message").GetString()));
    }

    private static HostMessages.HostView Host(string name, string state) => new()
    {
        Attach = new() { Host = name, Slots = 4, MacAddress = "02:42", Jobtypes = ["cmdline", "cmdrange"] },
        State = state,
        SlotsUsed = 1,
        LastSeenMs = 1_700_000_000_123,
        Instances = ["12.3"],
    };
}
