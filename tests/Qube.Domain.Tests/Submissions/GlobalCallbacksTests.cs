using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Submissions;
using Xunit;

namespace Qube.Domain.Tests.Submissions;

public sealed class GlobalCallbacksTests
{
    [Theory]
    [InlineData("globaltime-10000")]
    [InlineData("globalrepeat-10000-60")]
    [InlineData("lights_out-global")]
    [InlineData("complete-job-12 && failed-work-12-*")]
    [InlineData("failed-job-*")]
    [InlineData("down-host-*-*")]
    public void Should_take_a_callback_when_its_triggers_need_no_owner(string triggers)
    {
        var (callback, error) = Decide($"{{'triggers':'{triggers}','language':'python','code':'pass','max':3}}");

        Assert.True(callback is not null, error?.Message);
        Assert.Equal((triggers, "python", "pass", "ann", 3, 0), (callback.Triggers, callback.Language, callback.Code, callback.User, callback.Max, callback.Id));
    }

    [Theory]
    [InlineData("{'triggers':'complete-job-self','language':'python','code':'pass'}", "belongs to no job", "triggers")]
    [InlineData("{'triggers':'a-global || done-job-parent','language':'python','code':'pass'}", "there is no parent", "triggers")]
    [InlineData("{'triggers':'done-job-render','language':'python','code':'pass'}", "labels are of one process group", "triggers")]
    [InlineData("{'triggers':'done-job','language':'python','code':'pass'}", "self, parent, a job id or a label", "triggers")]
    [InlineData("{'triggers':'a-global','language':'qube','code':'unblock-self'}", "belongs to no job", "code")]
    [InlineData("{'triggers':'a-global','language':'python','code':''}", "needs code", "code")]
    [InlineData("{'triggers':'a-global','language':'ruby','code':'x'}", "no language", "language")]
    [InlineData("{'triggers':'a-global','language':'perl','code':'x'}", "switched off", "language")]
    [InlineData("{'triggers':'complete-job-self','language':'python','code':'pass','pid':12}", "submitted with its job", "pid")]
    [InlineData("{'language':'python','code':'pass'}", "needs a trigger", "callbacks[0].triggers")]
    [InlineData("'text'", "a callback is a dictionary", null)]
    public void Should_say_what_is_wrong_when_it_is_refused(string json, string part, string? field)
    {
        var (callback, error) = Decide(json);

        Assert.Null(callback);
        Assert.Contains(part, error!.Message, StringComparison.Ordinal);
        Assert.Equal(field, error.Field);
    }

    private static (CallbackSpec? Callback, SubmissionError? Error) Decide(string json)
    {
        using var document = JsonDocument.Parse(json.Replace('\'', '"'));
        return GlobalCallbacks.Decide(document.RootElement, "ann", ["qube", "python"]);
    }
}
