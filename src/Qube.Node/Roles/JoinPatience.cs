namespace Qube.Node.Roles;

/// <summary>
/// Which supervisor founds the farm, and when one gives up what it has founded. Akka lets the first seed alone found, after seconds in which nobody took it in: were it
/// lost for good, the others, though the majority, would wait for it for ever, and started again on a busy machine it would found a second farm beside the one
/// that runs, and wait in it alone for ever.
/// </summary>
/// <param name="place">Its place in the list of seeds, from 0; negative when it is not there: then it never founds.</param>
/// <param name="silentMs">A seed that has not answered for so long is not there. The second in the list waits so long for the first, the third twice as long for both.</param>
/// <param name="strangeMs">So long must another seed have answered without coming into this one's farm for it to be given up.</param>
internal sealed class JoinPatience(int place, long silentMs, long strangeMs)
{
    private readonly Dictionary<int, long> heardMs = [];
    private long? strangeSince;
    private bool hasFounded;

    /// <summary>What came of looking at a seed.</summary>
    public enum Seed
    {
        Silent,

        /// <summary>It answers, and is not up in a farm.</summary>
        Waits,

        /// <summary>It is up, with the majority.</summary>
        IsUp,
    }

    public enum Step
    {
        Wait,

        /// <summary>Join as the first seed does: whichever other one is in a farm takes it in, and where none is it founds one.</summary>
        Found,

        /// <summary>End, and begin anew: the others are in another farm, or will be.</summary>
        GiveUp,
    }

    /// <param name="nowMs">Of a clock that never goes back.</param>
    /// <param name="isInFarm">It has joined, itself perhaps, and is not up.</param>
    /// <param name="seeds">What is seen of each seed, in the list's order; its own place does not count.</param>
    /// <param name="isStrange">A seed answers that is in no farm with this one.</param>
    public Step Next(long nowMs, bool isInFarm, IReadOnlyList<Seed> seeds, bool isStrange)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        for (var seed = 0; seed < seeds.Count; seed++)
        {
            if (seeds[seed] != Seed.Silent || !heardMs.ContainsKey(seed))
            {
                heardMs[seed] = nowMs;
            }
        }

        strangeSince = isInFarm && isStrange ? strangeSince ?? nowMs : null;
        if (strangeSince is { } since && nowMs - since >= strangeMs)
        {
            return Step.GiveUp;
        }

        if (place < 0 || isInFarm || hasFounded || seeds.Contains(Seed.IsUp)
            || !Enumerable.Range(0, seeds.Count).All(seed => seed == place || (seed < place ? IsSilent(seed, place, nowMs) : seeds[seed] == Seed.Waits || IsSilent(seed, 1, nowMs))))
        {
            return Step.Wait;
        }

        hasFounded = true;
        return Step.Found;
    }

    private bool IsSilent(int seed, int times, long nowMs) => nowMs - heardMs[seed] >= silentMs * times;
}
