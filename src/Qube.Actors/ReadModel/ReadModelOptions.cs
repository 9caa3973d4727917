namespace Qube.Actors.ReadModel;

/// <summary>How the read model writes behind the jobs.</summary>
public sealed record ReadModelOptions
{
    /// <summary>How long a change may wait for others to share its transaction. Longer is fewer commits and an older page after a crash;
    /// a query or a flush does not wait for it.</summary>
    public int FlushMilliseconds { get; init; } = 100;

    /// <summary>Rows in one transaction; that many waiting are written at once.</summary>
    public int BatchRows { get; init; } = 500;

    /// <summary>After a write that failed. Everything is kept meanwhile, one row per job.</summary>
    public int RetryMilliseconds { get; init; } = 1000;

    /// <exception cref="ArgumentOutOfRangeException">A value is not positive; the message names it.</exception>
    public ReadModelOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FlushMilliseconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchRows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RetryMilliseconds);
        return this;
    }
}
