namespace Qube.Node.Cli;

/// <summary>How far a job's items are, or its instances where it has no items.</summary>
/// <param name="Complete">Done well.</param>
/// <param name="Failed">Failed or killed.</param>
/// <param name="Running">On a host now.</param>
/// <param name="Total">All of them.</param>
public readonly record struct ItemTally(int Complete, int Failed, int Running, int Total)
{
    /// <summary>Whole percent done; 100 only when all are complete.</summary>
    public int Percent => Total <= 0 ? 0 : (int)(100L * Math.Clamp(Complete, 0, Total) / Total);
}
