namespace Qube.Contracts.Scripts;

/// <summary>The end of one run of a script.</summary>
/// <param name="Exit">How it ended.</param>
/// <param name="Seconds">From its process's start to its end, without the time in the queue.</param>
/// <param name="OutputBytes">Bytes that it wrote, those beyond the cap included.</param>
public sealed record ScriptOutcome(ScriptExit Exit, double Seconds, long OutputBytes)
{
    /// <summary>True when it ran to its end or left with code 0.</summary>
    public bool IsSuccess => Exit is ScriptExit.Completed or ScriptExit.Exited { Code: 0 };
}
