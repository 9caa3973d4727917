using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Qube.Domain.Ranges;
using Xunit;

namespace Qube.Domain.Tests.Ranges;

public sealed class IntervalSetTests
{
    public enum Verb
    {
        Add,
        AddRange,
        Remove,
        RemoveRange,
        TakeFirst,
    }

    public sealed record Step(Verb Verb, int First, int Last);

    public static class Steps
    {
        public static Arbitrary<Step[]> Lists() =>
            Gen.ListOf(
                from verb in Gen.Elements(Enum.GetValues<Verb>())
                from first in Gen.Choose(-40, 40)
                from length in Gen.Choose(-1, 12)
                select new Step(verb, first, first + length))
            .Select(static steps => steps.ToArray()).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Steps)], MaxTest = 500)]
    public void Should_behave_like_a_sorted_set_when_changed_in_any_way(Step[] steps)
    {
        var set = new IntervalSet();
        SortedSet<int> model = [];
        foreach (Step step in steps)
        {
            IEnumerable<int> span = Enumerable.Range(step.First, step.Last - step.First + 1);
            switch (step.Verb)
            {
                case Verb.Add:
                    Assert.Equal(model.Add(step.First), set.Add(step.First));
                    break;
                case Verb.AddRange:
                    set.AddRange(step.First, step.Last);
                    model.UnionWith(span);
                    break;
                case Verb.Remove:
                    Assert.Equal(model.Remove(step.First), set.Remove(step.First));
                    break;
                case Verb.RemoveRange:
                    set.RemoveRange(step.First, step.Last);
                    model.ExceptWith(span);
                    break;
                default:
                    Assert.Equal(model.Count > 0, set.TryTakeFirst(out int taken));
                    if (model.Count > 0)
                    {
                        Assert.Equal(model.Min, taken);
                        model.Remove(taken);
                    }

                    break;
            }

            Assert.Equal(model, set.Values());
            Assert.Equal(model.Count, set.Count);
            Assert.Equal(model.Count == 0, set.IsEmpty);
            Assert.All(Enumerable.Range(-45, 100), value => Assert.Equal(model.Contains(value), set.Contains(value)));
        }

        (int First, int Last)[] intervals = [.. set.Intervals()];
        Assert.All(intervals.Zip(intervals.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First, "neighbours must be joined"));
        Assert.Equal(model, IntervalSet.FromPairs(set.ToPairs()).Values());
        Assert.Equal(model, set.Clone().Values());
    }

    [Property]
    public void Should_unite_and_subtract_like_sets_when_combined(byte[] left, byte[] right)
    {
        IntervalSet union = Of(left);
        union.UnionWith(Of(right));
        IntervalSet difference = Of(left);
        difference.ExceptWith(Of(right));

        Assert.Equal(left.Union(right).Order().Select(static value => (int)value), union.Values());
        Assert.Equal(left.Except(right).Order().Select(static value => (int)value), difference.Values());
    }

    [Fact]
    public void Should_hold_all_ints_when_given_them()
    {
        var set = new IntervalSet(int.MinValue, int.MaxValue);

        Assert.Equal(1L << 32, set.Count);
        Assert.True(set.Remove(int.MinValue));
        Assert.True(set.Remove(int.MaxValue));
        Assert.Equal((int.MinValue + 1, int.MaxValue - 1), (set.First, set.Last));
        set.AddRange(int.MinValue, int.MinValue);
        set.Add(int.MaxValue);
        Assert.Equal(1, set.IntervalCount);
    }

    [Fact]
    public void Should_stay_one_interval_when_a_million_items_are_taken_in_order()
    {
        var set = new IntervalSet(0, 999_999);
        for (int expected = 0; expected < 1_000_000; expected++)
        {
            Assert.True(set.TryTakeFirst(out int taken) && taken == expected, $"took {taken}, expected {expected}");
        }

        Assert.True(set.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => set.First);
    }

    private static IntervalSet Of(byte[] values)
    {
        var set = new IntervalSet();
        foreach (byte value in values)
        {
            set.Add(value);
        }

        return set;
    }
}
