using Akka.Actor;
using Qube.Actors.Callbacks;
using Qube.Contracts;
using Qube.Triggers;
using Xunit;

namespace Qube.Actors.Tests.Callbacks;

/// <summary>Clocks of callbacks (spec/callbacks.md §9) on a real journal and a clock that the test owns.</summary>
public sealed class ClockTests : CallbackRig
{
    private long NowQubeTime => NowSeconds - QubeTime.EpochOffsetSeconds;

    [Fact]
    public void Should_strike_each_second_while_awake_and_once_for_what_was_missed_when_it_was_dead()
    {
        var spec = Job($"dummy-repeat-self-{NowQubeTime + 1}-1");
        var begin = NowSeconds;
        var owner = Start(spec);
        NothingFired(owner);
        var struck = new List<long>();
        for (var second = 0; second < 3; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            struck.Add(Second(Fired()));
        }

        NothingFired(owner);
        Kill(owner);
        Time.Advance(TimeSpan.FromSeconds(5.5));
        owner = Start(spec);
        NothingFired(owner);
        Time.AdvanceMs(1);
        struck.Add(Second(Fired()));
        NothingFired(owner);
        Time.AdvanceMs(500);
        struck.Add(Second(Fired()));

        Assert.Equal([begin + 1, begin + 2, begin + 3, begin + 8, begin + 9], struck);
    }

    [Fact]
    public void Should_make_up_for_every_strike_when_the_machine_was_busy_but_awake()
    {
        var spec = Job($"dummy-repeat-self-{NowQubeTime}-2");
        var begin = NowSeconds;
        var owner = Start(spec);
        NothingFired(owner);

        Time.AdvanceMs(1);
        Assert.Equal(begin, Second(Fired()));
        NothingFired(owner);

        // Its timer fires within this one step, and is heard seconds later.
        Time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal([begin + 2, begin + 4, begin + 6], new[] { Second(Fired()), Second(Fired()), Second(Fired()) });
        NothingFired(owner);
    }

    [Fact]
    public void Should_strike_one_tick_after_submission_and_never_again_when_its_time_is_past()
    {
        var spec = Job($"dummy-time-self-{NowQubeTime - 100}", $"globaltime-{NowQubeTime + 60}");
        var owner = Start(spec);
        NothingFired(owner);

        Time.AdvanceMs(1);
        Assert.Equal(1, Fired().Callback);
        NothingFired(owner);
        Kill(owner);
        owner = Start(spec);
        NothingFired(owner);
        Time.AdvanceMs(1);
        NothingFired(owner);

        Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(2, Fired().Callback);
        NothingFired(owner);
    }

    [Fact]
    public void Should_stop_striking_when_its_job_is_removed()
    {
        var spec = Job($"dummy-repeat-self-{NowQubeTime + 1}-1");
        var owner = Start(spec);
        NothingFired(owner);
        owner.Tell(new BusMessages.Envelope { Source = spec.JobId, SequenceNr = 1, Created = new JobEvents.Created { Spec = spec, AtMs = NowMs } });
        owner.Tell(new BusMessages.Envelope
        {
            Source = spec.JobId,
            SequenceNr = 2,
            Batch = new JobEvents.Batch { AtMs = NowMs, Transitions = [new Transition { Kind = TransitionKind.Removed }] },
        });
        NothingFired(owner);

        Time.Advance(TimeSpan.FromSeconds(10));

        NothingFired(owner);
    }

    /// <summary>The rules without their actor: whenever it dies, and whatever of the last strikes had not been written, what stands in the journal in the
    /// end is each due second while it was awake, once, and one for each time that it was dead.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Should_lose_and_double_no_strike_when_it_dies_at_any_moment(int seed)
    {
        const long Interval = 3;
        var random = new Random(seed);
        var clock = new ClockPattern(1, 0, TriggerEvent.ForGlobal("tick"), QubeTime.FromUnixSeconds(1000), Interval);
        var journal = new List<long>();
        long now = 1000;
        for (var life = 0; life < 200; life++)
        {
            var awakeSince = now;
            var written = journal.Count;
            var due = clock.NextUnixSeconds(journal.Count > 0 ? journal[^1] : 999);
            for (var step = 0; step < random.Next(1, 6); step++)
            {
                if (due <= now)
                {
                    foreach (var strike in CallbackFold.Strikes(clock, due, awakeSince, now))
                    {
                        journal.Add(strike.SequenceNr);
                    }

                    due = clock.NextUnixSeconds(journal[^1]);
                }

                now += random.Next(0, 8);
            }

            // Killed; some of the last strikes of this life were not on file yet, and are struck again as part of what was missed.
            var lost = random.Next(0, Math.Min(3, journal.Count - written + 1));
            journal.RemoveRange(journal.Count - lost, lost);
            now += random.Next(0, 40);
        }

        Assert.All(journal, second => Assert.Equal(0, (second - 1000) % Interval));
        var gaps = journal.Zip(journal.Skip(1), (before, after) => after - before).ToArray();
        Assert.True(gaps.All(gap => gap > 0), $"seed {seed}: {string.Join(' ', journal)}");
        Assert.True(gaps.Count(gap => gap > Interval) <= 200, $"seed {seed}: more gaps than lives");
    }

    private static long Second((int Callback, string Cause) fired) => long.Parse(fired.Cause.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
}
