using System.Text;

namespace Qube.Contracts;

/// <summary>A source log as a number, wherever one stands on the wire or in a journal (src/Qube.Actors/Callbacks/DESIGN.md): a job's is its id,
/// the farm's is 0, a host's is made of its name and below -1. -1 is no log: a clock's strike stands under it in the journal of its callbacks.</summary>
public static class EventSources
{
    public const long Farm = 0;

    public const long Clock = -1;

    /// <summary>In a subscription: every log there is.</summary>
    public const long Every = long.MinValue;

    /// <summary>In a subscription: the log of every host.</summary>
    public const long EveryHost = long.MinValue + 1;

    /// <summary>The number of a host's log: 62 bits of the name's FNV-1a hash. Two names meet once in 10^9 farms of 60,000 hosts.</summary>
    public static long OfHost(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var hash = 14695981039346656037UL;
        foreach (var part in Encoding.UTF8.GetBytes(host))
        {
            hash = (hash ^ part) * 1099511628211UL;
        }

        return -2 - (long)(hash >> 2);
    }

    public static bool IsJob(long source) => source > 0;

    public static bool IsHost(long source) => source is < Clock and > EveryHost;
}
