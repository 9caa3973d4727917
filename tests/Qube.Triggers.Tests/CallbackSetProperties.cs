using FsCheck.Xunit;

namespace Qube.Triggers.Tests;

public class CallbackSetProperties
{
    [Property(MaxTest = 1_500)]
    public void Should_agree_with_the_naive_evaluator_when_random_events_meet_random_callbacks(int seed)
    {
        var random = new Random(seed);
        var set = new CallbackSet();
        var naive = new SortedDictionary<int, NaiveCallback>();
        for (var id = 1; id <= 5; id++)
        {
            var expression = Farm.Expression(random);
            var target = (ActsOn)random.Next(4);
            var (max, unlatch) = (random.Next(4) == 0 ? random.Next(4) : -1, random.Next(2) == 0);
            set.Add(id, expression, target, max, unlatch, Farm.Resolve);
            naive.Add(id, new(expression, target, max, unlatch, Farm.Resolve));
        }

        for (var step = 1; step <= 60; step++)
        {
            if (random.Next(12) == 0)
            {
                SubjectType? type = random.Next(4) is var t && t < 3 ? (SubjectType)t : null;
                var names = type is SubjectType.Work && random.Next(2) == 0 ? NameSet.Of(["1", "a b"]) : null;
                set.Unlatch(Farm.Owner, type, names);
                foreach (var callback in naive.Values)
                {
                    callback.Unlatch(Farm.Owner, type, names?.ToArray());
                }
            }

            var e = Farm.Event(random);
            var cause = new EventCause($"job-{e.Source}", step, 0);
            var seen = set.Match(e).SelectMany(match => set.Apply(match, cause)).ToList();

            Assert.All(seen, firing => Assert.Equal(cause, firing.Cause));
            Assert.Equal(
                naive.SelectMany(pair => pair.Value.Handle(e).Select(o => $"{pair.Key}: {o.Works} {o.Instances} {o.Current}")),
                seen.Select(f => $"{f.CallbackId}: {f.Works} {f.Instances} {f.Current}"));
            Assert.All(naive, pair => Assert.Equal((pair.Value.Count, pair.Value.Ready()), (set.FiredCount(pair.Key), set.Ready(pair.Key))));
        }
    }

    [Property(MaxTest = 1_000)]
    public void Should_fire_as_the_algebra_says_when_every_operator_had_a_memory_of_its_own(int seed)
    {
        var random = new Random(seed);
        var expression = Farm.Expression(random, 4);
        var set = new CallbackSet();
        set.Add(1, expression, ActsOn.Job, -1, false, Farm.Resolve);
        var strict = new StrictAlgebra(expression);
        for (var step = 1; step <= 80; step++)
        {
            var e = Farm.Event(random);
            var fired = set.Match(e).SelectMany(match => set.Apply(match, new("job", step, 0))).Any();

            Assert.Equal(strict.Fires(pattern => Matches(pattern, e)), fired);
        }
    }

    [Property(MaxTest = 300)]
    public void Should_change_nothing_when_memory_is_exported_and_imported_midway(int seed)
    {
        var random = new Random(seed);
        var definitions = Enumerable.Range(1, 5).Select(id => (Id: id, Expression: Farm.Expression(random), Target: (ActsOn)random.Next(4))).ToList();
        CallbackSet Build()
        {
            var set = new CallbackSet();
            foreach (var (id, expression, target) in definitions)
            {
                set.Add(id, expression, target, 7, false, Farm.Resolve);
            }

            return set;
        }

        var original = Build();
        var copy = Build();
        for (var step = 1; step <= 60; step++)
        {
            var e = Farm.Event(random);
            var cause = new EventCause("job", step, 0);
            var matches = original.Match(e);
            Assert.Equal(matches, copy.Match(e));
            var expected = matches.SelectMany(match => original.Apply(match, cause)).ToList();
            Assert.Equal(expected.Select(f => f.ToString()), matches.SelectMany(match => copy.Apply(match, cause)).Select(f => f.ToString()));
            if (step % 7 == 0)
            {
                var exported = copy.Export();
                copy = Build();
                // A set that already remembers something must forget it.
                foreach (var match in copy.Match(e))
                {
                    copy.Apply(match, cause);
                }

                Assert.Empty(copy.Import(exported));
                Assert.Equal(Text(original), Text(copy));
            }
        }
    }

    [Property(MaxTest = 200)]
    public void Should_find_what_a_walk_over_all_patterns_finds_when_callbacks_come_and_go(int seed)
    {
        var random = new Random(seed);
        var set = new CallbackSet();
        var live = new SortedDictionary<int, TriggerExpression>();
        for (var step = 1; step <= 60; step++)
        {
            if (live.Count > 0 && random.Next(3) == 0)
            {
                var gone = live.Keys.ElementAt(random.Next(live.Count));
                Assert.True(set.Remove(gone));
                Assert.False(set.Remove(gone));
                live.Remove(gone);
            }
            else
            {
                live.Add(step, Farm.Expression(random, 2));
                set.Add(step, live[step], ActsOn.Job, -1, false, Farm.Resolve);
            }

            var e = Farm.Event(random);
            var expected = live
                .Select(pair => (Id: pair.Key, Ordinals: string.Join(",", pair.Value.Patterns().Select((p, i) => Matches(p, e) ? $"{i}" : "").Where(i => i != ""))))
                .Where(hit => hit.Ordinals.Length > 0).ToList();
            Assert.Equal(expected, set.Match(e).Select(match => (match.CallbackId, string.Join(",", match.Ordinals))));
            Assert.Equal(expected.Count > 0, set.Interested(e));
            if (expected.Count > 0)
            {
                Assert.True(set.Sources.Contains(e.Source) || set.Sources.Contains(CallbackSet.AnySource));
            }
        }

        foreach (var id in live.Keys)
        {
            set.Remove(id);
        }

        Assert.Empty(set.Sources);
    }

    private static string Text(CallbackSet set) => string.Join("; ", set.Export().Select(snapshot =>
        $"{snapshot.CallbackId} {snapshot.Count} {string.Join(" ", snapshot.Latches)}"));

    private static bool Matches(EventPattern pattern, TriggerEvent e) =>
        pattern.Type == e.Type
        && EventNames.Canonical(pattern.Name) == EventNames.Canonical(e.Name)
        && (pattern.Context.Kind == ContextKind.Any
            || (pattern.Type.IsJobless() ? 0 : pattern.Context.Kind == ContextKind.Job ? pattern.Context.JobId : Farm.Resolve(pattern.Context)) == e.Source)
        && (!e.Type.HasItems() || pattern.IsWildcard || e.Extras.Contains(pattern.Extra));
}
