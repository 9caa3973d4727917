using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// What crosses <c>DIR/launcher.sock</c>: frames of length (4 bytes, little-endian, of what follows), type (1 byte), body. A launcher
/// may be older than its client (it outlives nodes), so numbers here are for ever; the snapshot states the version.
/// </summary>
internal static class LauncherProtocol
{
    internal const string SocketName = "launcher.sock";
    /// <summary>2 added back ends: their two commands, and the result at the end of <see cref="Ended"/>.</summary>
    internal const int Version = 2, FirstVersion = 1, BackEndsSince = 2;
    internal const int MaxFrameBytes = 64 << 20;

    internal const byte Start = 1, Kill = 2, Signal = 3, Forget = 4, Renew = 5, Shutdown = 6, StartItem = 7, CloseBackEnd = 8;
    internal const byte Snapshot = 64, Started = 65, Ended = 66, Refused = 67, Displaced = 68;

    internal static void WriteSnapshot(ref FrameWriter writer, RunState state)
    {
        var start = writer.BeginFrame(Snapshot);
        writer.Int32(Version);
        writer.Int32(state.Running.Count);
        foreach (var started in state.Running.Values)
        {
            Put(ref writer, started);
        }

        writer.Int32(state.Ended.Count);
        foreach (var ended in state.Ended.Values)
        {
            Put(ref writer, ended);
        }

        writer.EndFrame(start);
    }

    internal static void Write(ref FrameWriter writer, StartedRecord started)
    {
        var start = writer.BeginFrame(Started);
        Put(ref writer, started);
        writer.EndFrame(start);
    }

    internal static void Write(ref FrameWriter writer, EndedRecord ended)
    {
        var start = writer.BeginFrame(Ended);
        Put(ref writer, ended);
        writer.EndFrame(start);
    }

    internal static void WriteRefused(ref FrameWriter writer, LaunchKey key, int epoch, LaunchRefusal reason, int highestEpoch)
    {
        var start = writer.BeginFrame(Refused);
        writer.Key(key);
        writer.Int32(epoch);
        writer.Int32((int)reason);
        writer.Int32(highestEpoch);
        writer.EndFrame(start);
    }

    internal static StartedRecord ReadStarted(ref FrameReader reader) =>
        new(reader.Key(), reader.Int32(), reader.Int32(), reader.Int64(), reader.Int64());

    internal static EndedRecord ReadEnded(ref FrameReader reader, int version) => new(
        reader.Key(), reader.Int32(), (LaunchOutcome)reader.Int32(), reader.Int32(), reader.Int64(), reader.Int64(),
        new LaunchUsage(reader.Int64(), reader.Int64(), reader.Int64()), version >= BackEndsSince ? reader.Text() : "");

    internal static LaunchEvent.Refused ReadRefused(ref FrameReader reader) =>
        new(reader.Key(), reader.Int32(), (LaunchRefusal)reader.Int32(), reader.Int32());

    private static void Put(ref FrameWriter writer, StartedRecord started)
    {
        writer.Key(started.Key);
        writer.Int32(started.Epoch);
        writer.Int32(started.Pid);
        writer.Int64(started.StartTicks);
        writer.Int64(started.UnixMs);
    }

    private static void Put(ref FrameWriter writer, EndedRecord ended)
    {
        writer.Key(ended.Key);
        writer.Int32(ended.Epoch);
        writer.Int32((int)ended.Outcome);
        writer.Int32(ended.Code);
        writer.Int64(ended.StartedUnixMs);
        writer.Int64(ended.EndedUnixMs);
        writer.Int64(ended.Usage.UserMs);
        writer.Int64(ended.Usage.SystemMs);
        writer.Int64(ended.Usage.MaxRssKiB);
        writer.Text(ended.Result);
    }
}
