using System.Net;
using Qube.Contracts;
using Xunit;

namespace Qube.Node.Tests.Api;

/// <summary>Raising events and global callbacks over HTTP.</summary>
public sealed class TriggerTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new()
    {
        Answers = message => message switch
        {
            EventMessages.RaiseOfJob { JobId.Value: 12 } raise => new JobMessages.ControlDone { JobId = raise.JobId, RequestId = raise.RequestId, Affected = ["12"] },
            EventMessages.RaiseOfJob raise => new JobMessages.ControlDone { JobId = raise.JobId, RequestId = raise.RequestId },
            EventMessages.RaiseOfFarm raise => new EventMessages.Raised { RequestId = raise.RequestId },
            EventMessages.RaiseOfHost raise => new EventMessages.Raised { RequestId = raise.RequestId, Exists = raise.Host == "r1" },
            JobMessages.GetJob get => new JobMessages.JobReply { JobId = get.JobId, Exists = true, Json = """{"id":300,"pid":12,"pgrp":300}""" },
            FarmMessages.GetProcessGroup get => new FarmMessages.ProcessGroup { Pgrp = get.Pgrp, JobIds = [11, 12], Labels = ["other", "comp-1"] },
            _ => null,
        },
    };

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Fact]
    public async Task Should_go_to_the_log_of_what_it_is_about_when_an_event_is_raised()
    {
        await _farm.PostOk("/api/v1/trigger", "{'requestId':'q1','user':'ann','event':'checked-work-12-5'}");
        await _farm.PostOk("/api/v1/trigger", "{'requestId':'q2','event':'lights_out-global'}");
        await _farm.PostOk("/api/v1/trigger", "{'requestId':'q3','event':'panic-host-*-r1'}");

        Assert.Equal(
            new EventMessages.RaiseOfJob { JobId = new JobId(12), RequestId = "q1", Name = "checked", Item = "5", User = "ann" }, Assert.Single(_farm.Heard<EventMessages.RaiseOfJob>()));
        Assert.Equal(new EventMessages.RaiseOfFarm { RequestId = "q2", Name = "lights_out" }, Assert.Single(_farm.Heard<EventMessages.RaiseOfFarm>()));
        Assert.Equal(new EventMessages.RaiseOfHost { Host = "r1", RequestId = "q3", Name = "panic" }, Assert.Single(_farm.Heard<EventMessages.RaiseOfHost>()));
    }

    [Theory]
    [InlineData("next-job-self", 300)]
    [InlineData("next-job-parent", 12)]
    [InlineData("next-job-COMP-1", 12)]
    public async Task Should_mean_the_owners_job_when_a_callback_raises_it(string text, long job)
    {
        await _farm.Post("/api/v1/trigger", $"{{'event':'{text}'}}", ("X-Qube-Firing", "300/1/12/7/0"), ("X-Qube-Call", "2"));

        var raise = Assert.Single(_farm.Heard<EventMessages.RaiseOfJob>());
        Assert.Equal((job, "300/1/12/7/0/2"), (raise.JobId.Value, raise.RequestId));
    }

    [Theory]
    [InlineData("complete-job-12", "the farm's own")]
    [InlineData("approved-job-13", "there is no such job")]
    [InlineData("panic-host-*-r2", "there is no host 'r2'")]
    [InlineData(" ", "name the event")]
    public async Task Should_refuse_and_say_why_when_nothing_can_be_raised(string text, string part)
    {
        var (status, error) = await _farm.PostError("/api/v1/trigger", $"{{'event':'{text}'}}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(part, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
