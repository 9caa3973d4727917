using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>Events that users raise for a job (spec/callbacks.md §4): in its log once, whatever is repeated or restarted.</summary>
public sealed class RaisedEventTests
{
    private static readonly JobEvents.Created Created = new()
    {
        Spec = new JobSpec { JobId = new JobId(250), Pgrp = 250, Instances = 2, Agenda = Agenda.OfFrames(FrameRange.Parse("1-5").Required()).Required().ToSpec() },
    };

    private readonly List<JobEvents.Batch> log = [];
    private JobDecider decider = new(new JobState(Created), new JobDeciderOptions());

    [Fact]
    public void Should_stand_in_the_log_as_one_event_of_its_subject_when_it_is_raised()
    {
        Assert.Equal(["250"], Raise("a", "Approved"));
        Assert.Equal(["250:3"], Raise("b", "checked", item: "3"));
        Assert.Equal(["250.1"], Raise("c", "ready", instance: 1));

        Assert.Equal(
            [(LifecycleSubject.Job, "approved", -1, null), (LifecycleSubject.Work, "checked", -1, 2), (LifecycleSubject.Subjob, "ready", 1, (int?)null)],
            log.SelectMany(Lifecycle.Of).Where(e => e.Name is not ("pending" or "blocked")).Select(e => (e.Subject, e.Name, e.Instance, e.Items?[0])));
        Assert.Contains("event raised: ready subjob: 250.1", log.SelectMany(batch => JobHistory.Of(batch, Created.Spec, null)).Select(line => line.Comment));
    }

    [Fact]
    public void Should_raise_once_and_answer_alike_when_a_request_is_repeated_after_a_restart()
    {
        Raise("a", "approved", item: "2");
        var state = new JobState(Created);
        log.ForEach(state.Apply);
        decider = new JobDecider(state, new JobDeciderOptions());

        Assert.Equal(["250:2"], Raise("a", "approved", item: "2"));

        Assert.Single(log.SelectMany(batch => batch.Transitions), t => t.Kind == TransitionKind.Raised);
    }

    [Theory]
    [InlineData("9", -1)]
    [InlineData(null, 2)]
    public void Should_raise_nothing_when_the_item_or_instance_does_not_exist(string? item, int instance)
    {
        Assert.Empty(Raise("a", "approved", item, instance));

        Assert.DoesNotContain(log.SelectMany(batch => batch.Transitions), t => t.Kind == TransitionKind.Raised);
    }

    private string[] Raise(string request, string name, string? item = null, int instance = -1)
    {
        decider.OnRaise(new EventMessages.RaiseOfJob { JobId = new JobId(250), RequestId = request, Name = name, Item = item, Instance = instance }, this, 5);
        var (batch, outbox) = decider.Take(5);
        if (batch is not null)
        {
            log.Add(batch);
        }

        return outbox.Replies.Select(reply => reply.Message).OfType<JobMessages.ControlDone>().Single().Affected;
    }
}
