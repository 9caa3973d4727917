using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <summary>When a finished job's callbacks may leave memory with it (design §3, live index): when nothing is open, and whatever could still make one
/// fire is written into their own job's log. Whoever writes there wakes the job, and its callbacks read on from their cursor.</summary>
internal static class CallbackRest
{
    /// <summary>True when these callbacks may sleep. They stay awake for another job's log, for a clock, for the farm's and hosts' events, and
    /// for a label that nobody has yet; not for what has fired as often as it may, nor for what cannot ever fire.</summary>
    public static bool MayRest(CallbackFold fold, long owner) =>
        fold.Firings.Values.All(record => record.Done)
        && fold.Set.Clocks().All(clock => fold.Set.IsExhausted(clock.CallbackId))
        && fold.Set.CallbackIds.All(callback => MayRest(fold.Set, callback, owner));

    private static bool MayRest(CallbackSet set, int callback, long owner) =>
        set.IsExhausted(callback) || set.Patterns(callback).All(pattern => (pattern.Source == owner && pattern.Pattern.Type != SubjectType.Host) || (pattern.Source is null && pattern.Pattern.Context.Kind != ContextKind.Label));
}
