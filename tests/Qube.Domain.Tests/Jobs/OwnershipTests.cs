using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>A job does what is asked of it only for those who may have that of its owner's jobs (spec/scheduling.md §13, spec/callbacks.md Q26).</summary>
public sealed class OwnershipTests
{
    private static readonly JobEvents.Created Created = new() { Spec = new JobSpec { JobId = new JobId(250), Pgrp = 250, Instances = 1, User = "bob" } };

    private readonly JobDecider decider = new(new JobState(Created), new JobDeciderOptions());
    private readonly List<JobEvents.Batch> log = [];

    /// <summary>Whose jobs the asker may do this to, and whether bob's does it.</summary>
    public static TheoryData<bool, string, bool> Cases => new() { { false, "", true }, { true, "bob", true }, { true, "ann bob", true }, { true, "ann", false }, { true, "", false }, { true, "BOB", false } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Should_do_it_only_for_its_owners_when_that_is_limited(bool isLimited, string owners, bool does)
    {
        string[] names = owners.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Check(does, Say(to => decider.OnModify(new() { JobId = new(250), RequestId = "m", User = "eve", Params = """{"priority":7}""", IsLimited = isLimited, Owners = names }, to, 1)), "modify");
        Check(does, Say(to => decider.OnRaise(new() { JobId = new(250), RequestId = "r", User = "eve", Name = "go", IsLimited = isLimited, Owners = names }, to, 1)), "raise events of");
        Check(does, Say(to => decider.OnControl(new() { JobId = new(250), RequestId = "k", User = "eve", Verb = JobVerb.Kill, IsLimited = isLimited, Owners = names }, to, 1)), "kill");

        Assert.Equal(does ? Status.Killed : Status.Pending, decider.State.Status);
        Assert.Equal(does, decider.State.Spec.Priority == 7);
    }

    [Fact]
    public void Should_still_do_it_for_whom_it_may_when_another_was_refused_under_the_same_request_id()
    {
        var kill = new JobMessages.ControlJob { JobId = new(250), RequestId = "250/1/3/4/0", User = "eve", Verb = JobVerb.Kill, IsLimited = true, Owners = ["eve"] };

        Assert.NotEmpty(Say(to => decider.OnControl(kill, to, 1)).Denied);

        Assert.NotEmpty(Say(to => decider.OnControl(kill with { User = "bob", IsLimited = false }, to, 2)).Affected);
    }

    private JobMessages.ControlDone Say(Action<object> say)
    {
        var asker = new object();
        say(asker);
        var (batch, outbox) = decider.Take(1);
        if (batch is not null)
        {
            log.Add(batch);
        }

        return Assert.IsType<JobMessages.ControlDone>(Assert.Single(outbox.Replies, reply => reply.To == asker).Message);
    }

    private void Check(bool does, JobMessages.ControlDone done, string verb)
    {
        Assert.Equal(does, done.Affected.Length > 0);
        Assert.Equal(does ? "" : $"job 250: eve has no permission to {verb} jobs of bob", done.Denied);
        Assert.Equal(!does, log.SelectMany(batch => JobHistory.Of(batch, Created.Spec, null)).Any(line => line.Comment == $"eve: {verb} refused: no permission for jobs of bob"));
    }
}
