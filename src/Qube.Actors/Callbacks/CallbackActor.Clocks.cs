using Akka.Actor;

namespace Qube.Actors.Callbacks;

/// <content>Clocks (spec/callbacks.md §9): one timer for the earliest strike of all.</content>
public sealed partial class CallbackActor
{
    private ITimer? clock;
    private long awakeSinceSeconds;

    private void BeginClocks()
    {
        awakeSinceSeconds = settings.NowMs() / 1000;
        ArmClock();
    }

    private void ArmClock()
    {
        clock?.Dispose();
        clock = null;
        var due = fold.DueClocks().Select(entry => entry.DueSeconds).DefaultIfEmpty(long.MaxValue).Min();
        if (due < long.MaxValue)
        {
            var wait = Math.Clamp((due * 1000) - settings.NowMs(), 1, int.MaxValue);
            clock = settings.Once(() => self.Tell(ClockDue.Instance), TimeSpan.FromMilliseconds(wait));
        }
    }

    private void OnClockDue()
    {
        var now = settings.NowMs() / 1000;
        foreach (var (due, atSeconds) in fold.DueClocks().Where(entry => entry.DueSeconds <= now).OrderBy(entry => entry.DueSeconds).ToList())
        {
            foreach (var strike in CallbackFold.Strikes(due, atSeconds, awakeSinceSeconds, now))
            {
                matches.Add(strike);
                afterCommit.AddRange(Apply([strike], settings.NowMs()));
            }
        }

        ArmClock();
    }

    private sealed class ClockDue : INoSerializationVerificationNeeded
    {
        public static readonly ClockDue Instance = new();
    }
}
