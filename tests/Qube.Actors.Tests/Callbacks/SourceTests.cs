using Akka.Actor;
using Qube.Actors.Farm;
using Qube.Contracts;
using Xunit;
using Status = Qube.Contracts.Status;

namespace Qube.Actors.Tests.Callbacks;

/// <summary>Callbacks that follow hosts' logs, the farm's, and every job's: no hole is passed, nothing counts twice (DESIGN.md beside the code).</summary>
public sealed class SourceTests : CallbackRig
{
    [Fact]
    public async Task Should_read_the_hosts_log_when_envelopes_were_lost_and_fire_once_when_they_come_again()
    {
        var spec = Job("locked-host-*-r1", "down-host-*-*");
        var owner = Start(spec);
        NothingFired(owner);
        owner.Tell(new EventMessages.HostNames());
        var log = LogOf("host-r1");
        var old = new HostEvents.StateChanged { AtMs = NowMs - 5000, State = "down", Was = "active" };
        var locked = new HostEvents.LocksChanged { AtMs = NowMs + 1, Locks = "host.processor_all=1" };
        var down = new HostEvents.StateChanged { AtMs = NowMs + 2, State = "down", Was = "active" };
        foreach (var entry in (object[])[old, new HostEvents.StateChanged { AtMs = NowMs - 4000, State = "active", Was = "down" }, locked, down])
        {
            await Write(log, entry);
        }

        // The envelopes of the first three are lost.
        var last = OfHost("r1", 4) with { HostState = down };
        owner.Tell(last);

        Assert.Equal([1, 2], new[] { Fired().Callback, Fired().Callback });
        owner.Tell(last);
        owner.Tell(OfHost("r1", 3) with { HostLocks = locked });
        NothingFired(owner);

        Kill(owner);
        owner = Start(spec);
        NothingFired(owner);
        owner.Tell(new EventMessages.HostNames { Names = ["r1"] });
        owner.Tell(last);
        NothingFired(owner);
        await Write(log, new HostEvents.LocksChanged { AtMs = NowMs + 3, Locks = "", Was = "host.processor_all=1" });
        await Write(log, locked with { AtMs = NowMs + 4 });

        // Nobody said a word of it but the heads of the bus.
        owner.Tell(new BusMessages.Heads { Positions = [EventSources.OfHost("r1"), 6] });
        Assert.Equal(1, Fired().Callback);
    }

    [Fact]
    public async Task Should_hear_only_of_hosts_where_its_job_has_instances_when_the_context_is_self()
    {
        // The fourth says that an entry was read, however long its log took to be opened.
        var spec = Job("down-host-self-*", "back-host-self-*", "assigned-host-self-r1", "down-host-*-r1");
        var owner = Start(spec);
        owner.Tell(new BusMessages.Envelope { Source = spec.JobId, SequenceNr = 1, Created = new JobEvents.Created { Spec = spec, AtMs = NowMs } });
        var log = LogOf("host-r1");
        async Task Say(string was, string state)
        {
            var entry = new HostEvents.StateChanged { AtMs = NowMs, State = state, Was = was };
            owner.Tell(OfHost("r1", await Write(log, entry)) with { HostState = entry });
        }

        await Say("active", "down");
        Assert.Equal(4, Fired().Callback);
        NothingFired(owner);

        owner.Tell(Batch(spec, 2, new Transition { Kind = TransitionKind.InstanceStatus, Instance = 0, Status = Status.Registering, Host = "r1" }));
        Assert.Equal(3, Fired().Callback);
        NothingFired(owner);
        await Say("active", "down");
        Assert.Equal([(1, $"{EventSources.OfHost("r1")}/2/0/r1"), (4, $"{EventSources.OfHost("r1")}/2/0/r1")], new[] { Fired(), Fired() });

        // Its instances have gone elsewhere; that the host is back concerns it all the same, once.
        owner.Tell(Batch(spec, 3, new Transition { Kind = TransitionKind.InstanceLeft, Instance = 0 }));
        await Say("down", "active");
        Assert.Equal(2, Fired().Callback);
        await Say("active", "down");
        Assert.Equal(4, Fired().Callback);
        NothingFired(owner);
    }

    [Fact]
    public void Should_raise_once_and_leave_no_hole_when_the_farms_log_holds_other_things()
    {
        var farm = Sys.ActorOf(FarmActor.Props(Task.FromResult(Refs), Settings));
        var ids = Ask<FarmMessages.IdsIssued>(farm, new FarmMessages.IssueIds { RequestId = "s", Count = 1 });
        var spec = Job("go-global") with { FarmCursor = ids.SequenceNr };
        Ask<EventMessages.Raised>(farm, new EventMessages.RaiseOfFarm { RequestId = "r1", Name = "Go" });
        Ask<EventMessages.Raised>(farm, new EventMessages.RaiseOfFarm { RequestId = "r1", Name = "go" });
        Ask<FarmMessages.IdsIssued>(farm, new FarmMessages.IssueIds { RequestId = "t", Count = 5 });
        Ask<EventMessages.Raised>(farm, new EventMessages.RaiseOfFarm { RequestId = "r2", Name = "go" });
        var first = Bus.ExpectMsg<BusMessages.Envelope>(Limit);
        var second = Bus.ExpectMsg<BusMessages.Envelope>(Limit);
        Assert.Equal((2L, 0L, 4L, 2L), (first.SequenceNr, first.Previous, second.SequenceNr, second.Previous));

        // Callbacks that come to life after both: what was raised after their ids were issued is theirs.
        var owner = Start(spec);
        Assert.Equal(["0/2/0", "0/4/0"], new[] { Fired().Cause, Fired().Cause });
        owner.Tell(second);
        NothingFired(owner);

        Kill(farm);
        farm = Sys.ActorOf(FarmActor.Props(Task.FromResult(Refs), Settings));
        Ask<EventMessages.Raised>(farm, new EventMessages.RaiseOfFarm { RequestId = "r2", Name = "go" });
        Ask<EventMessages.Raised>(farm, new EventMessages.RaiseOfFarm { RequestId = "r3", Name = "go" });
        var third = Bus.FishForMessage<BusMessages.Envelope>(_ => true, Limit);
        Assert.Equal((5L, 4L), (third.SequenceNr, third.Previous));
        owner.Tell(third);
        Assert.Equal("0/5/0", Fired().Cause);
    }

    [Fact]
    public async Task Should_hear_every_job_from_its_registration_on_when_the_context_is_any()
    {
        var jobs = LogOf("job-400");
        var done = new Transition { Kind = TransitionKind.JobStatus, Status = Status.Complete, Attempt = (int)Status.Running };
        var created = new JobEvents.Created { Spec = new JobSpec { JobId = new JobId(400), Pgrp = 400 }, AtMs = NowMs - 10 };
        await Write(jobs, created);
        await Write(jobs, new JobEvents.Batch { AtMs = NowMs - 5, Transitions = [done] });
        await Write(jobs, new JobEvents.Batch { AtMs = NowMs + 1, Transitions = [done with { Status = Status.Running, Attempt = (int)Status.Complete }] });
        var spec = Job("complete-job-*") with { JobId = new JobId(0), Callbacks = [new CallbackSpec { Id = 7, Triggers = "complete-job-*", Language = "python", Code = "pass", Max = 2 }] };
        var owner = Start(spec);

        // The first it hears of that job, and not the first that there was.
        var last = new JobEvents.Batch { AtMs = NowMs + 2, Transitions = [done] };
        await Write(jobs, last);
        owner.Tell(new BusMessages.Envelope { Source = new JobId(400), SequenceNr = 4, Batch = last });
        AwaitAssert(() => Assert.Equal(1, Count(owner)), Limit);
        owner.Tell(new BusMessages.Envelope { Source = new JobId(400), SequenceNr = 4, Batch = last });

        // A new job, heard from its first word on.
        owner.Tell(new BusMessages.Envelope { Source = new JobId(401), SequenceNr = 1, Created = created with { AtMs = NowMs + 3 } });
        owner.Tell(new BusMessages.Envelope { Source = new JobId(401), SequenceNr = 2, Batch = last });

        Assert.Equal(7, FishForMessage<FarmActor.GlobalSpent>(_ => true, Limit).Id);
        Assert.Equal(2, Count(owner));
    }

    [Fact]
    public async Task Should_count_what_an_earlier_job_did_since_the_submission_when_its_callbacks_come_to_ask_later()
    {
        static JobEvents.Batch To(long atMs, Status status, Status was) =>
            new() { AtMs = atMs, Transitions = [new Transition { Kind = TransitionKind.JobStatus, Status = status, Attempt = (int)was }] };
        var job = LogOf("job-200");
        await Write(job, new JobEvents.Created { Spec = new JobSpec { JobId = new JobId(200), Pgrp = 200 }, AtMs = NowMs - 1000 });
        await Write(job, To(NowMs - 500, Status.Running, Status.Pending));
        await Write(job, To(NowMs - 400, Status.Complete, Status.Running));
        await Write(job, To(NowMs + 1, Status.Running, Status.Complete));

        // More than are looked at first.
        for (var n = 2; n < 30; n++)
        {
            await Write(job, new JobEvents.Batch { AtMs = NowMs + n });
        }

        var last = await Write(job, To(NowMs + 30, Status.Complete, Status.Running));
        var spec = Job("complete-job-200", "complete-job-200", "running-job-200", "pending-job-200");
        spec = spec with { Callbacks = [.. spec.Callbacks.Select(callback => callback with { Catchup = callback.Id != 2 })] };
        var owner = Start(spec);
        owner.Tell(new JobMessages.Source { JobId = new JobId(200), Exists = true, LastSequenceNr = last, Status = Status.Complete });

        // Once each: what is true by now counts for the first as such, for the second as the event that it was.
        Assert.Equal([1, 2, 3], new[] { Fired().Callback, Fired().Callback, Fired().Callback }.Order());
        NothingFired(owner);
        Kill(owner);
        owner = Start(spec);
        owner.Tell(new JobMessages.Source { JobId = new JobId(200), Exists = true, LastSequenceNr = last, Status = Status.Complete });
        NothingFired(owner);
    }

    private int Count(IActorRef owner)
    {
        var reply = Ask<JobMessages.JobReply>(owner, new Qube.Actors.Callbacks.CallbackActor.Describe(new JobMessages.JobReply { Json = "{\"id\":0}" }));
        using var json = System.Text.Json.JsonDocument.Parse(reply.Json);
        return json.RootElement.GetProperty("callbacks")[0].GetProperty("count").GetInt32();
    }

    private static T Ask<T>(IActorRef actor, object question) => actor.Ask<T>(question, Limit).GetAwaiter().GetResult();

    private static BusMessages.Envelope OfHost(string host, long sequenceNr) =>
        new() { Source = new JobId(EventSources.OfHost(host)), Host = host, SequenceNr = sequenceNr, Previous = sequenceNr - 1 };

    private BusMessages.Envelope Batch(JobSpec spec, long sequenceNr, params Transition[] transitions) =>
        new() { Source = spec.JobId, SequenceNr = sequenceNr, Batch = new JobEvents.Batch { AtMs = NowMs, Transitions = transitions } };
}
