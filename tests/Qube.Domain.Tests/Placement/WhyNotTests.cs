using System.Collections.Immutable;
using Qube.Domain.Expressions;
using Qube.Domain.Placement;
using Xunit;

namespace Qube.Domain.Tests.Placement;

public sealed class WhyNotTests
{
    private static readonly PlacementHost Linux = PlacementHost.WithSlots("linux1", 2) with
    {
        Properties = ImmutableDictionary<string, string>.Empty.Add("host.os", "linux"),
        JobTypes = ["cmdline", "cmdrange"],
        Groups = ["fast"],
        Cluster = "/A",
    };

    private static readonly Demand Job = new() { JobId = 7, Wanted = 1, Prototype = "cmdline" };

    private static IEnumerable<string> Lacks(Demand demand, PlacementHost? host = null) =>
        Planner.WhyNot(demand, host ?? Linux).Select(static lack => lack.Detail);

    [Fact]
    public void Should_lack_nothing_when_the_job_fits()
    {
        Assert.Empty(Lacks(Job));
        Assert.Empty(Lacks(Job with { Groups = ["slow", "fast"], Hosts = ["LINUX1"], Requirements = Needs("host.os = linux and host.processors.avail = 2") }));
    }

    [Fact]
    public void Should_say_each_thing_a_host_lacks()
    {
        PlacementHost busy = Linux with { Resources = Linux.Resources.SetItem(Reservations.Processors, new HostResource(1, 2)) };

        Assert.Equal(["needs host.processors=4, 1 free of 2"], Lacks(Job with { Reservations = Take("host.processors=4") }, busy));
        Assert.Equal(["needs host.processors=1*, 1 free of 2"], Lacks(Job with { Reservations = Take("host.processors=all") }, busy));
        Assert.Equal(["needs host.processors=2, 1 free of 2, 1 locked"], Lacks(Job with { Reservations = Take("host.processors=2") }, Linux with { LockedSlots = 1 }));
        Assert.Equal(["locked", "needs host.processors=1, 0 free of 2, 2 locked"], Lacks(Job, Linux with { LockedSlots = 2 }));
        Assert.Equal(["down"], Lacks(Job, Linux with { IsUp = false }));
        Assert.Equal(["panic"], Lacks(Job, Linux with { IsUp = false, State = "panic" }));
        Assert.Equal(["requirement host.os = osx is false: host.os is linux"], Lacks(Job with { Requirements = Needs("host.os = osx, host.name = linux1") }));
        Assert.Equal(["prototype maya not installed"], Lacks(Job with { Prototype = "maya" }));
        Assert.Equal(["not among the job's hosts"], Lacks(Job with { Hosts = ["other"] }));
        Assert.Equal(["among the hosts the job omits"], Lacks(Job with { OmitHosts = ["linux1"] }));
        Assert.Equal(["the job left this host"], Lacks(Job with { ExcludedHosts = ["linux1"] }));
        Assert.Equal(["in none of the groups slow"], Lacks(Job with { Groups = ["slow"] }));
        Assert.Equal(["in the omitted group fast"], Lacks(Job with { OmitGroups = ["fast"] }));
        Assert.Equal(["cluster /A is outside the job's restrictions /B"], Lacks(Job with { Restrictions = ClusterExpression.Parse("/B").Required() }));
        Assert.Equal(
            ["restricted to /A/+, the job is in /"],
            Lacks(Job, Linux with { Restrictions = ClusterExpression.Parse("/A/+").Required() }));
        Assert.Equal(["no license.maya in the farm"], Lacks(Job with { Reservations = Take("license.maya=1") }));
        Assert.Equal(
            ["needs license.maya=1, 0 free of 5"],
            Planner.WhyNot(Job with { Reservations = Take("license.maya=1") }, Linux, new GlobalResource("license.maya", 5, 5)).Select(static lack => lack.Detail));
    }

    [Fact]
    public void Should_sum_up_all_hosts_in_a_line_when_a_job_waits()
    {
        var board = new PlacementBoard();
        Assert.Equal("no host in the farm", board.Reason(Job));

        board.SetHost(Linux with { IsUp = false });
        board.SetHost(PlacementHost.WithSlots("full", 0) with { JobTypes = ["cmdline"] });
        board.SetHost(PlacementHost.WithSlots("x1", 4));
        board.SetHost(PlacementHost.WithSlots("x2", 4));
        Assert.Equal("2 hosts: prototype cmdline not installed; 1 host: down; 1 host: too little host.processors", board.Reason(Job));

        board.SetHost(Linux);
        Assert.Equal("about to start: 1 host fits", board.Reason(Job));
        Assert.Equal("no host nowhere", Assert.Single(board.WhyNot(Job, "nowhere")).Detail);
    }

    [Theory]
    [InlineData("host.duty.id has 3 and host.duty.user has anna and host.duty = big", true)]
    [InlineData("host.processors.used = 1 and host.processors.avail = 1 and host.processors.total = 2 and host.processors = 1", true)]
    [InlineData("host.name = linux1 and host.cluster = '/A' and fast in host.groups and host.state = active", true)]
    [InlineData("cmdrange in host.jobtypes and host.flag.dedicated = 0 and host.unheard = ''", true)]
    [InlineData("job.id = 7 and job.type = cmdline and job.flag.elite = 0 and job.flag.mail and job.user = bert", true)]
    [InlineData("license.maya.total = 5 and license.maya.used = 2 and license.maya = 3", true)]
    public void Should_answer_every_documented_operand(string requirement, bool expected)
    {
        var board = new PlacementBoard();
        board.SetGlobal(new GlobalResource("license.maya", 5, 2));
        board.SetHost(Linux);
        board.Occupy(new Duty { JobId = 3, User = "anna", Kind = "big" }, "linux1", [new Allocation(Reservations.Processors, 1)]);
        Demand demand = Job with { Requirements = Needs(requirement), Flags = ["mail"], User = "bert" };

        IReadOnlyList<Lack> lacks = board.WhyNot(demand, "linux1");
        Assert.True(lacks.Count == 0 == expected, string.Join("; ", lacks));
    }

    private static Reservations Take(string text) => Reservations.Parse(text).Required();

    private static Expression Needs(string text) => Expression.Parse(text).Required();
}
