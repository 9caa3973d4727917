using Qube.Contracts;

namespace Qube.Actors.Dispatch;

/// <content>Hosts that were there before this dispatcher was: soft state forgets them, their logs do not.</content>
internal sealed partial class DispatchBoard
{
    /// <summary>Hosts whose logs say that they are up and of which this dispatcher has heard nothing yet.</summary>
    private readonly Dictionary<string, (string BootId, long SinceMs)> expected = new(StringComparer.Ordinal);

    /// <summary>A host's log says what it was when last seen. One that is not heard of now is down, whoever was dispatcher when it left.</summary>
    public void OnHostKnown(EventMessages.HostKnown known, long nowMs)
    {
        if (known.State == "active" && !hosts.ContainsKey(known.Host))
        {
            expected.TryAdd(known.Host, (known.BootId, nowMs));
        }
    }

    /// <summary>Nobody was heard because nobody listened (this process was frozen, or its clock was set): silence begins to count anew. A dispatcher that wakes up when another has
    /// long taken its place would else call every host lost, and what runs there would run twice.</summary>
    /// <param name="forMs">How long it stood still; negative for a clock that was set back.</param>
    /// <param name="nowMs">The time since then.</param>
    public void OnStoodStill(long forMs, long nowMs)
    {
        foreach (var host in hosts.Values)
        {
            host.LastSeenMs = Math.Min(nowMs, host.LastSeenMs + forMs);
        }

        foreach (var (name, (bootId, sinceMs)) in expected.ToArray())
        {
            expected[name] = (bootId, Math.Min(nowMs, sinceMs + forMs));
        }

        foreach (var holds in jobs.Values.Select(job => job.Holds))
        {
            foreach (var (instance, hold) in holds.ToArray())
            {
                holds[instance] = hold with { SinceMs = Math.Min(nowMs, hold.SinceMs + forMs) };
            }
        }
    }

    private void GiveUpExpected(long nowMs)
    {
        foreach (var (name, (bootId, sinceMs)) in expected)
        {
            if (hosts.ContainsKey(name))
            {
                expected.Remove(name);
            }
            else if (nowMs - sinceMs > options.HostSilentSeconds * 1000L)
            {
                expected.Remove(name);
                Outbox.Add(new HostMessages.HostStateSeen { Host = name, State = "down", BootId = bootId, AtMs = nowMs });
            }
        }
    }
}
