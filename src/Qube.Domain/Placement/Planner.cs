namespace Qube.Domain.Placement;

/// <summary>The whole of placement as one function; the dispatcher uses a <see cref="PlacementBoard"/> and so pays for changes only.</summary>
public static class Planner
{
    /// <summary>Who may start what where, in the order in which it was decided.</summary>
    public static IReadOnlyList<Grant> Plan(PlacementView view) => Board(view).Plan();

    /// <summary>All that keeps a job from a host now; empty when it fits.</summary>
    public static IReadOnlyList<Lack> WhyNot(Demand demand, PlacementHost host, params IEnumerable<GlobalResource> globals)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Board(new PlacementView { Hosts = [host], Globals = [.. globals] }).WhyNot(demand, host.Name);
    }

    private static PlacementBoard Board(PlacementView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var board = new PlacementBoard(view.Algorithm);
        foreach (GlobalResource resource in view.Globals)
        {
            board.SetGlobal(resource);
        }

        foreach (PlacementHost host in view.Hosts)
        {
            board.SetHost(host);
        }

        foreach (Demand demand in view.Demands)
        {
            board.SetDemand(demand);
        }

        return board;
    }
}
