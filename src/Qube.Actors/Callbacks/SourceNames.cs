using Qube.Contracts;

namespace Qube.Actors.Callbacks;

/// <summary>What the numbers of sources in a callbacks' journal stand for.</summary>
internal static class SourceNames
{
    /// <summary>The persistence id of the log, or the word for what has none.</summary>
    public static string Log(long source) => source switch
    {
        > 0 => Names.Job(new JobId(source)),
        CallbackFold.ClockSource => "clock",
        _ when EventSources.IsHost(source) => "host",
        _ => Names.Farm,
    };
}
