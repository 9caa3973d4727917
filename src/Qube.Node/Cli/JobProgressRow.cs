namespace Qube.Node.Cli;

/// <summary>One job as a progress view shows it.</summary>
/// <param name="Id">The job.</param>
/// <param name="Name">Its label or name.</param>
/// <param name="Status">Its status as the API writes it.</param>
/// <param name="Complete">Items complete (instances, for a job without items).</param>
/// <param name="Failed">Items failed or killed.</param>
/// <param name="Running">Items running.</param>
/// <param name="Total">Items in all.</param>
public sealed record JobProgressRow(long Id, string Name, string Status, int Complete, int Failed, int Running, int Total)
{
    internal ItemTally Tally => new(Complete, Failed, Running, Total);
}
