using System.Net;
using Qube.Contracts;
using Xunit;

namespace Qube.Node.Tests.Api;

public sealed class ControlTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new()
    {
        Answers = message => message switch
        {
            JobMessages.ControlJob command => new JobMessages.ControlDone { JobId = command.JobId, Affected = [$"{command.JobId} {command.Scope}"] },
            JobMessages.ModifyJob modify => new JobMessages.ControlDone { JobId = modify.JobId, Affected = [modify.JobId.ToString()] },
            _ => null,
        },
    };

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Theory]
    [InlineData("'kill','scope':'job','ids':['12']", "12 Kill Job [] []")]
    [InlineData("'kill','ids':[12,'12.0']", "12 Kill Job [] []")]
    [InlineData("'kill','scope':'job','ids':['12.0','12.3']", "12 Kill Job [0,3] []")]
    [InlineData("'unblock','scope':'work','ids':['12:5','12:1-10','13:a b']", "12 Unblock Work [] [5,1-10]; 13 Unblock Work [] [a b]")]
    [InlineData("'retry','scope':'work','ids':['12']", "12 Retry Work [] []")]
    [InlineData("'retry','scope':'work','ids':['12:*']", "12 Retry Work [] []")]
    [InlineData("'Block','scope':'both','ids':['12']", "12 Block Both [] []")]
    [InlineData("'block','scope':'both','ids':['12.1','12:5']", "12 Block Job [1] []; 12 Block Work [] [5]")]
    [InlineData("'complete','scope':'work','ids':['12:7']", "12 Retire Work [] [7]")]
    [InlineData("'remove','scope':'both','ids':['12.1']", "12 Remove Both [] []")]
    public async Task Should_command_each_job_once_when_ids_name_parts_of_it(string body, string expected)
    {
        await _farm.PostOk("/api/v1/control", $"{{'requestId':'r','user':'ann','verb':{body}}}");

        var commands = _farm.Heard<JobMessages.ControlJob>()
            .Select(command => $"{command.JobId} {command.Verb} {command.Scope} [{string.Join(',', command.Instances)}] [{string.Join(',', command.Items)}]")
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, string.Join("; ", commands));
        Assert.Equal(_farm.Heard<JobMessages.ControlJob>().Count(), _farm.Heard<JobMessages.ControlJob>().DistinctBy(command => (command.JobId, command.RequestId)).Count());
        Assert.All(_farm.Heard<JobMessages.ControlJob>(), command => Assert.Equal("ann", command.User));
    }

    [Fact]
    public async Task Should_answer_in_the_order_of_the_ids_when_there_are_several() =>
        Assert.Equal(
            "[\"14 Job\",\"12 Job\"]", (await _farm.PostOk("/api/v1/control", "{'verb':'kill','ids':['14','12']}")).GetProperty("affected").GetRawText());

    [Theory]
    [InlineData("{'verb':'kil','ids':['12']}", "'kil' is no verb; known are block, unblock, kill,")]
    [InlineData("{'verb':'kill','scope':'all','ids':['12']}", "'all' is no scope; known are job, work and both")]
    [InlineData("{'verb':'kill','scope':'job','ids':['12:5']}", "'12:5' names items, and kill is asked for instances")]
    [InlineData("{'verb':'kill','scope':'work','ids':['12.5']}", "'12.5' names an instance, and kill is asked for items")]
    [InlineData("{'verb':'kill','ids':['0']}", "'0' is no id:")]
    [InlineData("{'verb':'kill','ids':['12.x']}", "'12.x' is no id:")]
    [InlineData("{'verb':'kill','ids':['12:']}", "'12:' is no id:")]
    [InlineData("{'verb':'kill','ids':[{}]}", "'{}' is no id:")]
    public async Task Should_command_nothing_when_a_request_makes_no_sense(string body, string message)
    {
        var (status, error) = await _farm.PostError("/api/v1/control", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(_farm.Heard<JobMessages.ControlJob>());
    }

    [Fact]
    public async Task Should_tell_what_a_job_objects_to_when_nothing_changed()
    {
        _farm.Answers = message => message is JobMessages.ControlJob command
            ? new JobMessages.ControlDone { JobId = command.JobId, Error = command.JobId.Value == 12 ? "cannot" : "", Affected = command.JobId.Value == 12 ? [] : ["13.0"] }
            : null;

        Assert.Equal("cannot", (await _farm.PostError("/api/v1/control", "{'verb':'suspend','ids':['12']}")).Error.GetProperty("message").GetString());
        var both = await _farm.PostOk("/api/v1/control", "{'verb':'suspend','ids':['12','13']}");
        Assert.Equal(("13.0", "cannot"), (both.GetProperty("affected")[0].GetString(), both.GetProperty("errors")[0].GetString()));
    }

    [Fact]
    public async Task Should_pass_attributes_on_as_written_when_a_job_is_modified()
    {
        var answer = await _farm.PostOk("/api/v1/modify", "{'user':'ann','params':{'priority': 5},'ids':['12','13.0',12]}", ("X-Qube-Firing", "f"), ("X-Qube-Call", "2"));

        Assert.Equal("[\"12\",\"13\"]", answer.GetProperty("affected").GetRawText());
        Assert.All(_farm.Heard<JobMessages.ModifyJob>(), modify => Assert.Equal(("{\"priority\": 5}", "f/2", "ann"), (modify.Params, modify.RequestId, modify.User)));
        Assert.Equal("params: expected a dictionary of attributes and their values", (await _farm.PostError("/api/v1/modify", "{'ids':['12']}")).Error.GetProperty("message").GetString());
    }
}
