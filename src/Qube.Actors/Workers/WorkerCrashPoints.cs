namespace Qube.Actors.Workers;

/// <summary>The worker node's named crash points (design.md §4, FAILURE-MODES.md), in the order in which an item passes them.</summary>
public static class WorkerCrashPoints
{
    public const string BeforeLaunch = "worker-before-launch";
    public const string AfterLaunch = "worker-after-launch";
    public const string AfterLaunchEvent = "worker-after-launch-event";
    public const string BeforeReport = "worker-before-report";
    public const string AfterReport = "worker-after-report";

    /// <summary>The job's word that a report is in the journal is here, and nothing came of it yet.</summary>
    public const string AfterRecorded = "worker-after-recorded";
    public const string BeforeForget = "worker-before-forget";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [BeforeLaunch, AfterLaunch, AfterLaunchEvent, BeforeReport, AfterReport, AfterRecorded, BeforeForget];
}
