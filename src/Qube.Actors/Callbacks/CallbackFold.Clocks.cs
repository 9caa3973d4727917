using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <content>Clocks (spec/callbacks.md §9). A strike is no entry of anybody's log: it stands in the callbacks' own journal, under the second at which it
/// was due, and that it is there is what keeps it from striking again.</content>
internal sealed partial class CallbackFold
{
    /// <summary>So late, seconds, that the machine must have slept: what was missed then is one strike, as after a restart.</summary>
    private const long SleptSeconds = 60;

    /// <summary>The job that owns the callbacks has been removed: its clocks have stopped.</summary>
    public bool IsOwnerRemoved { get; set; }

    private long RegisteredSeconds => spec.SubmittedAtMs / 1000;

    /// <summary>Clocks with the time of their next strike in unix seconds; past ones are overdue.</summary>
    public IEnumerable<(ClockPattern Clock, long DueSeconds)> DueClocks()
    {
        if (IsOwnerRemoved)
        {
            yield break;
        }

        foreach (var clock in Set.Clocks())
        {
            var struck = strikes.TryGetValue((clock.CallbackId, clock.Ordinal), out var last);
            if (clock.IntervalSeconds is null)
            {
                if (!struck)
                {
                    yield return (clock, clock.NextUnixSeconds(0));
                }
            }
            else
            {
                // Counted from the registration, not from now: a strike that was due while nobody ran was missed, and is made up for.
                yield return (clock, clock.NextUnixSeconds(struck ? last : RegisteredSeconds - 1));
            }
        }
    }

    /// <summary>The strikes of a clock that are due. Those missed before somebody ran are one, the last of them (spec/callbacks.md §9); later ones
    /// are made up for one by one, however busy the machine is.</summary>
    /// <param name="clock">Which.</param>
    /// <param name="dueSeconds">Its next strike, unix seconds.</param>
    /// <param name="awakeSinceSeconds">Since when these callbacks are awake.</param>
    /// <param name="nowSeconds">Not before <paramref name="dueSeconds"/>.</param>
    public static IEnumerable<CallbackEvents.Match> Strikes(ClockPattern clock, long dueSeconds, long awakeSinceSeconds, long nowSeconds)
    {
        if (clock.IntervalSeconds is not { } interval)
        {
            yield return Strike(clock, dueSeconds);
            yield break;
        }

        if (nowSeconds - dueSeconds > SleptSeconds)
        {
            awakeSinceSeconds = nowSeconds;
        }

        if (dueSeconds <= awakeSinceSeconds)
        {
            dueSeconds += (awakeSinceSeconds - dueSeconds) / interval * interval;
        }

        for (; dueSeconds <= nowSeconds; dueSeconds += interval)
        {
            yield return Strike(clock, dueSeconds);
        }
    }

    private static CallbackEvents.Match Strike(ClockPattern clock, long atSeconds) => new()
    {
        Callback = clock.CallbackId,
        Patterns = [clock.Ordinal],
        Source = ClockSource,
        SequenceNr = atSeconds,
        Ordinal = clock.Ordinal,
    };
}
