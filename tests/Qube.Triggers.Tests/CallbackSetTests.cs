using static Qube.Triggers.Tests.Trees;

namespace Qube.Triggers.Tests;

public class CallbackSetTests
{
    private const long Owner = 100;
    private const long A = 1;
    private const long B = 2;
    private const long C = 3;

    private readonly CallbackSet _set = new();
    private long _sequence;

    [Fact]
    public void Should_remember_and_start_afresh_when_both_sides_have_fired()
    {
        Add(1, "complete-job-1 && complete-job-2");

        Assert.Empty(Tell(TriggerEvent.ForJob(A, "complete")));
        Assert.Equal("complete-job-1 1 complete-job-2 0 ", _set.Ready(1));
        Assert.Empty(Tell(TriggerEvent.ForJob(A, "complete")));
        Assert.Single(Tell(TriggerEvent.ForJob(B, "complete")));
        Assert.Equal("complete-job-1 0 complete-job-2 0 ", _set.Ready(1));
        Assert.Empty(Tell(TriggerEvent.ForJob(B, "complete")));
        Assert.Single(Tell(TriggerEvent.ForJob(A, "complete")));
        Assert.Equal(2, _set.FiredCount(1));
    }

    [Fact]
    public void Should_keep_what_one_side_knows_when_the_alternative_fires()
    {
        Add(1, "(complete-job-1 && complete-job-2) || complete-job-3");

        Tell(TriggerEvent.ForJob(A, "complete"));
        Assert.Single(Tell(TriggerEvent.ForJob(C, "complete")));
        Assert.Single(Tell(TriggerEvent.ForJob(B, "complete")));
    }

    [Fact]
    public void Should_show_the_vendors_ready_string_when_auto_wrangling_is_attached()
    {
        Add(1, "failed-work-self-*", ActsOn.EachEvent);

        Assert.Equal("failed-work-self-* 0 ", _set.Ready(1));
        Assert.Equal("7", Assert.Single(Tell(Work(Owner, "failed", "7"))).Current);
        Assert.Equal("failed-work-self-* 0 ", _set.Ready(1));
        Assert.Equal("7", Assert.Single(Tell(Work(Owner, "failed", "7"))).Current);
    }

    [Fact]
    public void Should_fire_once_with_its_cause_when_one_event_meets_several_patterns()
    {
        Add(1, "complete-work-1-5 || complete-work-1-* || complete-work-1-5", ActsOn.Work);
        var e = Work(A, "complete", "5");

        var match = Assert.Single(_set.Match(e));
        var firing = Assert.Single(_set.Apply(match, new("job-1", 42, 3)));

        Assert.Equal([0, 1, 2], match.Ordinals.ToArray());
        Assert.Equal(new Firing(1, new("job-1", 42, 3), NameSet.Of("5"), NameSet.Empty, "5"), firing);
    }

    [Fact]
    public void Should_join_by_item_name_when_the_verb_acts_on_items()
    {
        Add(1, "complete-work-1-* && complete-work-2-*", ActsOn.Work);

        Assert.Empty(Tell(Work(A, "complete", "5")));
        Assert.Empty(Tell(Work(B, "complete", "6")));
        Assert.Equal(NameSet.Of("5"), Assert.Single(Tell(Work(B, "complete", "5"))).Works);
        Assert.Equal(NameSet.Of("6"), Assert.Single(Tell(Work(A, "complete", "6"))).Works);
        Assert.Empty(Tell(Work(A, "complete", "5")));
        Assert.Equal(NameSet.Of("5"), Assert.Single(Tell(Work(B, "complete", "5"))).Works);
    }

    [Fact]
    public void Should_take_any_item_of_each_when_the_code_is_a_script()
    {
        Add(1, "complete-work-1-* && complete-work-2-*", ActsOn.EachEvent);

        Assert.Empty(Tell(Work(A, "complete", "5")));
        var firing = Assert.Single(Tell(Work(B, "complete", "6")));
        Assert.Equal(("6", NameSet.Of(["5", "6"])), (firing.Current, firing.Works));
    }

    [Fact]
    public void Should_hold_names_back_until_the_gate_opens_and_keep_it_open_when_a_pattern_has_no_wildcard()
    {
        Add(1, "complete-job-1 && complete-work-2-*", ActsOn.Work);

        Assert.Empty(Tell(Work(B, "complete", "1")));
        Assert.Empty(Tell(Work(B, "complete", "2")));
        Assert.Equal(NameSet.Range(1, 2), Assert.Single(Tell(TriggerEvent.ForJob(A, "complete"))).Works);
        Assert.Equal(NameSet.Of("3"), Assert.Single(Tell(Work(B, "complete", "3"))).Works);
        Assert.Equal("complete-job-1 1 complete-work-2-* 0 ", _set.Ready(1));
        Assert.Empty(Tell(TriggerEvent.ForJob(A, "complete")));
    }

    [Fact]
    public void Should_fire_each_name_once_when_a_thousand_joined_names_arrive_in_any_order()
    {
        Add(1, "complete-work-1-* && complete-work-2-* && complete-job-3", ActsOn.Work);
        var random = new Random(7);
        var events = Enumerable.Range(1, 1_000).SelectMany(n => new[] { Work(A, "complete", $"{n}"), Work(B, "complete", $"{n}") })
            .OrderBy(_ => random.Next()).ToList();
        events.Insert(1_000, TriggerEvent.ForJob(C, "complete"));

        var fired = events.SelectMany(Tell).ToList();

        Assert.Equal(1_000, fired.Sum(firing => firing.Works.Count));
        Assert.Equal(NameSet.Range(1, 1_000), fired.Aggregate(NameSet.Empty, (sum, firing) => sum.Union(firing.Works)));
        Assert.True(fired[0].Works.Count > 100, "what was complete before the gate opened comes in one firing");
        Assert.Equal([new LatchSnapshot(2, NameSet.Empty)], _set.Export()[0].Latches.ToArray());
    }

    [Fact]
    public void Should_fire_once_with_an_interval_when_a_million_items_come_in_one_batch()
    {
        Add(1, "killed-work-1-* && killed-work-2-*", ActsOn.Work);
        Add(2, "killed-work-1-*", ActsOn.Job);
        Add(3, "killed-work-1-* && complete-job-3", ActsOn.EachEvent);

        Assert.Equal(2, Assert.Single(Tell(new(A, SubjectType.Work, "killed", NameSet.Range(1, 1_000_000)))).CallbackId);
        var firing = Assert.Single(Tell(new(B, SubjectType.Work, "killed", NameSet.Range(500_000, 2_000_000))));

        Assert.Equal((1, NameSet.Range(500_000, 1_000_000), null), (firing.CallbackId, firing.Works, firing.Current));
        Assert.Equal(
            [new LatchSnapshot(0, NameSet.Range(1, 499_999)), new(1, NameSet.Range(1_000_001, 2_000_000))], _set.Export()[0].Latches.ToArray());
        Assert.Equal(NameSet.Range(1, 1_000_000), Assert.Single(Tell(TriggerEvent.ForJob(C, "complete"))).Works);
    }

    [Fact]
    public void Should_fire_for_every_item_until_the_maximum_when_a_batch_meets_a_script()
    {
        Add(1, "killed-work-1-*", ActsOn.EachEvent);
        Add(2, "killed-work-1-*", ActsOn.EachEvent, max: 2);

        var fired = Tell(new(A, SubjectType.Work, "killed", NameSet.Of(["3", "x", "2", "1"])));

        Assert.Equal([(1, "1"), (1, "2"), (1, "3"), (1, "x"), (2, "1"), (2, "2")], fired.Select(f => (f.CallbackId, f.Current)));
        Assert.True(_set.IsExhausted(2));
        Assert.Equal([1], _set.Match(Work(A, "killed", "9")).Select(match => match.CallbackId));
    }

    [Fact]
    public void Should_act_on_each_fixed_item_when_the_whole_expression_is_satisfied()
    {
        Add(1, "complete-work-1-3 && complete-work-2-4 && complete-job-3", ActsOn.Work);
        Add(2, "complete-subjob-1-0 && complete-subjob-1-2", ActsOn.Subjob);
        Add(3, "complete-job-3", ActsOn.Work);

        Tell(Work(A, "complete", "3"));
        Tell(Work(B, "complete", "4"));
        var fired = Tell(TriggerEvent.ForJob(C, "complete"));
        Tell(TriggerEvent.ForItem(A, SubjectType.Subjob, "complete", "0"));
        var instances = Assert.Single(Tell(TriggerEvent.ForItem(A, SubjectType.Subjob, "complete", "2")));

        Assert.Equal([(1, NameSet.Range(3, 4)), (3, NameSet.Empty)], fired.Select(f => (f.CallbackId, f.Works)));
        Assert.Equal(NameSet.Of(["0", "2"]), instances.Instances);
        Assert.Empty(instances.Works);
    }

    [Fact]
    public void Should_match_either_spelling_when_a_job_is_unblocked()
    {
        Add(1, "unblock-job-1");
        Add(2, "unblocked-job-1");

        Assert.Equal(2, Tell(TriggerEvent.ForJob(A, "unblocked")).Count);
        Assert.Equal(2, Tell(TriggerEvent.ForJob(A, "UNBLOCK")).Count);
    }

    [Fact]
    public void Should_bind_the_pattern_when_a_job_with_its_label_joins_later()
    {
        Add(1, "complete-job-late && complete-job-1");
        Add(2, "complete-job-other");

        Assert.Null(_set.Patterns(1)[0].Source);
        Assert.Empty(_set.Match(TriggerEvent.ForJob(77, "complete")));
        Assert.Equal([1], _set.Resolve("LATE", 77));
        Assert.Empty(_set.Resolve("late", 78));
        Assert.Equal([A, 77], _set.Sources.Order());
        Assert.Equal(77, _set.Patterns(1)[0].Source);
        Tell(TriggerEvent.ForJob(77, "complete"));
        Assert.Single(Tell(TriggerEvent.ForJob(A, "complete")));
        Assert.True(_set.Remove(2));
        Assert.Empty(_set.Resolve("other", 79));
    }

    [Fact]
    public void Should_forget_the_source_when_it_is_retried_and_the_link_asks_for_it()
    {
        Add(1, "complete-work-1-* && complete-work-2-* && complete-job-3", ActsOn.Work, unlatchOnRetry: true);
        Add(2, "complete-job-3 && complete-job-1");
        Add(3, "failed-work-self-3 && done-job-1 && submit-job-self");
        Tell(new(A, SubjectType.Work, "complete", NameSet.Range(1, 9)));
        Tell(TriggerEvent.ForJob(C, "complete"));
        Tell(Work(Owner, "failed", "3"));
        Tell(TriggerEvent.ForJob(Owner, "submit"));

        Assert.Equal([1], _set.Unlatch(A, SubjectType.Work, NameSet.Of("5")));
        Assert.Equal([1], _set.Unlatch(C, null, null));
        Assert.Empty(_set.Unlatch(Owner, SubjectType.Work, NameSet.Of("4")));
        Assert.Equal([3], _set.Unlatch(Owner, null, null));

        Assert.Equal([false, false, true], _set.Patterns(3).Select(pattern => pattern.IsReady));
        Assert.Equal([true, false], _set.Patterns(2).Select(pattern => pattern.IsReady));
        Assert.Equal([new NameInterval(1, 4), new NameInterval(6, 9)], _set.Patterns(1)[0].Names.Intervals.ToArray());
        Tell(new(B, SubjectType.Work, "complete", NameSet.Range(4, 5)));
        Assert.Equal(NameSet.Of("4"), Assert.Single(Tell(TriggerEvent.ForJob(C, "complete"))).Works);
    }

    [Fact]
    public void Should_list_the_clocks_and_strike_when_the_tick_comes()
    {
        Add(1, "dummy-time-self-1000 && done-job-self");
        Add(2, "globalrepeat-2000-60 || dummy-repeat-1--5-30", ActsOn.Job, max: 1);

        var clocks = _set.Clocks().ToList();

        Assert.Equal(
            [(1, 0, 1000L, null), (2, 0, 2000L, 60L), (2, 1, -5L, (long?)30L)],
            clocks.Select(clock => (clock.CallbackId, clock.Ordinal, clock.QubeTime, clock.IntervalSeconds)));
        Assert.Empty(Tell(clocks[0].Tick));
        Assert.Single(Tell(TriggerEvent.ForJob(Owner, "done")));
        Assert.Empty(Tell(clocks[1].Tick with { Extras = NameSet.Of("2000-61") }));
        Assert.Single(Tell(clocks[1].Tick));
        Assert.Equal([1], _set.Clocks().Select(clock => clock.CallbackId));
    }

    [Theory]
    [InlineData(1000L, null, 5_000L, 1000L)]
    [InlineData(1000L, 60L, 0L, 1000L)]
    [InlineData(1000L, 60L, 999L, 1000L)]
    [InlineData(1000L, 60L, 1000L, 1060L)]
    [InlineData(1000L, 60L, 1059L, 1060L)]
    [InlineData(1000L, 60L, 10_000L, 10_060L)]
    public void Should_strike_next_when_the_rule_says(long start, long? interval, long after, long expected)
    {
        var clock = new ClockPattern(1, 0, TriggerEvent.ForGlobal("x"), start, interval);

        Assert.Equal(QubeTime.ToUnixSeconds(expected), clock.NextUnixSeconds(QubeTime.ToUnixSeconds(after)));
    }

    [Fact]
    public void Should_tell_what_it_listens_to_when_asked_by_source()
    {
        Add(1, "complete-work-1-5 && failed-work-1-* && Unblock-job-1");
        Add(2, "down-host-*-h1 || ready-global");

        Assert.Equal(
            ["Job unblocked ", "Work complete 5", "Work failed *"],
            _set.Interests(A).Select(i => $"{i.Type} {i.Name} {i.Extra}").Order());
        Assert.Equal(["Host down h1"], _set.Interests(CallbackSet.AnySource).Select(i => $"{i.Type} {i.Name} {i.Extra}"));
        Assert.Equal(["Global ready "], _set.Interests(TriggerEvent.FarmSource).Select(i => $"{i.Type} {i.Name} {i.Extra}"));
        Assert.Empty(_set.Interests(B));
    }

    [Fact]
    public void Should_touch_only_what_it_hits_when_a_hundred_thousand_triggers_are_compiled()
    {
        for (var n = 1; n <= 100_000; n++)
        {
            Add(n, $"complete-work-1-{n} && complete-work-2-{n}", ActsOn.Work);
        }

        Assert.Equal([70_000], _set.Match(Work(A, "complete", "70000")).Select(match => match.CallbackId));
        Assert.Equal(500, _set.Match(new(A, SubjectType.Work, "complete", NameSet.Range(501, 1_000))).Count);
        Assert.Equal(100_000, _set.Match(new(B, SubjectType.Work, "complete", NameSet.Range(-5_000_000, 5_000_000))).Count);
        Assert.False(_set.Interested(Work(A, "complete", "100001")));
        Assert.False(_set.Interested(Work(A, "failed", "5")));
        Assert.True(_set.Interested(Work(A, "complete", "5")));
        for (var n = 1; n <= 100_000; n++)
        {
            Assert.True(_set.Remove(n));
        }

        Assert.Empty(_set.Sources);
    }

    [Fact]
    public void Should_answer_the_ids_when_imported_memory_has_no_callback()
    {
        Add(1, "complete-job-1 && complete-job-2");

        Assert.Equal([9], _set.Import([new CallbackSnapshot(9, 3, []), new CallbackSnapshot(1, 4, [new(1, NameSet.Empty)])]));
        Assert.Equal((4, "complete-job-1 0 complete-job-2 1 "), (_set.FiredCount(1), _set.Ready(1)));
    }

    [Fact]
    public void Should_refuse_when_an_id_is_taken()
    {
        Add(1, "complete-job-1");

        Assert.Throws<ArgumentException>(() => Add(1, "complete-job-2"));
        Assert.Equal([1], _set.CallbackIds);
    }

    [Theory]
    [InlineData("unblock-work-self", ActsOn.Work)]
    [InlineData(" Fail-Work-Self ", ActsOn.Work)]
    [InlineData("unblock-subjob-self", ActsOn.Subjob)]
    [InlineData("unblock-subjob-self-single", ActsOn.Subjob)]
    [InlineData("unblock-self", ActsOn.Job)]
    [InlineData("mail-status", ActsOn.Job)]
    [InlineData("mail-subjob-status", ActsOn.EachEvent)]
    [InlineData("", ActsOn.EachEvent)]
    [InlineData("print(1)", ActsOn.EachEvent)]
    public void Should_know_what_a_verb_acts_on_when_given_its_code(string code, ActsOn expected) =>
        Assert.Equal(expected, CallbackVerbs.TargetOf(code));

    [Fact]
    public void Should_unblock_frame_by_frame_when_a_dependency_is_expanded()
    {
        var trigger = Assert.Single(DependencyParser.Parse("link-complete-work-1,link-complete-work-2,3").Spec!.Expand());
        _set.Add(1, trigger.Expression, CallbackVerbs.TargetOf(trigger.Verb), -1, true, Resolve);

        Tell(TriggerEvent.ForJob(C, "complete"));
        Tell(new(A, SubjectType.Work, "complete", NameSet.Range(1, 10)));
        Assert.Equal(NameSet.Of("4"), Assert.Single(Tell(Work(B, "complete", "4"))).Works);
    }

    private static TriggerEvent Work(long source, string name, string item) => TriggerEvent.ForItem(source, SubjectType.Work, name, item);

    private static long? Resolve(TriggerContext context) => context.Kind == ContextKind.Self ? Owner : null;

    private void Add(int id, string trigger, ActsOn target = ActsOn.Job, int max = -1, bool unlatchOnRetry = false) =>
        _set.Add(id, Parse(trigger), target, max, unlatchOnRetry, Resolve);

    private List<Firing> Tell(TriggerEvent e)
    {
        var cause = new EventCause($"job-{e.Source}", ++_sequence, 0);
        return [.. _set.Match(e).SelectMany(match => _set.Apply(match, cause))];
    }
}
