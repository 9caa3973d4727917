using Qube.Actors.Callbacks;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.Callbacks;

/// <summary>Which callbacks may sleep with their finished job.</summary>
public sealed class CallbackRestTests
{
    private const long Owner = 300;

    [Theory]
    [InlineData("done-job-self", -1, true)]
    [InlineData("complete-work-self-* && failed-job-self", -1, true)]
    [InlineData("complete-subjob-self-0 || removed-job-self", -1, true)]
    [InlineData("done-job-A", -1, false)]
    [InlineData("done-job-self || complete-work-A-*", -1, false)]
    [InlineData("done-job-251", -1, false)]
    [InlineData("done-job-nobody", -1, false)]
    [InlineData("done-job-*", -1, false)]
    [InlineData("done-job-parent", -1, true)]
    [InlineData("dummy-time-self-1000 && done-job-self", -1, false)]
    [InlineData("globalrepeat-2000-60", -1, false)]
    [InlineData("globalrepeat-2000-60", 0, true)]
    [InlineData("done-job-A", 0, true)]
    [InlineData("done-job-nobody", 0, true)]
    public void Should_sleep_only_when_nothing_but_their_own_job_can_make_them_fire(string triggers, int max, bool rests) =>
        Assert.Equal(rests, CallbackRest.MayRest(new CallbackFold(Spec(triggers, max)), Owner));

    [Fact]
    public void Should_stay_awake_when_a_firing_is_open()
    {
        var fold = new CallbackFold(Spec("done-job-self", -1));
        var fired = fold.Apply(new CallbackEvents.Match { Callback = 1, Patterns = [0], Source = Owner, SequenceNr = 5 }, 1);

        Assert.False(CallbackRest.MayRest(fold, Owner));
        fold.Finish(new CallbackEvents.Finished { Firing = Assert.Single(fired).Id, Outcome = "changed 0" }, "node");
        Assert.True(CallbackRest.MayRest(fold, Owner));
    }

    private static JobSpec Spec(string triggers, int max) => new()
    {
        JobId = new JobId(Owner),
        Pgrp = Owner,
        GroupLabels = ["A", "251"],
        Callbacks = [new CallbackSpec { Id = 1, Triggers = triggers, Language = "qube", Code = "unblock-self", Max = max }],
    };
}
