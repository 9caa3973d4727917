using Qube.Actors.Dispatch;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.Dispatch;

public sealed class DispatchBoardTests
{
    private static readonly DispatcherOptions Options = new() { LeaseSeconds = 120, LeaseMarginSeconds = 10, HostSilentSeconds = 8, GrantSeconds = 5 };

    private readonly DispatchBoard board = new(Options, firstGrantId: 1000);
    private long now = 1_000_000;

    [Fact]
    public void Should_grant_nothing_when_the_host_has_not_told_its_locks()
    {
        board.OnAttach(Host("h1", 2), now);
        Want(1, 2);

        Assert.Equal(["host h1 active"], Said(Plan()));

        board.OnLocks(new DispatchMessages.HostLocks { Host = "h1" }, now);
        Assert.Equal(["job 1: 2 on h1 as i1"], Said(Plan()));
    }

    [Fact]
    public void Should_say_that_a_host_is_down_when_only_its_log_knows_it()
    {
        board.OnHostKnown(new EventMessages.HostKnown { Host = "h1", State = "active", BootId = "b1" }, now);
        board.OnHostKnown(new EventMessages.HostKnown { Host = "h2", State = "active", BootId = "b1" }, now);
        board.OnHostKnown(new EventMessages.HostKnown { Host = "h3", State = "down", BootId = "b1" }, now);
        board.OnTick(now += 7_000);
        board.OnAttach(Host("h2", 1), now);
        Assert.Equal(["host h2 active"], Said(Plan()));

        board.OnTick(now += 2_000);
        Assert.Equal(["host h1 down"], Said(Plan()));
        board.OnTick(now += 2_000);
        Assert.Empty(Said(Plan()));
    }

    [Fact]
    public void Should_not_grant_a_slot_twice_when_the_job_has_not_answered_yet()
    {
        Arrive("h1", 2);
        Want(1, 2);
        Plan();
        Want(2, 2);
        Assert.Empty(Said(Plan()));

        // The same wish again, from before the grant was heard: still the same two slots.
        Want(1, 2, version: 2);
        Assert.Empty(Said(Plan()));
    }

    [Fact]
    public void Should_give_slots_to_the_next_job_when_the_first_lets_go_of_them()
    {
        Arrive("h1", 2);
        Want(1, 2);
        var grant = Grants(Plan()).Single();
        board.OnDemand(Demand(1, 0, 2, grant.GrantId, Held(0, "h1"), Held(1, "h1")), now);
        Want(2, 1);
        Assert.Empty(Said(Plan()));

        board.OnDemand(Demand(1, 0, 3, grant.GrantId, Held(1, "h1")), now);

        Assert.Equal(["job 2: 1 on h1 as i1"], Said(Plan()));
    }

    [Fact]
    public void Should_grant_again_when_a_grant_was_lost_on_the_way()
    {
        Arrive("h1", 1);
        Want(1, 1);
        var first = Grants(Plan()).Single();

        now += 6_000;
        board.OnAttach(Host("h1", 1), now);
        board.OnTick(now);

        var second = Grants(Plan()).Single();
        Assert.True(second.GrantId > first.GrantId, $"expected a later grant than {first.GrantId}, got {second.GrantId}");
    }

    [Fact]
    public void Should_believe_the_later_word_when_demands_come_out_of_order()
    {
        Arrive("h1", 4);
        board.OnDemand(Demand(1, wanted: 1, version: 5), now);
        board.OnDemand(Demand(1, wanted: 4, version: 4), now);
        board.OnDemand(Demand(1, wanted: 3, version: 9) with { Epoch = 0 }, now);

        Assert.Equal(["job 1: 1 on h1 as i1"], Said(Plan()));
    }

    [Fact]
    public void Should_serve_the_better_priority_first_when_there_is_not_room_for_both()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 1) with { Priority = 500 }, now);
        board.OnDemand(Demand(2, 1) with { Priority = 5 }, now);

        Assert.Equal(["job 2: 1 on h1 as i1"], Said(Plan()));
    }

    [Fact]
    public void Should_wait_a_whole_lease_and_its_margin_when_a_host_falls_silent()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1")), now);
        Plan();

        now += 9_000;
        board.OnTick(now);
        Assert.Equal(["host h1 down"], Said(Plan()));

        now += 120_000;
        board.OnTick(now);
        Assert.Empty(Said(Plan()));

        now += 2_000;
        board.OnTick(now);
        Assert.Equal(["job 1: lost h1"], Said(Plan()));
    }

    /// <summary>As one that was frozen and wakes up when another dispatcher has long been in its place, of which the hosts hear.</summary>
    [Fact]
    public void Should_call_no_host_lost_when_it_was_itself_that_stood_still()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1")), now);
        board.OnDemand(Demand(2, 0, 1, 0, Held(0, "never attached")), now);
        board.OnHostKnown(new EventMessages.HostKnown { Host = "h2", State = "active", BootId = "b1" }, now);
        Plan();

        now += 1_000_000;
        board.OnStoodStill(1_000_000, now);
        board.OnTick(now);
        Assert.Empty(Said(Plan()));

        now += 131_000;
        board.OnTick(now);
        Assert.Equal(["host h1 down", "host h2 down", "job 1: lost h1", "job 2: lost never attached"], Said(Plan()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Should_give_a_recovered_job_a_full_lease_when_its_host_never_attached()
    {
        now += 500_000;
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "gone")), now);
        now += 129_000;
        board.OnTick(now);
        Assert.Empty(Said(Plan()));

        // The job recovers once more: its new life grants a lease of its own.
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "gone")) with { Epoch = 2 }, now);
        now += 2_000;
        board.OnTick(now);
        Assert.Empty(Said(Plan()));

        now += 129_000;
        board.OnTick(now);
        Assert.Equal(["job 1: lost gone"], Said(Plan()));
    }

    [Fact]
    public void Should_say_at_once_that_everything_is_lost_when_a_host_returns_with_another_boot_id()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1")), now);
        Plan();

        board.OnAttach(Host("h1", 1) with { Incarnation = "i2", BootId = "b2" }, now);

        Assert.Contains("job 1: lost h1", Said(Plan()));
    }

    [Fact]
    public void Should_tell_jobs_of_a_new_incarnation_when_a_node_was_restarted()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1")), now);
        Plan();

        board.OnAttach(Host("h1", 1) with { Incarnation = "i2" }, now);
        Assert.Contains("job 1: arrived h1 as i2", Said(Plan()));

        // Until the job speaks of that incarnation, every word of it is answered so.
        board.OnDemand(Demand(1, 0, 2, 0, Held(0, "h1")), now);
        Assert.Equal(["job 1: arrived h1 as i2"], Said(Plan()));
        board.OnDemand(Demand(1, 0, 3, 0, Held(0, "h1") with { Incarnation = "i2" }), now);
        Assert.Empty(Said(Plan()));
    }

    [Fact]
    public void Should_tell_nobody_when_a_host_merely_says_that_it_is_still_there()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1")), now);
        Plan();

        board.OnAttach(Host("h1", 1) with { Beat = 77 }, now + 2000);

        Assert.Empty(Said(Plan()));
    }

    [Fact]
    public void Should_count_what_runs_on_a_host_when_it_attaches_after_its_jobs_spoke()
    {
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1") with { Incarnation = "i1" }), now);
        Arrive("h1", 2);
        Want(2, 2);

        Assert.Equal(["job 2: 1 on h1 as i1"], Said(Plan()).Where(line => line.StartsWith("job 2", StringComparison.Ordinal)));
    }

    [Fact]
    public void Should_ask_a_parked_instance_for_its_slot_once_when_another_job_could_use_it()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1") with { Parked = true }), now);
        Plan();

        Want(2, 1);
        Assert.Equal(["job 1: yield on h1"], Said(Plan()));
        Want(2, 1, version: 2);
        Assert.Empty(Said(Plan()));

        board.OnDemand(Demand(1, 1, 2), now);
        Assert.Equal("job 1: 1 on h1 as i1", Said(Plan()).Single());
    }

    [Fact]
    public void Should_not_ask_a_parked_instance_when_the_waiting_job_may_not_use_that_host()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1") with { Parked = true }), now);
        board.OnDemand(Demand(2, 1) with { Hosts = "other" }, now);

        Assert.Empty(Said(Plan()));
    }

    [Fact]
    public void Should_interrupt_what_runs_beyond_the_open_slots_when_a_lock_is_aggressive()
    {
        Arrive("h1", 2);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1"), Held(1, "h1")), now);
        Plan();

        board.OnLocks(new DispatchMessages.HostLocks { Host = "h1", Locks = "host.processor_0=1,host.lock_mode=aggressive" }, now);

        Assert.Equal(["job 1: Interrupt 0"], Said(Plan()));
    }

    [Fact]
    public void Should_grant_what_was_waited_for_when_a_setting_of_a_host_or_a_resource_of_the_farm_comes()
    {
        Arrive("h1", 2);
        board.OnDemand(Demand(1, 1) with { Requirements = "host.tool == \"v2\"", Reservations = "host.dongle=1" }, now);
        board.OnDemand(Demand(2, 1) with { Reservations = "license.maya=1" }, now);
        Assert.Empty(Said(Plan()));

        board.OnLocks(new DispatchMessages.HostLocks { Host = "h1", Resources = "host.dongle=0/1", Properties = "host.tool=v2" }, now);
        Assert.Equal(["job 1: 1 on h1 as i1"], Said(Plan()));
        board.OnGlobals(new DispatchMessages.GlobalResources { Items = [new() { Name = "license.maya", Total = 3, UsedOutside = 3 }] });
        Assert.Empty(Said(Plan()));
        board.OnGlobals(new DispatchMessages.GlobalResources { Items = [new() { Name = "license.maya", Total = 3, UsedOutside = 2 }] });
        var grant = Assert.Single(Plan().OfType<DispatchMessages.Grant>());
        Assert.Equal((2L, "h1"), (grant.JobId.Value, grant.Host));

        board.OnDemand(Demand(2, 0, 2, grant.GrantId, Held(0, "h1") with { Allocations = "license.maya=1" }), now);
        Assert.Equal(
            [new DispatchMessages.ResourceUsage { Name = "license.maya", Used = 3, Total = 3, Held = 1 }], board.GlobalUsage().Items);
        board.OnGlobals(new DispatchMessages.GlobalResources());
        Assert.Empty(board.GlobalUsage().Items);
    }

    [Fact]
    public void Should_start_nothing_and_say_why_until_it_is_taken_back_when_activity_is_stopped()
    {
        Arrive("h1", 2);
        board.OnGlobals(new DispatchMessages.GlobalResources { IsStopped = true });
        board.OnDemand(Demand(1, 1), now);
        board.OnTick(now);

        Assert.Contains("stop_activity", Assert.Single(Plan().OfType<DispatchMessages.PendingReason>()).Reason, StringComparison.Ordinal);
        Assert.Contains("stop_activity", board.LacksOf(new() { JobId = new(1), Limit = 5 }).Reason, StringComparison.Ordinal);
        board.OnGlobals(new DispatchMessages.GlobalResources());
        Assert.Equal(["job 1: 1 on h1 as i1"], Said(Plan()));
    }

    [Fact]
    public void Should_order_the_jobs_of_a_host_by_cluster_priority_and_id_when_asked()
    {
        Arrive("h1", 2);
        board.OnLocks(new DispatchMessages.HostLocks { Host = "h1", Locks = "" }, now);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1"), Held(1, "h1")) with { Priority = 90 }, now);
        board.OnDemand(Demand(2, 1) with { Priority = 70 }, now);
        board.OnDemand(Demand(3, 1) with { Priority = 5, Cluster = "/a" }, now);
        board.OnDemand(Demand(4, 1) with { Priority = 70, LocalOrder = -1 }, now);
        board.OnDemand(Demand(5, 1) with { Hosts = "h2" }, now);
        board.OnDemand(Demand(6, 1) with { Reservations = "host.processors=3" }, now);
        Plan();

        var jobs = board.JobsOf(new() { Host = "h1", Limit = 10 });

        Assert.True(jobs.IsKnown);
        Assert.Equal([4, 2, 1, 3], jobs.JobIds);
        Assert.Equal([4, 2], board.JobsOf(new() { Host = "h1", Limit = 2 }).JobIds);
        Assert.False(board.JobsOf(new() { Host = "h2", Limit = 2 }).IsKnown);
    }

    [Fact]
    public void Should_say_the_field_when_an_expression_of_a_job_cannot_be_read()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 1) with { Requirements = "host.os =" }, now);
        Plan();
        board.OnTick(now);

        var reason = Plan().OfType<DispatchMessages.PendingReason>().Single().Reason;
        Assert.StartsWith("requirements: ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_a_reason_once_when_it_stays_the_same()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 1) with { Prototype = "maya" }, now);
        Plan();
        board.OnTick(now);
        Assert.Equal("1 host: prototype maya not installed", Plan().OfType<DispatchMessages.PendingReason>().Single().Reason);

        board.OnTick(now);
        Assert.Empty(Plan().OfType<DispatchMessages.PendingReason>());
    }

    [Fact]
    public void Should_list_every_host_once_when_it_is_asked_page_by_page()
    {
        foreach (var name in (string[])["c", "a", "b"])
        {
            Arrive(name, 1);
        }

        var names = new List<string>();
        var after = "";
        do
        {
            var page = board.Hosts(new HostMessages.GetHosts { After = after }, pageSize: 2);
            names.AddRange(page.Items.Select(item => item.Attach.Host));
            after = page.Next;
        }
        while (after.Length > 0);

        Assert.Equal(["a", "b", "c"], names);
    }

    [Fact]
    public void Should_place_it_elsewhere_when_the_job_avoids_a_host()
    {
        Arrive("h1", 2);
        Arrive("h2", 1);
        board.OnDemand(Demand(1, 2) with { ExcludedHosts = "h1" }, now);

        Assert.Equal(["job 1: 1 on h2 as i1"], Said(Plan()));
        board.OnDemand(Demand(1, 2, version: 2), now);
        Assert.Equal(["job 1: 1 on h1 as i1"], Said(Plan()));
    }

    [Fact]
    public void Should_free_everything_when_a_job_is_gone()
    {
        Arrive("h1", 1);
        board.OnDemand(Demand(1, 0, 1, 0, Held(0, "h1")), now);
        Plan();
        board.OnDemand(Demand(1, 0, 2) with { Gone = true }, now);
        Want(2, 1);

        Assert.Equal(["job 2: 1 on h1 as i1"], Said(Plan()));
    }

    private static WorkerMessages.Attach Host(string name, int slots) => new()
    {
        Host = name,
        Slots = slots,
        Incarnation = "i1",
        BootId = "b1",
        Jobtypes = ["cmdline", "cmdrange"],
        MemoryMegabytes = 1000,
    };

    private static DispatchMessages.Held Held(int instance, string host) => new() { Instance = instance, Host = host, Allocations = "host.processors=1", Incarnation = "i1" };

    private static DispatchMessages.Demand Demand(long job, int wanted, long version = 1, long grantSeen = 0, params DispatchMessages.Held[] holds) => new()
    {
        JobId = new JobId(job),
        Epoch = 1,
        Version = version,
        Wanted = wanted,
        GrantSeen = grantSeen,
        Holds = holds,
        Prototype = "cmdline",
        Reservations = "host.processors=1",
        Priority = 100,
    };

    private void Arrive(string name, int slots)
    {
        board.OnAttach(Host(name, slots), now);
        board.OnLocks(new DispatchMessages.HostLocks { Host = name }, now);
        Plan();
    }

    private void Want(long job, int wanted, long version = 1, int epoch = 1) => board.OnDemand(Demand(job, wanted, version) with { Epoch = epoch }, now);

    private List<object> Plan()
    {
        board.Plan(now);
        var said = board.Outbox.ToList();
        board.Outbox.Clear();
        return said;
    }

    private static IEnumerable<DispatchMessages.Grant> Grants(IEnumerable<object> said) => said.OfType<DispatchMessages.Grant>();

    private static string[] Said(IEnumerable<object> messages) =>
    [
        .. messages.Select(message => message switch
        {
            DispatchMessages.Grant grant => $"job {grant.JobId}: {grant.Allocations.Length} on {grant.Host} as {grant.Incarnation}",
            DispatchMessages.HostArrived arrived => $"job {arrived.JobId}: arrived {arrived.Host} as {arrived.Incarnation}",
            DispatchMessages.HostLost lost => $"job {lost.JobId}: lost {lost.Host}",
            DispatchMessages.YieldParked yield => $"job {yield.JobId}: yield on {yield.Host}",
            HostMessages.HostStateSeen seen => $"host {seen.Host} {seen.State}",
            JobMessages.ControlJob control => $"job {control.JobId}: {control.Verb} {string.Join(',', control.Instances)}",
            _ => message.ToString()!,
        }),
    ];
}
