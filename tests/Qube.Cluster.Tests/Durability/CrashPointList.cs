using Qube.Actors.Workers;
using Qube.Contracts;

namespace Qube.Cluster.Tests.Durability;

/// <summary>Every crash point there is, and at which of its passes it is armed: in the middle of the work, or at the one pass that there is.</summary>
internal static class CrashPointList
{
    /// <summary>Points that a run of the two jobs passes once or a few times; all others are passed for every frame or so.</summary>
    private static readonly Dictionary<string, int> Passes = new()
    {
        [CrashPointNames.FarmAfterIds] = 1,
        [CrashPointNames.SubmissionBeforeCommit] = 1,
        [CrashPointNames.SubmissionAfterAck] = 1,
        [CrashPointNames.JobBeforeCreated] = 2,
        [CrashPointNames.JobAfterCreated] = 2,
        [CrashPointNames.JobRecovered] = 2,
        [CrashPointNames.CallbacksRecovered] = 2,
        [CrashPointNames.CallbackBeforeScript] = 4,
        [CrashPointNames.CallbackAfterScript] = 4,
    };

    private const int InTheMiddle = 9;

    public static IEnumerable<string> All => [.. CrashPointNames.Supervisor, .. WorkerCrashPoints.All, .. CrashPointNames.Launcher, .. CrashPointNames.BackEnds];

    /// <summary>What <c>QUBE_CRASH_AT</c> is set to.</summary>
    public static string Armed(string point) => $"{point}:{Passes.GetValueOrDefault(point, InTheMiddle)}";
}
