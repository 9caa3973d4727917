using Akka.TestKit.Xunit2;
using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Wire;
using Xunit;

namespace Qube.Actors.Tests.Workers;

public sealed class GateActorTests() : TestKit(WireConfig.Bindings().WithFallback("akka.actor.serialize-messages = on"))
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    [Fact]
    public void Should_pass_words_both_ways_when_a_worker_is_attached()
    {
        var (jobs, dispatcher, worker) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var gate = Sys.ActorOf(GateActor.Props(jobs, dispatcher, new GateOptions { LeaseSeconds = 60 }));
        var stop = new WorkerMessages.EpochRefused { JobId = new JobId(4), Epoch = 2 };

        gate.Tell(new ToWorker("r1", stop), TestActor);
        gate.Tell(new WorkerMessages.Attach { Host = "r1", Incarnation = "a", Beat = 42 }, worker);
        gate.Tell(new ToWorker("r1", stop), TestActor);
        gate.Tell(stop, worker);

        var attached = worker.ExpectMsg<WorkerMessages.Attached>(s_limit);
        Assert.Equal((42L, 60), (attached.Beat, attached.LeaseSeconds));
        // What was said before the host was here is gone: its sender says it again.
        Assert.Equal(stop, worker.ExpectMsg<WorkerMessages.EpochRefused>(s_limit));
        Assert.Equal("r1", dispatcher.ExpectMsg<WorkerMessages.Attach>(s_limit).Host);
        Assert.Equal(stop, jobs.ExpectMsg<WorkerMessages.EpochRefused>(s_limit));
        Assert.False(worker.HasMessages);
    }

    [Fact]
    public void Should_speak_to_the_latest_incarnation_when_a_host_comes_again()
    {
        var (jobs, dispatcher, old, young) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var gate = Sys.ActorOf(GateActor.Props(jobs, dispatcher, new GateOptions()));
        gate.Tell(new WorkerMessages.Attach { Host = "r1", Incarnation = "a" }, old);
        gate.Tell(new WorkerMessages.Attach { Host = "r1", Incarnation = "b" }, young);

        gate.Tell(new ToWorker("r1", new WorkerMessages.EpochRefused { Epoch = 1 }), TestActor);

        young.ExpectMsg<WorkerMessages.Attached>(s_limit);
        young.ExpectMsg<WorkerMessages.EpochRefused>(s_limit);
        old.ExpectMsg<WorkerMessages.Attached>(s_limit);
        Assert.False(old.HasMessages);
    }
}
