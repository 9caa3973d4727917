namespace Qube.Node.Roles;

/// <summary>
/// What a supervisor that is not up yet does beyond asking the seeds again. Only the first seed of the list founds a farm by itself; were it lost for
/// good, the others, though the majority, would wait for it for ever. And one that founded a farm while it was cut off would wait in it alone for ever.
/// </summary>
/// <param name="place">Its place in the list of seeds, from 0; negative when it is not there.</param>
/// <param name="foundAfterMs">So long must every earlier seed have been silent for the second in the list to found, twice as long for the third.</param>
/// <param name="aloneAfterMs">So long must another seed have answered without coming into this one's farm for it to be given up.</param>
internal sealed class JoinPatience(int place, long foundAfterMs, long aloneAfterMs)
{
    private long? silentSince;
    private long? strangeSince;
    private bool hasFounded;

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
    /// <param name="earlierAnswers">A seed before it in the list answers.</param>
    /// <param name="strangerAnswers">A seed answers that is in no farm with this one.</param>
    public Step Next(long nowMs, bool isInFarm, bool earlierAnswers, bool strangerAnswers)
    {
        silentSince = isInFarm || earlierAnswers ? null : silentSince ?? nowMs;
        strangeSince = isInFarm && strangerAnswers ? strangeSince ?? nowMs : null;
        if (strangeSince is { } strange && nowMs - strange >= aloneAfterMs)
        {
            return Step.GiveUp;
        }

        if (place > 0 && !hasFounded && silentSince is { } silent && nowMs - silent >= foundAfterMs * place)
        {
            hasFounded = true;
            return Step.Found;
        }

        return Step.Wait;
    }
}
