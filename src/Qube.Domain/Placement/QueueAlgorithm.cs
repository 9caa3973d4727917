namespace Qube.Domain.Placement;

/// <summary>What orders the jobs for a host (scheduling.md §8.1, <c>supervisor_queue_algorithm</c>).</summary>
public enum QueueAlgorithm
{
    /// <summary>Rank of the job's cluster on the host, priority, order, job id.</summary>
    Cluster,

    /// <summary>Priority, order, job id.</summary>
    Priority,

    /// <summary>Job id.</summary>
    Queue,
}
