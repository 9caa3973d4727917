using FsCheck.Xunit;

namespace Qube.Triggers.Tests;

public class NameSetTests
{
    [Property(MaxTest = 300)]
    public void Should_agree_with_a_hash_set_when_combined(int seed)
    {
        var random = new Random(seed);
        string[] a = RandomNames(random), b = RandomNames(random);
        NameSet x = NameSet.Of(a), y = NameSet.Of(b);

        Assert.Equal(Canonical(a), x.ToArray());
        Assert.Equal(a.Distinct().Count(), x.Count);
        Assert.Equal(Canonical(a.Union(b)), x.Union(y).ToArray());
        Assert.Equal(Canonical(a.Intersect(b)), x.Intersect(y).ToArray());
        Assert.Equal(Canonical(a.Except(b)), x.Except(y).ToArray());
        Assert.All(a.Concat(b), name => Assert.Equal(a.Contains(name), x.Contains(name)));
        Assert.Equal(new HashSet<string>(a).SetEquals(b), x.Equals(y));
        Assert.Equal(x, NameSet.FromParts(x.Intervals.Reverse(), x.Others.Reverse()));
        Assert.Equal(x.GetHashCode(), NameSet.FromParts(x.Intervals, x.Others).GetHashCode());
    }

    [Property(MaxTest = 200)]
    public void Should_agree_with_a_hash_set_when_a_memory_is_changed_step_by_step(int seed)
    {
        var random = new Random(seed);
        var memory = new NameMemory();
        var model = new HashSet<string>();
        for (var step = 0; step < 60; step++)
        {
            var names = NameSet.Of(RandomNames(random));
            if (random.Next(3) == 0)
            {
                memory.Remove(names);
                model.ExceptWith(names);
            }
            else
            {
                memory.Add(names);
                model.UnionWith(names);
            }

            var probe = NameSet.Of(RandomNames(random));
            Assert.Equal(NameSet.Of(model), memory.ToNameSet());
            Assert.Equal(NameSet.Of(model.Intersect(probe)), memory.Intersect(probe));
            Assert.Equal(model.Count == 0, memory.IsEmpty);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Should_agree_with_a_hash_set_when_thousands_of_intervals_come_and_go(int seed)
    {
        var random = new Random(seed);
        var memory = new NameMemory();
        var model = new HashSet<string>();
        for (var step = 0; step < 6_000; step++)
        {
            long first = random.Next(20_000), last = first + (random.Next(50) == 0 ? random.Next(2_000) : random.Next(2));
            var names = NameSet.Range(first, last);
            if (random.Next(8) == 0)
            {
                memory.Remove(names);
                model.ExceptWith(names);
            }
            else if (last - first < 5 || step % 500 == 0)
            {
                memory.Add(names);
                model.UnionWith(names);
            }
        }

        Assert.True(memory.ToNameSet().Intervals.Length > 600, "the test means to cross several chunks");
        Assert.Equal(NameSet.Of(model), memory.ToNameSet());
        Assert.Equal(NameSet.Of(model).Intersect(NameSet.Range(500, 15_000)), memory.Intersect(NameSet.Range(500, 15_000)));
        memory.Remove(NameSet.Range(-1, 30_000));
        Assert.True(memory.IsEmpty);
    }

    [Theory]
    [InlineData("5", true)]
    [InlineData("0", true)]
    [InlineData("-3", true)]
    [InlineData("99999999999999999", true)]
    [InlineData("100000000000000000", false)]
    [InlineData("005", false)]
    [InlineData("-0", false)]
    [InlineData("+5", false)]
    [InlineData("5 ", false)]
    [InlineData("-", false)]
    [InlineData("", false)]
    [InlineData("٣", false)]
    public void Should_keep_as_an_interval_when_the_name_is_a_canonical_integer(string name, bool canonical)
    {
        var set = NameSet.Of(name);

        Assert.Equal(canonical, set.Intervals.Length == 1);
        Assert.Equal(name, set.OnlyName);
        Assert.True(set.Contains(name));
        Assert.Equal([name], [.. set]);
    }

    [Fact]
    public void Should_stay_one_interval_when_a_million_items_are_meant()
    {
        var set = NameSet.Range(1, 1_000_000).Except(NameSet.Of("500000"));

        Assert.Equal([new NameInterval(1, 499_999), new NameInterval(500_001, 1_000_000)], set.Intervals.ToArray());
        Assert.Equal(999_999, set.Count);
        Assert.Single(set.Union(NameSet.Of("500000")).Intervals);
    }

    [Fact]
    public void Should_refuse_when_a_bound_is_no_canonical_integer()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NameSet.Range(0, long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => NameSet.FromParts([new(long.MinValue, 0)], []));
        Assert.True(NameSet.Range(5, 4).IsEmpty);
    }

    private static string[] RandomNames(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(8) switch
        {
            0 => "0" + random.Next(10),
            1 => "Rock and Roll " + random.Next(3),
            2 => $"{random.Next(9)}-{random.Next(9)}",
            _ => $"{random.Next(-10, 20)}",
        }),
    ];

    private static string[] Canonical(IEnumerable<string> names) =>
    [
        .. names.Distinct()
            .OrderBy(name => NameSet.TryCanonical(name, out _) ? 0 : 1)
            .ThenBy(name => NameSet.TryCanonical(name, out var value) ? value : 0)
            .ThenBy(name => name, StringComparer.Ordinal),
    ];
}
