namespace Qube.Actors.Workers;

/// <summary>One reading of the time, as it is passed to the rules of a worker.</summary>
/// <param name="MonotonicMs">For distances: never jumps.</param>
/// <param name="UnixMs">For what is told to others, and to compare with what the launcher says.</param>
public readonly record struct WorkerClock(long MonotonicMs, long UnixMs)
{
    public static WorkerClock Of(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new WorkerClock(
            (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency)), time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
