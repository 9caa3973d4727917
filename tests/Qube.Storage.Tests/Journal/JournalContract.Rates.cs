using System.Diagnostics;
using Akka.Actor;
using Xunit;

namespace Qube.Storage.Tests.Journal;

public abstract partial class JournalContract
{
    /// <summary>A bench measures: the rates are for the test's output, only the events are asserted.</summary>
    [Theory]
    [InlineData(1, 2_000)]
    [InlineData(1_000, 20)]
    public async Task Should_store_every_event_when_actors_persist_one_after_another(int actors, int eventsEach)
    {
        var system = Start();
        var done = new CountdownEvent(actors);
        var drivers = Enumerable.Range(0, actors).Select(i => system.Sys.ActorOf(Props.Create(() => new Pump($"rate-{i}", eventsEach, done)))).ToList();
        await Task.WhenAll(drivers.Select(d => d.Ask<NotingActor.State>(new NotingActor.GetState(), Eventually.Limit)));

        var garbage = GC.GetTotalAllocatedBytes();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        drivers.ForEach(d => d.Tell(Pump.Go.Instance));
        Assert.True(done.Wait(Eventually.Limit), $"{done.CurrentCount} of {actors} actors are not done");
        var events = (double)actors * eventsEach;
        _output.WriteLine(
            $"{GetType().Name}: {actors} actor(s), Persist one after another: {events / clock.Elapsed.TotalSeconds:N0} events/s, "
            + $"{(GC.GetTotalAllocatedBytes() - garbage) / events / 1024:N1} KiB and {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMicroseconds / events:N0} µs CPU an event");

        Assert.Equal(eventsEach, (await system.ReadLog("rate-0")).HighestSequenceNr);
        Assert.Equal(eventsEach, (await system.ReadLog($"rate-{actors - 1}")).HighestSequenceNr);
    }

    private sealed class Pump(string persistenceId, int count, CountdownEvent done) : Akka.Persistence.UntypedPersistentActor
    {
        private int _left = count;

        public override string PersistenceId { get; } = persistenceId;

        protected override void OnCommand(object message)
        {
            if (message is NotingActor.GetState)
                Sender.Tell(new NotingActor.State([], LastSequenceNr, null));
            else if (message is Go)
                Persist(new Noted("a text of about the length that an event has, which is a hundred bytes or so when it is small enough."), _ => Next());
            else
                Unhandled(message);
        }

        protected override void OnRecover(object message)
        {
        }

        private void Next()
        {
            if (--_left == 0)
                done.Signal();
            else
                Self.Tell(Go.Instance);
        }

        internal sealed class Go
        {
            public static readonly Go Instance = new();
        }
    }
}
