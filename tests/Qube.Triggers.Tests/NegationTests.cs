using static Qube.Triggers.Tests.Trees;

namespace Qube.Triggers.Tests;

public class NegationTests
{
    private const long A = 1;
    private const long B = 2;

    private readonly CallbackSet _set = new();
    private long _sequence;

    [Fact]
    public void Should_fire_only_for_items_that_did_not_fail_when_their_failure_is_negated()
    {
        _set.Add(1, Parse("complete-work-1-* && !failed-work-1-*"), ActsOn.Work, -1, false, _ => null);

        Assert.Equal("complete-work-1-* 0 !failed-work-1-* 1 ", _set.Ready(1));
        Assert.Empty(Tell(Work(A, "failed", "5")));
        Assert.Empty(Tell(Work(A, "complete", "5")));
        Assert.Equal(NameSet.Range(6, 9), Assert.Single(Tell(new(A, SubjectType.Work, "complete", NameSet.Range(6, 9)))).Works);

        // Retried, item 5 has not failed any more; its earlier completion is history and counts with the next event.
        Assert.Equal([1], _set.Unlatch(A, SubjectType.Work, NameSet.Of("5")));
        Assert.Equal(NameSet.Of("5"), Assert.Single(Tell(Work(A, "complete", "5"))).Works);
    }

    [Fact]
    public void Should_stay_silent_until_the_retry_when_any_failure_is_forbidden()
    {
        _set.Add(1, Parse("done-job-1 && !failed-job-1 && complete-job-2"), ActsOn.Job, -1, false, _ => null);

        Tell(TriggerEvent.ForJob(A, "failed"));
        Tell(TriggerEvent.ForJob(A, "done"));
        Assert.Empty(Tell(TriggerEvent.ForJob(B, "complete")));

        _set.Unlatch(A, SubjectType.Job, null);
        Assert.Single(Tell(TriggerEvent.ForJob(A, "done")));

        // Fired, it starts afresh.
        Assert.Empty(Tell(TriggerEvent.ForJob(A, "done")));
        Assert.Single(Tell(TriggerEvent.ForJob(B, "complete")));
    }

    [Fact]
    public void Should_fire_at_the_second_of_three_and_start_all_afresh_when_two_are_enough()
    {
        _set.Add(1, Parse("any(2, done-job-1, done-job-2, done-job-3)"), ActsOn.Job, -1, false, _ => null);

        Assert.Empty(Tell(TriggerEvent.ForJob(A, "done")));
        Assert.Empty(Tell(TriggerEvent.ForJob(A, "done")));
        Assert.Single(Tell(TriggerEvent.ForJob(3, "done")));
        Assert.Empty(Tell(TriggerEvent.ForJob(B, "done")));
        Assert.Single(Tell(TriggerEvent.ForJob(A, "done")));
    }

    [Fact]
    public void Should_join_by_name_when_two_of_three_wildcards_are_enough()
    {
        _set.Add(1, Parse("any(2, complete-work-1-*, complete-work-2-*, complete-work-3-*)"), ActsOn.Work, -1, false, _ => null);

        Assert.Empty(Tell(new(A, SubjectType.Work, "complete", NameSet.Range(1, 5))));
        Assert.Equal(NameSet.Range(4, 5), Assert.Single(Tell(new(3, SubjectType.Work, "complete", NameSet.Range(4, 8)))).Works);
        Assert.Equal(NameSet.Of(["3", "6"]), Assert.Single(Tell(new(B, SubjectType.Work, "complete", NameSet.Of(["3", "4", "6"])))).Works);
    }

    private static TriggerEvent Work(long source, string name, string item) => TriggerEvent.ForItem(source, SubjectType.Work, name, item);

    private List<Firing> Tell(TriggerEvent e)
    {
        var cause = new EventCause($"job-{e.Source}", ++_sequence, 0);
        return [.. _set.Match(e).SelectMany(match => _set.Apply(match, cause))];
    }
}
