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
