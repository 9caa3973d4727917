using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>A start is about to be tried: if nothing follows, a process may exist that no other record names.</summary>
internal sealed record IntentRecord(LaunchKey Key, int Epoch, long UnixMs, long BootTicks);

/// <summary>A process runs. Pid and start time (ticks since boot) together name it.</summary>
internal sealed record StartedRecord(LaunchKey Key, int Epoch, int Pid, long StartTicks, long UnixMs)
{
    internal LaunchEvent.Started ToEvent() => new(Key, Epoch, Pid, UnixMs);
}

/// <summary>A process has ended.</summary>
internal sealed record EndedRecord(
    LaunchKey Key, int Epoch, LaunchOutcome Outcome, int Code, long StartedUnixMs, long EndedUnixMs, LaunchUsage Usage, string Result = "")
{
    internal LaunchEvent.Ended ToEvent() => new(Key, Epoch, Outcome, Code, StartedUnixMs, EndedUnixMs, Usage, Result);
}
