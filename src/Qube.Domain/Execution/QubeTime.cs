namespace Qube.Domain.Execution;

/// <summary>Qube!'s clock: seconds since 2000-01-01T05:00:00Z (callbacks.md, <c>QB_TIME_EPOCH_OFFSET</c>).</summary>
public static class QubeTime
{
    /// <summary>Unix seconds of Qube!'s second 0; what a job shows that never started.</summary>
    public const long EpochOffsetSeconds = 946_702_800;

    public static long ToUnix(long qubeSeconds) => qubeSeconds + EpochOffsetSeconds;

    public static long FromUnix(long unixSeconds) => unixSeconds - EpochOffsetSeconds;

    public static DateTimeOffset ToDateTime(long qubeSeconds) => DateTimeOffset.FromUnixTimeSeconds(ToUnix(qubeSeconds));

    /// <summary>Whole seconds; fractions are dropped downwards.</summary>
    public static long FromDateTime(DateTimeOffset time) => FromUnix(time.ToUnixTimeSeconds());
}
