using Akka.Actor;
using Qube.Actors.Farm;
using Qube.Actors.Tests.Callbacks;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.Farm;

/// <summary>The farm's list of hosts and its global callbacks, on a real journal.</summary>
public sealed class FarmEventTests : CallbackRig
{
    [Fact]
    public void Should_wake_the_hosts_that_it_knows_when_it_or_the_dispatcher_starts_anew()
    {
        var farm = StartFarm();
        foreach (var host in (string[])["r2", "r1", "r2"])
        {
            Assert.Equal(host, Ask<EventMessages.HostNoted>(farm, new EventMessages.NoteHost { Host = host }).Host);
        }

        Assert.Equal(["r1", "r2"], Ask<EventMessages.HostNames>(farm, new EventMessages.GetHostNames()).Names);
        Kill(farm);
        farm = StartFarm();
        Assert.Equal(["r1", "r2"], Woken());

        Sys.EventStream.Publish(new DispatchMessages.RollCall { Dispatcher = "another" });
        Assert.Equal(["r1", "r2"], Woken());
    }

    [Fact]
    public void Should_keep_global_callbacks_until_they_are_removed_when_it_starts_anew()
    {
        var farm = StartFarm();
        var add = new EventMessages.AddGlobal { RequestId = "a", Callback = new CallbackSpec { Triggers = "go-global", Language = "python", Code = "pass", User = "ann" } };
        var first = Ask<EventMessages.GlobalAdded>(farm, add).Callback;
        Assert.Equal(first, Ask<EventMessages.GlobalAdded>(farm, add).Callback);
        var second = Ask<EventMessages.GlobalAdded>(farm, add with { RequestId = "b" }).Callback;
        Assert.Equal((1, 2), (first.Id, second.Id));
        Assert.Equal([1], Ask<EventMessages.GlobalIds>(farm, new EventMessages.RemoveGlobals { Ids = [1, 9], User = "ann" }).Ids);
        Kill(farm);

        farm = StartFarm();

        Assert.Equal([2], Ask<EventMessages.GlobalIds>(farm, new EventMessages.GetGlobals()).Ids);
        Assert.Contains("\"triggers\":\"go-global\"", Ask<JobMessages.JobReply>(farm, new EventMessages.GetGlobal { Id = 2 }).Json, StringComparison.Ordinal);
        Assert.False(Ask<JobMessages.JobReply>(farm, new EventMessages.GetGlobal { Id = 1 }).Exists);
        Assert.Equal(3, Ask<EventMessages.GlobalAdded>(farm, add with { RequestId = "c" }).Callback.Id);
    }

    [Fact]
    public void Should_tell_every_dispatcher_the_resources_when_it_or_the_dispatcher_starts_anew()
    {
        var farm = StartFarm();
        var set = new FarmMessages.SetResources { RequestId = "a", Items = [new() { Name = "license.maya", Total = 3, UsedOutside = 1 }] };
        Assert.Equal("a", Ask<FarmMessages.ResourcesSet>(farm, set).RequestId);
        Ask<FarmMessages.ResourcesSet>(farm, new FarmMessages.SetResources { RequestId = "b", Items = [new() { Name = "license.maya", Total = 2 }, new() { Name = "global.x", Total = 1 }] });
        // The request of before again changes nothing.
        Ask<FarmMessages.ResourcesSet>(farm, set);
        Kill(farm);
        Told(3, 1);
        Told(2, 0);

        StartFarm();
        Told(2, 0);
        Sys.EventStream.Publish(new DispatchMessages.RollCall { Dispatcher = "another" });
        Told(2, 0);

        void Told(int total, int outside)
        {
            var maya = Dispatcher.ExpectMsg<DispatchMessages.GlobalResources>(Limit).Items.Single(item => item.Name == "license.maya");
            Assert.Equal((total, outside), (maya.Total, maya.UsedOutside));
        }
    }

    [Fact]
    public void Should_keep_the_modes_and_tell_the_dispatcher_when_they_are_set_and_it_starts_anew()
    {
        var farm = StartFarm();
        var stop = new FarmMessages.SetModes { RequestId = "a", Add = [FarmModes.StopActivity] };
        Assert.Equal([FarmModes.StopActivity], Ask<FarmMessages.ModesSet>(farm, stop).Modes);
        Assert.True(Dispatcher.ExpectMsg<DispatchMessages.GlobalResources>(Limit).IsStopped);
        Assert.Equal([FarmModes.RejectSubmit], Ask<FarmMessages.ModesSet>(farm, new FarmMessages.SetModes { RequestId = "b", Add = [FarmModes.RejectSubmit], Remove = [FarmModes.StopActivity] }).Modes);
        Assert.False(Dispatcher.ExpectMsg<DispatchMessages.GlobalResources>(Limit).IsStopped);
        // The request of before again changes nothing.
        Assert.Equal([FarmModes.RejectSubmit], Ask<FarmMessages.ModesSet>(farm, stop).Modes);
        Kill(farm);

        farm = StartFarm();

        Assert.Equal([FarmModes.RejectSubmit], Ask<FarmMessages.LastId>(farm, new FarmMessages.GetLastId()).Modes);
    }

    private IActorRef StartFarm() => Sys.ActorOf(FarmActor.Props(Task.FromResult(Refs), Settings));

    private string[] Woken()
    {
        string[] woken = [Hosts.ExpectMsg<EventMessages.WakeHost>(Limit).Host, Hosts.ExpectMsg<EventMessages.WakeHost>(Limit).Host];
        return woken;
    }

    private static T Ask<T>(IActorRef actor, object question) => actor.Ask<T>(question, Limit).GetAwaiter().GetResult();
}
