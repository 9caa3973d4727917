namespace Qube.Domain.Placement;

/// <summary>A demand with what is still wanted of it.</summary>
internal sealed class PendingDemand(Demand demand, DemandGroup group)
{
    public Demand Demand { get; } = demand;

    public DemandGroup Group { get; } = group;

    public int Wanted { get; set; } = demand.Wanted;
}

/// <summary>The order of demands where the host does not matter: elite ones, priority, order, job id.</summary>
internal sealed class DemandOrder(QueueAlgorithm algorithm) : IComparer<PendingDemand>
{
    public int Compare(PendingDemand? x, PendingDemand? y)
    {
        (Demand left, Demand right) = (x!.Demand, y!.Demand);
        int order = right.IsElite.CompareTo(left.IsElite);
        if (order == 0 && algorithm != QueueAlgorithm.Queue)
        {
            order = left.Priority.CompareTo(right.Priority);
            order = order != 0 ? order : left.Order.CompareTo(right.Order);
        }

        return order != 0 ? order : left.JobId.CompareTo(right.JobId);
    }

    /// <summary>The order on one host, where the cluster's rank comes before the priority.</summary>
    public int CompareOn(HostState host, PendingDemand left, PendingDemand right)
    {
        if (algorithm == QueueAlgorithm.Cluster && left.Demand.IsElite == right.Demand.IsElite)
        {
            int order = left.Group.RankOn(host.Facts.Cluster).CompareTo(right.Group.RankOn(host.Facts.Cluster));
            if (order != 0)
            {
                return order;
            }
        }

        return Compare(left, right);
    }
}
