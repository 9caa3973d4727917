namespace Qube.Actors.Workers;

/// <summary>How a simulated process goes.</summary>
/// <param name="Duration">Zero ends it within its start.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="UserMs">CPU time it claims to have used, milliseconds.</param>
/// <param name="MaxRssKiB">Memory it claims to have used, KiB.</param>
public readonly record struct SimulatedRun(TimeSpan Duration, int ExitCode = 0, long UserMs = 0, long MaxRssKiB = 0);
