namespace Qube.Contracts;

/// <summary>The names of all <see cref="CrashPoints"/>, so that tests run through every one of them and none is misspelt.</summary>
public static class CrashPointNames
{
    // Supervisor: the order is that of a submission, a job and a callback.

    /// <summary>Ids are issued and on file; nobody was told.</summary>
    public const string FarmAfterIds = "farm-after-ids";

    /// <summary>A submission was found good; nothing of it is on file.</summary>
    public const string SubmissionBeforeCommit = "submission-before-commit";

    /// <summary>It is on file and acknowledged; none of its jobs exists.</summary>
    public const string SubmissionAfterAck = "submission-after-ack";

    /// <summary>A job is about to be written for the first time.</summary>
    public const string JobBeforeCreated = "job-before-created";

    /// <summary>It exists; its process group was not told.</summary>
    public const string JobAfterCreated = "job-after-created";

    /// <summary>A job's life begins, the first or another; its epoch is not on file.</summary>
    public const string JobRecovered = "job-recovered";

    /// <summary>Decided, told to nobody, not on file.</summary>
    public const string JobBeforeCommit = "job-before-commit";

    /// <summary>On file, told to nobody.</summary>
    public const string JobAfterCommit = "job-after-commit";

    /// <summary>The callbacks were told, the workers not.</summary>
    public const string JobAfterPublish = "job-after-publish";

    /// <summary>The workers were told, the frames and the dispatcher not.</summary>
    public const string JobAfterHandout = "job-after-handout";

    /// <summary>The callbacks' life begins; nothing was asked yet.</summary>
    public const string CallbacksRecovered = "callbacks-recovered";

    /// <summary>Fired; the verb was not sent, and nothing is on file.</summary>
    public const string CallbackBeforeVerb = "callback-before-verb";

    /// <summary>The verb was sent; nothing is on file.</summary>
    public const string CallbackAfterVerb = "callback-after-verb";

    /// <summary>The firing is about to be written.</summary>
    public const string CallbackBeforeCommit = "callback-before-commit";

    /// <summary>The firing is on file; what is to be done after it is not begun.</summary>
    public const string CallbackAfterCommit = "callback-after-commit";

    /// <summary>The script is about to run, or the mail or web hook to be sent.</summary>
    public const string CallbackBeforeScript = "callback-before-script";

    /// <summary>The script has ended, or the mail or web hook was sent; that is not on file.</summary>
    public const string CallbackAfterScript = "callback-after-script";

    // Launcher: the order is that of a process's life.

    /// <summary>The intent to start is on file; nothing has been started.</summary>
    public const string LauncherBeforeSpawn = "launcher-before-spawn";

    /// <summary>The process exists and only the intent names it.</summary>
    public const string LauncherAfterSpawn = "launcher-after-spawn";

    /// <summary>The same, with its pid and start time known and about to be written.</summary>
    public const string LauncherBeforeStarted = "launcher-before-started";

    /// <summary>The start is on file and has not been told.</summary>
    public const string LauncherAfterStarted = "launcher-after-started";

    /// <summary>The process is dead and not reaped; its end is about to be written.</summary>
    public const string LauncherBeforeEnded = "launcher-before-ended";

    /// <summary>The end is on file and has not been told; the process is not reaped.</summary>
    public const string LauncherAfterEnded = "launcher-after-ended";

    /// <summary>The same, and the process is reaped.</summary>
    public const string LauncherBeforeEvent = "launcher-before-event";

    /// <summary>A back end gets an item that is not yet on file as taken.</summary>
    public const string LauncherBeforeTaken = "launcher-before-taken";

    /// <summary>It is on file; neither the node nor the back end has heard.</summary>
    public const string LauncherAfterTaken = "launcher-after-taken";

    /// <summary>A back end has reported an item and nothing is on file.</summary>
    public const string LauncherBeforeReported = "launcher-before-reported";

    /// <summary>The report is on file; neither the node nor the back end has heard.</summary>
    public const string LauncherAfterReported = "launcher-after-reported";

    /// <summary>All of the supervisor's.</summary>
    public static IReadOnlyList<string> Supervisor { get; } =
    [
        FarmAfterIds, SubmissionBeforeCommit, SubmissionAfterAck, JobBeforeCreated, JobAfterCreated,
        JobRecovered, JobBeforeCommit, JobAfterCommit, JobAfterPublish, JobAfterHandout,
        CallbacksRecovered, CallbackBeforeVerb, CallbackAfterVerb, CallbackBeforeCommit, CallbackAfterCommit,
        CallbackBeforeScript, CallbackAfterScript,
    ];

    /// <summary>All of the launcher's.</summary>
    public static IReadOnlyList<string> Launcher { get; } =
    [
        LauncherBeforeSpawn, LauncherAfterSpawn, LauncherBeforeStarted, LauncherAfterStarted, LauncherBeforeEnded, LauncherAfterEnded, LauncherBeforeEvent,
    ];

    /// <summary>Those of the launcher that only a back end passes.</summary>
    public static IReadOnlyList<string> BackEnds { get; } = [LauncherBeforeTaken, LauncherAfterTaken, LauncherBeforeReported, LauncherAfterReported];
}
