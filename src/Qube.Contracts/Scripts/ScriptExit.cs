namespace Qube.Contracts.Scripts;

/// <summary>What ended a script's run.</summary>
public enum ScriptExit
{
    Completed,

    /// <summary>An exception.</summary>
    Failed,

    /// <summary><c>sys.exit</c> or <c>os._exit</c> with a code that is not 0.</summary>
    Exited,

    /// <summary>A signal.</summary>
    Crashed,
    TimedOut,
}
