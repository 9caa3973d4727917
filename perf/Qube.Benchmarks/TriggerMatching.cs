using System.Diagnostics;
using System.Globalization;
using Qube.Triggers;

namespace Qube.Benchmarks;

/// <summary>
/// The trigger index of issue 3's Speed section: compiles 100,000 triggers of ten patterns each, holds the million patterns, and matches events against
/// 10,000, 100,000 and 1,000,000 of them on one thread; beside a bare dictionary look-up with as many entries, in turn with it. Three events
/// of four hit one pattern, one hits none; they come in random order, so that nothing is near what came before. Rates are by the thread's own
/// CPU time, the collection of its garbage included, and by the clock; the best of the rounds: on a shared machine others take the clock's time
/// and the caches, which only ever adds.
/// </summary>
internal static class TriggerMatching
{
    private const int PatternsPerTrigger = 10;
    private const int ItemsPerJob = 1_000;
    private const double GoalPerSecond = 3_000_000;

    public static int Run(bool isSmoke, TextWriter output)
    {
        int[] sizes = isSmoke ? [1_000, 10_000] : [10_000, 100_000, 1_000_000];
        var (rounds, perRound) = isSmoke ? (2, 100_000) : (9, 2_000_000);
        output.WriteLine("| patterns | callbacks | compiled/CPU s | MB | matched events/CPU s | by the clock | CPU ns/event | dictionary look-ups/CPU s | ratio | goal | met |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        var isMet = true;
        foreach (var size in sizes)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var began = ThreadClock.Seconds();
            var set = Compile(size / PatternsPerTrigger);
            var compiled = size / PatternsPerTrigger / (ThreadClock.Seconds() - began);
            var megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
            var (events, keys) = Events(size);
            var bare = Bare(size);
            Rates best = default, bestBare = default;
            for (var round = 0; round < rounds; round++)
            {
                best = best.Better(Matched(set, events, perRound));
                bestBare = bestBare.Better(LookedUp(bare, keys, perRound));
            }

            var met = best.PerCpuSecond >= GoalPerSecond;
            isMet &= met || isSmoke;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size:#,##0} | {set.Count:#,##0} | {compiled:#,##0} | {megabytes:#,##0} | {best.PerCpuSecond:#,##0} | {best.PerSecond:#,##0} | {1e9 / best.PerCpuSecond:0} | {bestBare.PerCpuSecond:#,##0} | {best.PerCpuSecond / bestBare.PerCpuSecond:0.00} | {GoalPerSecond:#,##0} | {(met ? "yes" : "NO")} |"));
        }

        return isMet ? 0 : 1;
    }

    /// <summary>From text, as a submission gives them: parsed, compiled and indexed.</summary>
    private static CallbackSet Compile(int triggers)
    {
        var set = new CallbackSet();
        for (var id = 0; id < triggers; id++)
        {
            var first = id * PatternsPerTrigger;
            var text = string.Join(" && ", Enumerable.Range(first, PatternsPerTrigger).Select(n => $"complete-work-{JobOf(n)}-{ItemOf(n)}"));
            var expression = TriggerParser.Parse(text, []).Expression ?? throw new InvalidOperationException(text);
            set.Add(id + 1, expression, ActsOn.Job, -1, false, _ => null);
        }

        return set;
    }

    /// <summary>The same events in the same random order for both, so that both miss the processor's caches alike.</summary>
    private static (TriggerEvent[] Events, (long Job, string Name, long Item)[] Keys) Events(int patterns)
    {
        const int Prepared = 1 << 20;
        var random = new Random(7);
        var events = new TriggerEvent[Prepared];
        var keys = new (long, string, long)[Prepared];
        for (var at = 0; at < Prepared; at++)
        {
            var pattern = random.Next(patterns);
            var name = random.Next(4) == 0 ? "running" : "complete";
            events[at] = TriggerEvent.ForItem(JobOf(pattern), SubjectType.Work, name, ItemOf(pattern).ToString(CultureInfo.InvariantCulture));
            keys[at] = (JobOf(pattern), name, ItemOf(pattern));
        }

        return (events, keys);
    }

    private static Dictionary<(long Job, string Name, long Item), int> Bare(int patterns) =>
        Enumerable.Range(0, patterns).ToDictionary(n => ((long)JobOf(n), "complete", (long)ItemOf(n)), n => n + 1);

    private static int JobOf(int pattern) => 1 + (pattern / ItemsPerJob);

    private static int ItemOf(int pattern) => 1 + (pattern % ItemsPerJob);

    private static Rates Matched(CallbackSet set, TriggerEvent[] events, int count)
    {
        long found = 0;
        var (cpu, clock) = (ThreadClock.Seconds(), Stopwatch.GetTimestamp());
        for (var n = 0; n < count; n++)
        {
            found += set.Match(events[n & (events.Length - 1)]).Count;
        }

        return Rates.Of(count, found, cpu, clock);
    }

    private static Rates LookedUp(Dictionary<(long Job, string Name, long Item), int> bare, (long Job, string Name, long Item)[] keys, int count)
    {
        long found = 0;
        var (cpu, clock) = (ThreadClock.Seconds(), Stopwatch.GetTimestamp());
        for (var n = 0; n < count; n++)
        {
            found += bare.GetValueOrDefault(keys[n & (keys.Length - 1)]);
        }

        return Rates.Of(count, found, cpu, clock);
    }

    private readonly record struct Rates(double PerCpuSecond, double PerSecond)
    {
        public static Rates Of(int count, long found, double cpuBefore, long clockBefore) => found > 0
            ? new(count / (ThreadClock.Seconds() - cpuBefore), count / Stopwatch.GetElapsedTime(clockBefore).TotalSeconds)
            : throw new InvalidOperationException("nothing was found: the measurement measures nothing");

        public Rates Better(Rates other) => new(Math.Max(PerCpuSecond, other.PerCpuSecond), Math.Max(PerSecond, other.PerSecond));
    }
}
