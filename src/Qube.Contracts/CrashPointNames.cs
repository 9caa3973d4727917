namespace Qube.Contracts;

/// <summary>The names of all <see cref="CrashPoints"/>, so that tests run through every one of them and none is misspelt.</summary>
public static class CrashPointNames
{
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

    /// <summary>All of the launcher's.</summary>
    public static IReadOnlyList<string> Launcher { get; } =
    [
        LauncherBeforeSpawn, LauncherAfterSpawn, LauncherBeforeStarted, LauncherAfterStarted, LauncherBeforeEnded, LauncherAfterEnded, LauncherBeforeEvent,
    ];
}
