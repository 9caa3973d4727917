namespace Qube.Actions.External;

/// <summary>How often and how soon something outside is tried again.</summary>
public sealed record RetryOptions
{
    /// <summary>Attempts in all; default 8, with the other defaults spread over about ten minutes.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>Seconds before the second attempt, doubled for each further one; default 2.</summary>
    public double FirstWaitSeconds { get; init; } = 2;

    /// <summary>Longest wait between two attempts, seconds; default 300.</summary>
    public double LongestWaitSeconds { get; init; } = 300;

    /// <exception cref="ArgumentException">A value is out of bounds; the message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Attempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Attempts, 1000);
        ArgumentOutOfRangeException.ThrowIfNegative(FirstWaitSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestWaitSeconds, FirstWaitSeconds);
    }

    /// <summary>The wait after an attempt: doubled each time, and between half and all of that by chance, so that what failed together does not
    /// come back together. What the other side asked for, if it is longer, up to the longest.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    /// <param name="askedFor">What the other side asked for, if it did.</param>
    public TimeSpan WaitAfter(int attempt, double chance, TimeSpan? askedFor = null)
    {
        double full = Math.Min(FirstWaitSeconds * Math.Pow(2, Math.Min(attempt - 1, 60)), LongestWaitSeconds);
        double wait = full * (0.5 + (0.5 * chance));
        return TimeSpan.FromSeconds(Math.Min(Math.Max(wait, askedFor?.TotalSeconds ?? 0), LongestWaitSeconds));
    }
}
