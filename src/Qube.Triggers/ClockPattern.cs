namespace Qube.Triggers;

/// <summary>A clock that must be armed for a callback.</summary>
/// <param name="CallbackId">The callback.</param>
/// <param name="Ordinal">The pattern's position in its expression.</param>
/// <param name="Tick">The event to feed to the set when it strikes.</param>
/// <param name="QubeTime">First strike, in Qube time.</param>
/// <param name="IntervalSeconds">Null for a clock that strikes once.</param>
public sealed record ClockPattern(int CallbackId, int Ordinal, TriggerEvent Tick, long QubeTime, long? IntervalSeconds)
{
    /// <summary>
    /// The next strike after that moment, in unix seconds (callbacks.md §9). Once: its own time even if past, to strike at once; that it
    /// has struck, the caller knows. Periodic: the first of T, T+I, … later than the moment, so that missed ticks become one.
    /// </summary>
    public long NextUnixSeconds(long afterUnixSeconds)
    {
        var first = Triggers.QubeTime.ToUnixSeconds(QubeTime);
        if (IntervalSeconds is not { } interval || first > afterUnixSeconds)
        {
            return first;
        }

        return first + ((((afterUnixSeconds - first) / interval) + 1) * interval);
    }
}
