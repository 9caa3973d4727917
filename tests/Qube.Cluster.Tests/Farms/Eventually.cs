using System.Diagnostics;

namespace Qube.Cluster.Tests.Farms;

/// <summary>Waits for a condition by asking for it; a timeout says what was expected and what was seen last.</summary>
internal static class Eventually
{
    /// <summary>For what takes seconds on an idle machine: the limit is for machines that are not.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task<T> Get<T>(string expected, Func<T> look, Func<T, bool> isThere, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var seen = look();
            if (isThere(seen))
            {
                return seen;
            }

            if (clock.Elapsed > (limit ?? Limit))
            {
                throw new TimeoutException($"Expected {expected} within {(limit ?? Limit).TotalSeconds} s; last seen: {seen}");
            }

            await Task.Delay(10);
        }
    }
}
