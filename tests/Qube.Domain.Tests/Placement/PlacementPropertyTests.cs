using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Qube.Domain.Placement;
using Xunit;

namespace Qube.Domain.Tests.Placement;

/// <summary>
/// For any farm and any sequence of changes: nothing is over-committed, nobody is put where they may not be, each host serves the best it
/// can in its own order, and no room is left that somebody could use.
/// </summary>
public sealed class PlacementPropertyTests
{
    public abstract record Change;

    public sealed record HostCame(FarmModel.ModelHost Host) : Change;

    public sealed record HostWent(string Name) : Change;

    public sealed record DemandCame(FarmModel.ModelDemand Demand) : Change;

    public sealed record DemandWent(long Id) : Change;

    public sealed record InstanceEnded(int Which) : Change;

    public sealed record LicencesChanged(int Total) : Change;

    public static class Changes
    {
        public static Arbitrary<Change[]> Lists()
        {
            Gen<Change> change = Gen.Frequency(
                (3, FarmParts.Hosts().Generator.Select(static host => (Change)new HostCame(host))),
                (1, Gen.Choose(0, 5).Select(static number => (Change)new HostWent($"h{number}"))),
                (6, FarmParts.Demands().Generator.Select(static demand => (Change)new DemandCame(demand))),
                (1, Gen.Choose(1, 12).Select(static id => (Change)new DemandWent(id))),
                (6, Gen.Choose(0, 1000).Select(static which => (Change)new InstanceEnded(which))),
                (1, Gen.Choose(0, 4).Select(static total => (Change)new LicencesChanged(total))));
            return Gen.ListOf(change).Select(static list => list.ToArray()).ToArbitrary();
        }
    }

    [Property(Arbitrary = [typeof(FarmParts)], MaxTest = 300)]
    public void Should_place_well_when_planned_at_once(FarmModel.ModelHost[] hosts, FarmModel.ModelDemand[] demands, byte licences)
    {
        var model = new FarmModel { LicenceTotal = licences % 8 };
        foreach (FarmModel.ModelHost host in hosts)
        {
            model.Hosts[host.Name] = host;
        }

        foreach (FarmModel.ModelDemand demand in demands)
        {
            model.Demands[demand.Id] = (demand, demand.Wanted);
        }

        IReadOnlyList<Grant> grants = Planner.Plan(new PlacementView
        {
            Hosts = [.. model.Hosts.Values.Select(static host => host.ToHost())],
            Demands = [.. model.Demands.Values.Select(static entry => entry.Demand.ToDemand())],
            Globals = [new GlobalResource(FarmModel.Licence, model.LicenceTotal, 0)],
        });

        Assert.Null(model.Apply(grants));
        Assert.Null(model.FindUnserved());
    }

    [Property(Arbitrary = [typeof(Changes)], MaxTest = 3000, EndSize = 120)]
    public void Should_place_well_after_every_change(Change[] changes)
    {
        var model = new FarmModel();
        var board = new PlacementBoard();
        board.SetGlobal(new GlobalResource(FarmModel.Licence, 0, 0));
        foreach (Change change in changes)
        {
            Enter(change, model, board);
            string? wrong = model.Apply(board.Plan()) ?? model.FindUnserved();
            Assert.True(wrong is null, $"after {change}: {wrong}");
            Assert.Empty(board.Plan());
            Compare(model, board);
        }
    }

    private static void Enter(Change change, FarmModel model, PlacementBoard board)
    {
        switch (change)
        {
            case HostCame came:
                model.Hosts[came.Host.Name] = came.Host;
                board.SetHost(came.Host.ToHost());
                break;
            case HostWent went:
                Assert.Equal(model.Hosts.Remove(went.Name), board.RemoveHost(went.Name));
                model.Running.RemoveAll(running => running.Host == went.Name);
                break;
            case DemandCame came:
                model.Demands[came.Demand.Id] = (came.Demand, came.Demand.Wanted);
                board.SetDemand(came.Demand.ToDemand());
                break;
            case DemandWent went:
                model.Demands.Remove(went.Id);
                board.RemoveDemand(went.Id);
                break;
            case InstanceEnded ended when model.Running.Count > 0:
                (FarmModel.ModelDemand demand, string host, Grant grant) = model.Running[ended.Which % model.Running.Count];
                model.Running.RemoveAt(ended.Which % model.Running.Count);
                Assert.True(board.Release(demand.Id, host, grant.Allocations));
                break;
            case LicencesChanged licences:
                model.LicenceTotal = licences.Total;
                board.SetGlobal(new GlobalResource(FarmModel.Licence, licences.Total, 0));
                break;
            default:
                break;
        }
    }

    /// <summary>The board's books against the model's, and its explanations against what the model thinks fits.</summary>
    private static void Compare(FarmModel model, PlacementBoard board)
    {
        Assert.Equal(model.Running.Sum(static running => running.Demand.Licences), board.HeldByFarm(FarmModel.Licence));
        foreach (FarmModel.ModelHost host in model.Hosts.Values)
        {
            int slots = host.OutsideUse + model.Running.Where(running => running.Host == host.Name).Sum(static running => running.Demand.Slots);
            Assert.Equal((slots, host.Slots), board.HostUsage(host.Name, "host.processors"));
            foreach ((FarmModel.ModelDemand demand, int left) in model.Demands.Values)
            {
                Assert.Equal(model.Fits(demand, host), board.WhyNot(demand.ToDemand(), host.Name).Count == 0);
                Assert.Equal(left, board.WantedOf(demand.Id));
            }
        }
    }
}
