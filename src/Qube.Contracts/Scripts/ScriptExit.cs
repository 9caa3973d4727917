namespace Qube.Contracts.Scripts;

/// <summary>How a script ended.</summary>
public abstract record ScriptExit
{
    private ScriptExit()
    {
    }

    /// <summary>It ran to its end.</summary>
    public sealed record Completed : ScriptExit;

    /// <summary>An exception ended it, or it could not be started.</summary>
    /// <param name="Exception">The exception's last line (<c>ZeroDivisionError: division by zero</c>); the traceback is in the output.</param>
    public sealed record Failed(string Exception) : ScriptExit;

    /// <summary>It called <c>sys.exit</c> or <c>os._exit</c>. Code 0 is how many scripts end on purpose.</summary>
    public sealed record Exited(int Code) : ScriptExit;

    /// <summary>A signal ended it: 11 is a crash of the interpreter, 9 often the machine's lack of memory.</summary>
    public sealed record Crashed(int Signal) : ScriptExit;

    /// <summary>It was killed at its time limit.</summary>
    public sealed record TimedOut : ScriptExit;

    /// <summary>It was killed for another limit.</summary>
    /// <param name="Reason">Which: <c>over its limit of 64 processes</c>.</param>
    public sealed record Stopped(string Reason) : ScriptExit;
}
