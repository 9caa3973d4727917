using System.Collections.Immutable;
using Qube.Domain.Expressions;
using Qube.Domain.Placement;
using Xunit;

namespace Qube.Domain.Tests.Placement;

public sealed class PlannerTests
{
    private static PlacementHost Host(string name, int slots) => PlacementHost.WithSlots(name, slots);

    private static Demand Job(long id, int wanted, int priority = 100) => new() { JobId = id, Wanted = wanted, Priority = priority };

    private static Reservations Take(string text) => Reservations.Parse(text).Required();

    private static Expression Needs(string text) => Expression.Parse(text).Required();

    private static string Plan(IReadOnlyCollection<PlacementHost> hosts, params Demand[] demands) =>
        Text(Planner.Plan(new PlacementView { Hosts = hosts, Demands = demands }));

    private static string Text(IEnumerable<Grant> grants) =>
        string.Join("; ", grants.Select(static grant => $"{grant.Count}x{grant.JobId}@{grant.Host}"));

    [Fact]
    public void Should_go_by_priority_then_order_then_id_when_slots_are_few()
    {
        Assert.Equal(
            "1x4@a; 1x3@a; 1x1@a; 1x2@a",
            Plan([Host("a", 4)], Job(5, 1), Job(2, 1), Job(1, 1), Job(3, 1) with { Order = -1 }, Job(4, 1, 50)));
    }

    [Fact]
    public void Should_go_by_cluster_before_priority_unless_told_otherwise()
    {
        Demand home = Job(1, 1, 9000) with { Cluster = JobCluster.Parse("/A/B").Required() };
        Demand away = Job(2, 1, 1) with { Cluster = JobCluster.Parse("/A").Required() };
        PlacementHost host = Host("a", 1) with { Cluster = "/A/B" };
        PlacementView view = new() { Hosts = [host], Demands = [away, home] };

        Assert.Equal("1x1@a", Text(Planner.Plan(view)));
        Assert.Equal("1x2@a", Text(Planner.Plan(view with { Algorithm = QueueAlgorithm.Priority })));
        Assert.Equal("1x1@a", Text(Planner.Plan(view with { Algorithm = QueueAlgorithm.Queue })));
    }

    [Fact]
    public void Should_fill_the_preferred_host_before_the_next_when_there_is_a_hostorder()
    {
        PlacementHost[] hosts = [Host("a", 2), Host("b", 4), Host("c", 3)];

        Assert.Equal("2x1@a; 3x1@b", Plan(hosts, Job(1, 5)));
        Assert.Equal("4x1@b; 1x1@c", Plan(hosts, Job(1, 5) with { HostOrder = HostOrder.Parse("host.processors.avail").Required() }));
        Assert.Equal("2x1@a; 3x1@c", Plan(hosts, Job(1, 5) with { HostOrder = HostOrder.Parse("-host.processors.total").Required() }));
        Assert.Equal("3x1@c; 2x1@b", Plan(hosts, Job(1, 5) with { HostOrder = HostOrder.Parse("+host.name").Required() }));
        Assert.Equal(3, HostOrder.Parse("  processors").Error!.Column);
    }

    [Theory]
    [InlineData("host.processors=3", 8, 3, "2x1@a host.processors=3")]
    [InlineData("host.processors=3+", 8, 3, "1x1@a host.processors=8")]
    [InlineData("host.processors=9+", 8, 3, "")]
    [InlineData("host.processors=all", 8, 3, "1x1@a host.processors=8")]
    [InlineData("host.processors=3-5", 8, 3, "1x1@a host.processors=5; 1x1@a host.processors=3")]
    [InlineData("host.processors=0", 8, 3, "3x1@a host.processors=0")]
    [InlineData("host.processors=1,host.memory=300", 8, 9, "3x1@a host.processors=1,host.memory=300")]
    [InlineData("host.disk=1", 8, 9, "")]
    public void Should_allocate_as_the_quantity_says(string reservations, int slots, int wanted, string expected)
    {
        PlacementHost host = Host("a", slots);
        host = host with { Resources = host.Resources.Add("host.memory", new HostResource(100, 1000)) };
        IReadOnlyList<Grant> grants = Planner.Plan(new PlacementView
        {
            Hosts = [host],
            Demands = [Job(1, wanted) with { Reservations = Take(reservations) }],
        });

        Assert.Equal(expected, string.Join("; ", grants.Select(static grant => $"{grant.Count}x{grant.JobId}@{grant.Host} {grant.AllocationText}")));
    }

    [Fact]
    public void Should_wait_for_an_idle_host_when_all_of_it_is_wanted()
    {
        var board = new PlacementBoard();
        board.SetHost(Host("a", 2));
        board.SetDemand(Job(1, 1));
        Grant small = Assert.Single(board.Plan());
        board.SetDemand(Job(2, 1) with { Reservations = Take("host.processors=all") });

        Assert.Empty(board.Plan());
        Assert.True(board.Release(1, "a", small.Allocations));
        Assert.Equal(2, Assert.Single(board.Plan()).Slots);
        Assert.False(board.Release(1, "a", small.Allocations), "the instance was released before");
    }

    [Fact]
    public void Should_use_no_locked_slot_and_no_host_that_is_down()
    {
        Assert.Equal("1x1@a", Plan([Host("a", 3) with { LockedSlots = 2 }, Host("b", 4) with { IsUp = false }], Job(1, 5)));
        Assert.Equal("", Plan([Host("a", 3) with { LockedSlots = 3 }], Job(1, 5) with { Reservations = Take("host.processors=0") }));
    }

    [Fact]
    public void Should_start_one_instance_per_host_when_the_job_is_a_host_list()
    {
        PlacementHost[] hosts = [Host("a", 4), Host("b", 4), Host("c", 4)];

        Assert.Equal(
            "1x1@a; 1x1@c",
            Plan(hosts, Job(1, 9) with { Flags = ["host_list"], OmitHosts = ["B"] }));
        Assert.Equal("1x1@b; 1x1@c", Plan(hosts, Job(1, 9) with { Flags = ["host_list"], ExcludedHosts = ["a"] }));
    }

    [Fact]
    public void Should_take_free_slots_first_and_one_slot_too_many_at_most_when_the_job_is_elite()
    {
        Demand elite = Job(9, 9, 9999) with { Flags = ["elite"] };

        Assert.Equal("3x9@b; 1x9@a", Plan([Host("a", 1) with { Resources = Full(1) }, Host("b", 2)], elite, Job(1, 1, 1)));
        Assert.Equal("", Plan([Host("a", 1) with { LockedSlots = 1 }], elite));
    }

    [Fact]
    public void Should_place_one_instance_per_host_when_the_job_forbids_its_own_company()
    {
        Demand[] jobs = [.. Enumerable.Range(1, 2).Select(id => Job(id, 5) with { Requirements = Needs("not (job.id in host.duty.id)") })];

        Assert.Equal("1x1@a; 1x1@b; 1x2@a; 1x2@b", Plan([Host("a", 4), Host("b", 4)], jobs));
    }

    [Fact]
    public void Should_look_again_when_a_grant_makes_a_requirement_true()
    {
        Demand follower = Job(1, 2, 1) with { Requirements = Needs("host.processors.used > 0") };

        Assert.Equal("1x2@a; 2x1@a", Plan([Host("a", 4), Host("b", 4)], follower, Job(2, 1, 50)));
    }

    [Fact]
    public void Should_hold_to_farm_wide_resources_when_instances_share_them()
    {
        var board = new PlacementBoard();
        board.SetHost(Host("a", 4));
        board.SetHost(Host("b", 4));
        board.SetGlobal(new GlobalResource("license.maya", 3, 0));
        board.SetGlobal(new GlobalResource("global_host.node", 1, 0));
        board.SetGlobal(new GlobalResource("scoped.io", 10, 0));
        board.SetHost(Host("c", 4) with { Resources = Host("c", 4).Resources.Add("scoped.io", new HostResource(0, 2)) });

        board.SetDemand(Job(1, 9) with { Reservations = Take("license.maya=1") });
        IReadOnlyList<Grant> licensed = board.Plan();
        board.SetDemand(Job(2, 9) with { Reservations = Take("global_host.node=1"), Hosts = ["b", "c"] });
        IReadOnlyList<Grant> oncePerHost = board.Plan();
        board.SetDemand(Job(3, 9) with { Reservations = Take("scoped.io=1"), Hosts = ["c"] });
        IReadOnlyList<Grant> scoped = board.Plan();

        Assert.Equal("3x1@a", Text(licensed));
        Assert.Equal("4x2@b", Text(oncePerHost));
        Assert.Equal("2x3@c", Text(scoped));
        Assert.Equal((3, 3), board.GlobalUsage("license.maya"));
        Assert.Equal((1, 1), board.GlobalUsage("global_host.node"));

        // A licence that comes back goes to the first who waits for it, wherever there is room.
        Assert.True(board.Release(1, "a", licensed[0].Allocations));
        Assert.Equal("1x1@a", Text(board.Plan()));

        // The host keeps its one until its last instance ends.
        for (int ended = 1; ended <= 4; ended++)
        {
            Assert.Equal(1, board.HeldByFarm("global_host.node"));
            board.RemoveDemand(2);
            Assert.True(board.Release(2, "b", oncePerHost[0].Allocations));
        }

        Assert.Equal(0, board.HeldByFarm("global_host.node"));
        board.RemoveHost("c");
        Assert.Equal(0, board.HeldByFarm("scoped.io"));
    }

    [Theory]
    [InlineData(80, 80, 80)]
    [InlineData(70, 70, 70)]
    [InlineData(80, 70, 70)]
    [InlineData(80, 50, 60)]
    public void Should_count_outside_use_only_beyond_its_allowance(int used, int usedByFarm, int expected)
    {
        var board = new PlacementBoard();
        board.SetHost(Host("a", 200));
        board.SetGlobal(new GlobalResource("license.x", 100, 0));
        board.Occupy(Job(1, 1).ToDuty(), "a", [new Allocation("license.x", 1)], usedByFarm);
        board.SetGlobal(GlobalResource.License("license.x", 100, 120, used, board.HeldByFarm("license.x")));

        Assert.Equal((expected, 100), board.GlobalUsage("license.x"));
    }

    [Fact]
    public void Should_start_nothing_with_a_licence_when_nothing_has_been_heard_of_it()
    {
        Assert.Equal(new GlobalResource("license.x", 5, 5), GlobalResource.UnknownLicense("license.x", 5));
        Assert.Empty(Planner.Plan(new PlacementView
        {
            Hosts = [Host("a", 4)],
            Globals = [GlobalResource.UnknownLicense("license.x", 5)],
            Demands = [Job(1, 1) with { Reservations = Take("license.x=1") }],
        }));
    }

    [Fact]
    public void Should_keep_to_the_smallest_limit_when_several_apply()
    {
        var board = new PlacementBoard();
        board.SetHost(Host("a", 9));
        board.SetLimit("user:anna", 3);
        board.SetLimit("pgrp:1", 2);
        board.SetDemand(Job(1, 9) with { LimitKeys = ["user:anna", "pgrp:1"] });
        board.SetDemand(Job(2, 9) with { LimitKeys = ["user:anna", "pgrp:2"] });
        IReadOnlyList<Grant> first = board.Plan();

        Assert.Equal("2x1@a; 1x2@a", Text(first));
        Assert.Equal("limit user:anna reached: 3 of 3 instances", board.Reason(Job(2, 9) with { LimitKeys = ["user:anna", "pgrp:2"] }));
        board.Release(1, "a", first[0].Allocations);
        Assert.Equal("1x1@a", Text(board.Plan()));
        board.SetLimit("user:anna", null);
        Assert.Equal("6x2@a", Text(board.Plan()));
    }

    [Fact]
    public void Should_group_jobs_that_every_host_answers_alike()
    {
        var board = new PlacementBoard();
        board.SetHost(Host("a", 1));
        for (int id = 1; id <= 1000; id++)
        {
            board.SetDemand(Job(id, 5, id % 7) with { Requirements = Needs("host.os = linux"), Name = $"job {id}", User = $"user {id % 5}" });
        }

        Assert.Equal(1, board.GroupCount);
        board.SetDemand(Job(1001, 5) with { Requirements = Needs("host.os = linux"), Prototype = "maya" });
        Assert.Equal(2, board.GroupCount);
        for (int id = 1; id <= 1000; id++)
        {
            board.RemoveDemand(id);
        }

        Assert.Equal(1, board.GroupCount);
    }

    private static ImmutableDictionary<string, HostResource> Full(int slots) =>
        ImmutableDictionary<string, HostResource>.Empty.Add(Reservations.Processors, new HostResource(slots, slots));
}
