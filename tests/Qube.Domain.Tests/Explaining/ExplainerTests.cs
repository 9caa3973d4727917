using System.Globalization;
using Qube.Contracts;
using Qube.Domain.Explaining;
using Xunit;

namespace Qube.Domain.Tests.Explaining;

public class ExplainerTests
{
    private const long Owner = 300;
    private const long Lay = 200;

    [Fact]
    public void Should_name_the_one_missing_leaf_first_when_499_of_500_have_matched()
    {
        var triggers = string.Join(" && ", Enumerable.Range(1, 500).Select(n => $"complete-work-lay-{n}"));
        var explanation = Explain(Blocked(), View(1, triggers, "unblock-self", leaf => Leaf(leaf, Lay, isReady: leaf != 249)));

        Assert.Equal("the job is blocked: callback 1 (unblock-self) waits for 1 of 500 events: complete-work-lay-250", explanation.Reason);
        var tree = Assert.Single(explanation.Callbacks).Trigger;
        Assert.Equal(("complete-work-lay-250", LeafState.Missing), (tree.Children[0].Text, tree.Children[0].State));
        Assert.Equal((4, 496, 0, 499), (tree.Children.Length, tree.HiddenMatched, tree.HiddenMissing, tree.Satisfied));
        Assert.All(tree.Children.Skip(1), child => Assert.Equal(("job-200", LeafState.Matched), (child.Last?.Log, child.State)));
    }

    [Theory]
    [InlineData("complete-job-render1", "can never fire unless a job with the label 'render1' joins process group 300: nobody has it now; did you mean 'render'?")]
    [InlineData("compelte-job-lay", "can never fire unless 'compelte' is raised by qb.trigger: the farm has no such event; did you mean 'complete'?")]
    [InlineData("complete-work-lay-11", "can never fire: the job labelled 'lay' has no item '11'")]
    [InlineData("complete-job-7", "can never fire: job 7 does not exist or has been removed")]
    [InlineData("complete-subjob-lay-3", "can never fire: the job labelled 'lay' has 2 instances, counted from 0")]
    [InlineData("complete-job-parent", "can never fire: the job has no parent (pid 1)")]
    public void Should_say_why_when_a_pattern_can_never_match(string pattern, string why)
    {
        var parts = Blocked() with { GroupLabels = ["lay", "render", "comp"], Sources = new Dictionary<long, JobMessages.Source> { [Lay] = Source(10), [7] = new() { JobId = new(7) } } };
        var source = pattern.Contains("lay", StringComparison.Ordinal) ? Lay : pattern.EndsWith('7') ? 7 : ExplainMessages.LeafView.NoSource;
        var callback = Assert.Single(Explain(parts, View(1, $"done-job-self && {pattern}", "unblock-self", leaf => Leaf(leaf, leaf == 0 ? Owner : source, isReady: leaf == 0))).Callbacks);

        Assert.Equal((LeafState.Never, why), (callback.Trigger.Children[0].State, callback.Trigger.Children[0].Why));
        Assert.Equal($"'{pattern}' {why}", callback.Summary);
    }

    [Fact]
    public void Should_say_what_is_nearest_when_several_callbacks_would_unblock()
    {
        var explanation = Explain(
            Blocked(),
            View(1, "complete-job-lay && complete-job-8 && complete-job-9", "unblock-self", leaf => Leaf(leaf, Lay, isReady: false)),
            View(2, "any(2, complete-job-lay, complete-job-8, complete-job-9)", "unblock-work-self", leaf => Leaf(leaf, Lay, isReady: leaf == 2)),
            View(3, "complete-job-lay", "kill-self", leaf => Leaf(leaf, Lay, isReady: false)));

        Assert.Equal(
            "the job is blocked: callback 2 (unblock-work-self) waits for 1 of 3 events: complete-job-lay, complete-job-8 (one of 2 callbacks that would unblock it)",
            explanation.Reason);
        Assert.Equal([(1, true), (2, true), (3, false)], explanation.Callbacks.Select(callback => (callback.Id, callback.CanUnblock)));
        Assert.Equal(LeafState.Open, explanation.Callbacks[2].Trigger.State);
    }

    [Fact]
    public void Should_tell_of_the_forbidden_event_when_it_has_happened()
    {
        var callback = Explain(Blocked(), View(1, "done-job-lay && !failed-job-lay", "unblock-self", leaf => Leaf(leaf, Lay, isReady: true))).Callbacks[0];

        Assert.Equal("'!failed-job-lay' has happened, which this callback forbids until it is retried", callback.Summary);
    }

    [Fact]
    public void Should_tell_what_each_host_lacks_when_the_job_is_pending()
    {
        var parts = Blocked() with
        {
            Subject = new() { JobId = new(Owner), Exists = true, Status = Status.Pending },
            Lacks = new() { IsKnown = true, Wanted = 1, Reason = "1 host: too little host.processors", HostCount = 1, Hosts = [new() { Host = "r1", Lacks = ["needs host.processors=64, 4 free of 4"] }] },
        };

        var explanation = Explain(parts);

        Assert.Equal("the job is pending: 1 host: too little host.processors", explanation.Reason);
        Assert.Equal("needs host.processors=64, 4 free of 4", Assert.Single(Assert.Single(explanation.Hosts).Lacks));
    }

    private static Explanation Explain(ExplanationParts parts, params ExplainMessages.TriggerView[] views) =>
        Explainer.Explain(parts with { Triggers = [.. views], TriggerCount = views.Length });

    private static ExplanationParts Blocked() => new()
    {
        Subject = new() { JobId = new(Owner), Exists = true, Status = Status.Blocked, Pgrp = Owner, Pid = 1, Label = "comp" },
        TriggerLabels = ["lay", "comp"],
        GroupLabels = ["lay", "comp"],
        Sources = new Dictionary<long, JobMessages.Source> { [Lay] = Source(500), [Owner] = Source(1) },
    };

    private static JobMessages.Source Source(int items) => new()
    {
        JobId = new(Lay),
        Exists = true,
        Instances = 2,
        Status = Status.Running,
        Agenda = new AgendaSpec { Parts = [new AgendaPart { Kind = AgendaPart.FramesKind, First = 1, Last = items, Step = 1 }] },
    };

    private static ExplainMessages.TriggerView View(int id, string triggers, string verb, Func<int, ExplainMessages.LeafView> leaf) => new()
    {
        Callback = new CallbackSpec { Id = id, Triggers = triggers, Language = "qube", Code = verb, Catchup = true },
        Leaves = [.. Enumerable.Range(0, triggers.Split("-job-").Length + triggers.Split("-work-").Length + triggers.Split("-subjob-").Length - 3).Select(leaf)],
    };

    private static ExplainMessages.LeafView Leaf(int ordinal, long source, bool isReady) => new()
    {
        Ordinal = ordinal,
        Source = source,
        IsReady = isReady,
        Last = isReady ? new() { AtMs = 1_700_000_000_000 + ordinal, Log = string.Create(CultureInfo.InvariantCulture, $"job-{source}"), SequenceNr = 5 } : null,
    };
}
