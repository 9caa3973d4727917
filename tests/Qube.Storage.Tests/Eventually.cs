using System.Diagnostics;

namespace Qube.Storage.Tests;

/// <summary>Waits for a condition by asking for it; a timeout says what was expected and what was seen last.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task<T> Get<T>(string expected, Func<Task<T>> look, Func<T, bool> isThere)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isThere(seen))
                return seen;
            if (clock.Elapsed > Limit)
                throw new TimeoutException($"Expected {expected} within {Limit.TotalSeconds} s; last seen: {seen}");
            await Task.Delay(20);
        }
    }
}
