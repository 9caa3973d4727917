using FsCheck.Xunit;

namespace Qube.Triggers.Tests;

public class NumberedPatternsTests
{
    [Property(MaxTest = 400)]
    public void Should_hold_what_a_dictionary_holds_when_numbers_come_and_go_near_and_far(int seed)
    {
        var random = new Random(seed);
        var patterns = new NumberedPatterns();
        var expected = new SortedDictionary<long, SortedSet<Occurrence>>();
        var spread = (long)Math.Pow(10, random.Next(1, 8));
        var start = random.Next(3) == 0 ? -spread / 2 : random.NextInt64(1_000_000_000_000);
        var limited = new CallbackState(3, new CompiledTrigger(TriggerParser.Parse("complete-job-self", []).Expression!, ActsOn.Job), 1, false);
        for (var step = 0; step < 400; step++)
        {
            var number = random.Next(8) switch
            {
                0 => random.NextInt64(-99_999_999_999_999_999, 99_999_999_999_999_999),
                1 or 2 => start + random.NextInt64(spread),
                _ => start + step,
            };
            if (expected.Count > 0 && random.Next(3) == 0)
            {
                var (from, held) = expected.ElementAt(random.Next(expected.Count));
                var gone = held.First();
                held.Remove(gone);
                patterns.Remove(from, gone);
                if (held.Count == 0)
                {
                    expected.Remove(from);
                }
            }
            else
            {
                var occurrence = random.Next(4) == 0 ? new Occurrence(3, random.Next(3), limited) : new Occurrence(random.Next(4, 7), random.Next(3));
                (expected.TryGetValue(number, out var held) ? held : expected[number] = []).Add(occurrence);
                patterns.Add(number, occurrence);
            }

            Assert.Equal(expected.Keys, patterns.Numbers.Order());
            Assert.Equal(expected.Count == 0, patterns.IsEmpty);
            Assert.Equal(expected.ContainsKey(number), patterns.Contains(number));
            var first = start + random.NextInt64(spread);
            var last = first + random.NextInt64(2 * spread);
            Assert.Equal(expected.Keys.Where(n => n >= first && n <= last), patterns.Within(first, last).Order());
            var hits = new List<Occurrence>();
            Assert.Equal(expected.ContainsKey(number), patterns.AddTo(number, hits));
            Assert.Equal(expected.GetValueOrDefault(number) ?? [], hits);
            Assert.All(hits, hit => Assert.Equal(hit.CallbackId == 3, hit.Limited is not null));
        }
    }

    [Fact]
    public void Should_take_no_room_for_what_lies_between_when_numbers_are_far_apart()
    {
        var patterns = new NumberedPatterns();
        for (var n = 0; n < 1_000; n++)
        {
            patterns.Add(n * 1_000_000_000L, new(1, n));
        }

        Assert.Equal(1_000, patterns.Numbers.Count());
        Assert.InRange(patterns.PlaceCount, 0, 100);
    }
}
