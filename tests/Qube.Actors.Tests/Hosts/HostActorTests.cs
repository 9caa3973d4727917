using Akka.Actor;
using Akka.TestKit.Xunit2;
using Qube.Actors.Hosts;
using Qube.Contracts;
using Qube.Wire;
using Xunit;

namespace Qube.Actors.Tests.Hosts;

public sealed class HostActorTests() : TestKit(WireConfig.Bindings()
    .WithFallback("akka.persistence.journal.plugin = akka.persistence.journal.inmem, akka.actor.serialize-messages = on"))
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    [Fact]
    public void Should_tell_dispatcher_and_asker_when_a_host_is_locked()
    {
        var (host, dispatcher) = (Start(out var probe), probe);

        host.Tell(new HostMessages.LockHost { Host = "r1", Locks = "host.processor_all=1", User = "ann" }, TestActor);

        Assert.Equal("host.processor_all=1", dispatcher.ExpectMsg<DispatchMessages.HostLocks>(s_limit).Locks);
        Assert.Equal(new HostMessages.HostLocked { Host = "r1", Locks = "host.processor_all=1" }, ExpectMsg<HostMessages.HostLocked>(s_limit));
    }

    [Fact]
    public void Should_know_its_locks_when_it_starts_again()
    {
        var host = Start(out var dispatcher);
        host.Tell(new HostMessages.LockHost { Host = "r1", Locks = "host.processor_2=1" }, TestActor);
        ExpectMsg<HostMessages.HostLocked>(s_limit);
        dispatcher.ExpectMsg<DispatchMessages.HostLocks>(s_limit);
        StopByHandOff(host);

        var again = Start(out dispatcher);
        again.Tell(Seen("active", "boot1"), TestActor);

        Assert.Equal(new DispatchMessages.HostLocks { Host = "r1", Locks = "host.processor_2=1" }, dispatcher.ExpectMsg<DispatchMessages.HostLocks>(s_limit));
    }

    [Fact]
    public void Should_know_its_settings_when_it_starts_again_and_take_a_request_once()
    {
        var host = Start(out var dispatcher);
        host.Tell(new HostMessages.SetHostVars { Host = "r1", Resources = "host.x=1/2", Properties = "host.p=v", RequestId = "a" }, TestActor);
        Assert.Equal(new HostMessages.HostVarsSet { Host = "r1" }, ExpectMsg<HostMessages.HostVarsSet>(s_limit));
        Assert.Equal("host.x=1/2", dispatcher.ExpectMsg<DispatchMessages.HostLocks>(s_limit).Resources);
        host.Tell(new HostMessages.SetHostVars { Host = "r1", Resources = "host.x=,host.y=3", RequestId = "b" }, TestActor);
        ExpectMsg<HostMessages.HostVarsSet>(s_limit);
        host.Tell(new HostMessages.SetHostVars { Host = "r1", Resources = "host.x=many" }, TestActor);
        Assert.Contains("many", ExpectMsg<HostMessages.HostVarsSet>(s_limit).Error, StringComparison.Ordinal);
        StopByHandOff(host);

        var again = Start(out dispatcher);
        again.Tell(new HostMessages.SetHostVars { Host = "r1", Resources = "host.x=1/2", Properties = "host.p=v", RequestId = "a" }, TestActor);
        ExpectMsg<HostMessages.HostVarsSet>(s_limit);

        Assert.Equal(new DispatchMessages.HostLocks { Host = "r1", Resources = "host.y=3", Properties = "host.p=v" }, dispatcher.ExpectMsg<DispatchMessages.HostLocks>(s_limit));
    }

    [Fact]
    public void Should_keep_the_locks_it_had_when_a_lock_string_cannot_be_read()
    {
        var host = Start(out _);
        host.Tell(new HostMessages.LockHost { Host = "r1", Locks = "host.processor_2=1" }, TestActor);
        ExpectMsg<HostMessages.HostLocked>(s_limit);

        host.Tell(new HostMessages.LockHost { Host = "r1", Locks = "nonsense" }, TestActor);

        var answer = ExpectMsg<HostMessages.HostLocked>(s_limit);
        Assert.Equal("host.processor_2=1", answer.Locks);
        Assert.Contains("nonsense", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_leave_the_locks_of_others_alone_when_a_request_is_repeated_after_a_restart()
    {
        var host = Start(out _);
        host.Tell(new HostMessages.LockHost { Host = "r1", Locks = "host.processor_2=1", RequestId = "a" }, TestActor);
        host.Tell(new HostMessages.LockHost { Host = "r1", Locks = "", RequestId = "b" }, TestActor);
        ExpectMsg<HostMessages.HostLocked>(s_limit);
        ExpectMsg<HostMessages.HostLocked>(s_limit);
        StopByHandOff(host);

        var again = Start(out _);
        again.Tell(new HostMessages.LockHost { Host = "r1", Locks = "host.processor_2=1", RequestId = "a" }, TestActor);
        Assert.Equal(new HostMessages.HostLocked { Host = "r1", Locks = "" }, ExpectMsg<HostMessages.HostLocked>(s_limit));
        again.Tell(new HostMessages.LockHost { Host = "r1", Locks = "host.processor_2=1", RequestId = "c" }, TestActor);
        Assert.Equal("host.processor_2=1", ExpectMsg<HostMessages.HostLocked>(s_limit).Locks);
    }

    [Fact]
    public void Should_finish_a_write_in_flight_when_it_is_handed_off()
    {
        var host = Start(out _);
        Watch(host);
        host.Tell(new HostMessages.LockHost { Host = "r1", Locks = "host.processor_2=1" }, TestActor);
        host.Tell(HostActor.HandOff.Instance, TestActor);

        ExpectMsg<HostMessages.HostLocked>(s_limit);
        ExpectTerminated(host, s_limit);
    }

    [Fact]
    public void Should_log_a_transition_once_when_it_is_told_again()
    {
        var state = new HostState();
        var first = state.Decide(Seen("active", "boot1"));
        state = state.Apply(first!);

        Assert.Null(state.Decide(Seen("active", "boot1")));
        Assert.Equal("down", state.Decide(Seen("down", "boot1"))!.State);
        Assert.Equal("boot2", state.Decide(Seen("active", "boot2"))!.BootId);
    }

    private static HostMessages.HostStateSeen Seen(string state, string bootId) => new() { Host = "r1", State = state, BootId = bootId, AtMs = 5 };

    private IActorRef Start(out Akka.TestKit.TestProbe dispatcher)
    {
        dispatcher = CreateTestProbe();
        return Sys.ActorOf(HostActor.Props("r1", Probes.Farm(dispatcher.Ref), TimeProvider.System));
    }

    private void StopByHandOff(IActorRef host)
    {
        Watch(host);
        host.Tell(HostActor.HandOff.Instance, TestActor);
        ExpectTerminated(host, s_limit);
    }
}
